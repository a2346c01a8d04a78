"""kill -9 of the sender in the middle of 200 messages: nothing is never sent, and no double goes uncounted (A9)."""

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from commandcenter.access.models import User
from commandcenter.clock import now
from commandcenter.events.models import Event
from commandcenter.gateways import sms
from commandcenter.gateways.sending import send_due
from commandcenter.outbox.actions import queue
from commandcenter.outbox.models import Channel, Outgoing
from commandcenter.outbox.tasks import end_leases
from tests.journeys.running import ROOT, until

MANY, KILLS = 200, 8
# Sends for ever, a little slower than it could, as a gateway across a network is.
SENDER = """
import time, django
django.setup()
from django.conf import settings
from django.db import connections
settings.VAR, settings.SMS = {folder!r}, "recording"
for database in connections.databases.values():
    database["NAME"] = {database!r}
from commandcenter.gateways import sms
from commandcenter.gateways.sending import send_due
from commandcenter.outbox.models import Channel
carry = sms.Recording.carry
def slow(self, letter):
    time.sleep(0.002)
    result = carry(self, letter)
    time.sleep(0.002)
    return result
sms.Recording.carry = slow
while True:
    if not send_due(Channel.SMS):
        time.sleep(0.02)
"""


def _sender(folder: Path) -> "subprocess.Popen[bytes]":
    script = SENDER.format(folder=str(folder), database=str(connection.settings_dict["NAME"]))
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "commandcenter.settings"}
    return subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=env)


def _sent() -> Counter[str]:
    path = sms.recorded()
    lines = path.read_text().splitlines() if path.exists() else []
    return Counter(json.loads(line)["ref"] for line in lines)


def _kill_in_the_middle(folder: Path, chance: random.Random) -> int:
    """Kill senders between two messages and within one, until nothing is left; how often."""
    kills = 0
    while Outgoing.objects.filter(state="queued").exists():
        before, sender = len(_sent()), _sender(folder)
        try:
            goal = min(before + chance.randint(5, 30), MANY)
            until(
                lambda goal=goal: len(_sent()) >= goal or not Outgoing.objects.filter(state="queued").exists(),
                60,
                "the sender sends",
                pause=chance.uniform(0.001, 0.006),
            )
        finally:
            sender.send_signal(signal.SIGKILL)
            sender.wait(20)
        kills += 1
        if kills >= KILLS:
            while send_due(Channel.SMS):
                pass
    return kills


@pytest.mark.faults
@pytest.mark.parametrize("life_safety", [True, False])
def test_a_killed_sender_loses_no_message_and_doubles_none_uncounted(
    open_log: None, transactional_db: None, settings: Any, tmp_path: Path, life_safety: bool
) -> None:
    settings.VAR, settings.SMS = tmp_path, "recording"
    seed = int(os.environ.get("DCC_SEED", random.SystemRandom().randint(1, 10**9)))
    officer = User.objects.create(username="petugas", phone="+6281100000001")
    for number in range(MANY):
        queue(
            key=str(number),
            channel=Channel.SMS,
            recipient=officer.pk,
            text="Laporan diminta",
            about="R-1",
            life_safety=life_safety,
            at=now(),
        )
    kills = _kill_in_the_middle(tmp_path, random.Random(seed))
    # The leases of the killed end; the database's clock is ours, so they are ended at a later moment.
    later = now() + timedelta(seconds=31)
    while end_leases(later):
        while send_due(Channel.SMS, clock=lambda: later):
            pass
    sent = _sent()
    states = Counter(Outgoing.objects.values_list("state", flat=True))
    doubles, repeats = sum(n - 1 for n in sent.values()), Outgoing.objects.filter(repeats=1).count()
    never = set(map(str, Outgoing.objects.exclude(state="unknown").values_list("client_ref", flat=True))) - set(sent)
    kind = "life-safety" if life_safety else "routine"
    print(f"A9 {kind}: |T| {MANY} kills {kills} {dict(states)} repeats {repeats} doubles {doubles} seed {seed}")
    assert states.total() == MANY
    assert never == set()
    if life_safety:
        assert states == {"accepted": MANY}
        assert doubles <= repeats <= kills
        assert Event.objects.filter(kind="delivery.repeated").count() == repeats
    else:
        assert doubles == repeats == 0
        assert states["unknown"] <= kills


@pytest.mark.faults
def test_without_the_lease_a_killed_senders_messages_would_be_lost(
    open_log: None, transactional_db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant: nobody ends leases. What a killed sender held stays "being sent" for ever."""
    settings.VAR, settings.SMS = tmp_path, "recording"
    officer = User.objects.create(username="petugas", phone="+6281100000001")
    given = {"channel": Channel.SMS, "recipient": officer.pk, "text": "x", "about": "R-1", "life_safety": True}
    queue(key="1", at=now(), **given)

    def dies(_self: object, _letter: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sms.Recording, "carry", dies)
        with pytest.raises(KeyboardInterrupt):
            send_due(Channel.SMS)
    later = now() + timedelta(seconds=31)
    assert send_due(Channel.SMS, clock=lambda: later) == 0
    assert Outgoing.objects.get().state == "sending"
    assert end_leases(later) == 1
    assert send_due(Channel.SMS, clock=lambda: later) == 1
