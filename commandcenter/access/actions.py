"""Every change to accounts."""

from django.db import transaction
from django.db.models import F

from commandcenter.access.models import Membership, Role, User


@transaction.atomic
def open_account(*, username: str, password: str, name: str, role: Role, mission: str = "", phone: str = "") -> User:
    """Make, or bring up to date, one account with its role and mission (a code, "" for headquarters).

    A `phone` of "" leaves the number that somebody may have entered.
    """
    first, _, last = name.partition(" ")
    given = {"first_name": first, "last_name": last, **({"phone": phone} if phone else {})}
    user, made = User.objects.update_or_create(username=username, defaults=given)
    if made or not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    membership = Membership.objects.filter(user=user).first()
    if membership is None or (membership.role, membership.mission) != (role, mission):
        Membership.objects.update_or_create(user=user, defaults={"role": role, "mission": mission})
        User.objects.filter(pk=user.pk).update(auth_epoch=F("auth_epoch") + 1)
    return user
