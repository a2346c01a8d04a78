"""Demonstration accounts: one per role, an officer at each mission of the scenarios; only where DCC_DEMO=1 says so."""

import hashlib
import hmac
from dataclasses import asdict, dataclass

from django.conf import settings

from commandcenter.access.actions import open_account
from commandcenter.access.models import Role

HEADQUARTERS = (
    (Role.OPERATOR, "operator", "Rina Operator"),
    (Role.SUPERVISOR, "supervisor", "Budi Supervisor"),
    (Role.VERIFIER, "verifier", "Sari Verifikator"),
    (Role.SPOKESPERSON, "spokesperson", "Dewi Jubir"),
    (Role.MINISTER, "minister", "Menteri Demo"),
    (Role.AUDITOR, "auditor", "Tono Auditor"),
    (Role.ADMINISTRATOR, "administrator", "Ayu Administrator"),
)
MISSIONS = (
    (Role.AMBASSADOR, "ambassador", "Dubes Demo", "kbri-khartoum"),
    (Role.MISSION_OFFICER, "officer-hongkong", "Maya Hong Kong", "kjri-hongkong"),
    (Role.MISSION_OFFICER, "officer-melbourne", "Adi Melbourne", "kjri-melbourne"),
    (Role.MISSION_OFFICER, "officer-khartoum", "Lina Khartoum", "kbri-khartoum"),
    (Role.MISSION_OFFICER, "officer-sanaa", "Yusuf Sana'a", "kbri-sana-a"),
    (Role.MISSION_OFFICER, "officer-paris", "Nadia Paris", "kbri-paris"),
    (Role.MISSION_OFFICER, "officer-kyiv", "Bayu Kyiv", "kbri-kyiv"),
)


@dataclass(frozen=True, slots=True)
class Account:
    """One line of `manage.py demo_accounts --json`."""

    role: str
    username: str
    password: str
    mission: str

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return asdict(self)


def accounts() -> list[Account]:
    """Every demonstration account; the passwords belong to this installation, by its secret key."""
    home = [Account(role, username, _password(username), "") for role, username, _name in HEADQUARTERS]
    away = [Account(role, username, _password(username), mission) for role, username, _name, mission in MISSIONS]
    return home + away


def open_demo_accounts() -> list[Account]:
    """Make the accounts, or bring them up to date. Raises RuntimeError outside a demonstration."""
    if not settings.DEMO:
        raise RuntimeError("Demonstration accounts exist only with DCC_DEMO=1.")
    names = {username: name for _role, username, name in HEADQUARTERS}
    names |= {username: name for _role, username, name, _mission in MISSIONS}
    for place, account in enumerate(accounts(), 1):
        open_account(
            username=account.username,
            password=account.password,
            name=names[account.username],
            role=Role(account.role),
            mission=account.mission,
            # +999 is given to nobody: no gateway but the recording one is handed such a number.
            phone=f"+9990000{place:04d}",
        )
    return accounts()


def _password(username: str) -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), f"demo:{username}".encode(), hashlib.sha256).hexdigest()
    return f"demo-{digest[:12]}"
