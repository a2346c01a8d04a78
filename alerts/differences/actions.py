"""Every change: a named verifier judges a difference plausible, or opens it again; always with a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.crises.models import Crisis
from alerts.crises.queries import hearing
from alerts.differences.models import DifferenceVerdict, Verdict
from alerts.differences.queries import differences
from alerts.differences.rules import may_judge
from alerts.differences.shapes import Item
from commandcenter.access.reader import Reader
from commandcenter.events.record import record
from commandcenter.problems import Refusal, clean_text, filled

LONGEST_REASON = 400


@transaction.atomic
def accept(
    *, actor: Reader, at: datetime, crisis: Crisis, about: str, reason: str, expected_version: int
) -> DifferenceVerdict:
    """Judge a difference that stands plausible ("dinilai wajar"): it leaves the alarm and stays in the history."""
    return _judge(actor, at, crisis, about, reason, expected_version, Verdict.ACCEPTED)


@transaction.atomic
def reopen(
    *, actor: Reader, at: datetime, crisis: Crisis, about: str, reason: str, expected_version: int
) -> DifferenceVerdict:
    """Open a settled difference again: it is back in the alarm."""
    return _judge(actor, at, crisis, about, reason, expected_version, Verdict.REOPENED)


def _judge(
    actor: Reader, at: datetime, crisis: Crisis, about: str, reason: str, expected: int, verdict: Verdict
) -> DifferenceVerdict:
    if not may_judge(actor, crisis):
        raise Refusal("", _("Only a verifier may judge differences."), status=403, code="forbidden")
    why = clean_text(reason, field="reason", max_length=LONGEST_REASON)
    if not why:
        raise Refusal("reason", _("Say why, in a few words."))
    # Behind the crisis's row lock, as reports and choices are: what is judged stands until this is committed.
    locked = Crisis.objects.select_for_update(no_key=True).get(pk=crisis.pk)
    item = _standing(locked, about)
    if item.judged.version != expected:
        raise _overtaken(locked, item)
    if (item.state == "open") is (verdict == Verdict.REOPENED):
        raise Refusal("", _("This difference is in that state already."), status=409, code="conflict")
    return _append(actor, at, locked, item, why, verdict)


def _standing(crisis: Crisis, about: str) -> Item:
    found = next((item for item in differences(crisis) if item.difference.about == about), None)
    if found is None:
        raise Refusal("about", _("This difference no longer stands."), status=409, code="conflict")
    return found


def _overtaken(crisis: Crisis, item: Item) -> Refusal:
    newest = DifferenceVerdict.objects.filter(crisis=crisis, about=item.difference.about).order_by("-version")
    last = newest.select_related("verifier").first()
    name = last.verifier.shown_name if last else "—"
    words = filled(_("%(name)s judged this meanwhile: look at it again."), name=name)
    return Refusal("expected_version", words, status=409, code="conflict")


def _append(
    actor: Reader, at: datetime, crisis: Crisis, item: Item, reason: str, verdict: Verdict
) -> DifferenceVerdict:
    """The next version of the verdict, and its event; the caller holds the lock on the crisis."""
    difference = item.difference
    first, second = difference.reports
    made = DifferenceVerdict.objects.create(
        crisis=crisis,
        about=difference.about,
        kind=difference.kind,
        key=difference.key,
        first=first,
        second=second,
        version=item.judged.version + 1,
        verdict=verdict,
        verifier_id=actor.user_id,
        at=at,
        reason=reason,
    )
    record(
        kind=f"difference.{verdict}",
        object_id=f"{crisis.slug}/{difference.kind}/{difference.key}/{first}/{second}",
        version=made.version,
        at=at,
        actor=actor,
        audiences=hearing(crisis),
        exercise=crisis.exercise,
        data={"verdict": made.pk, "kind": difference.kind, "key": difference.key, "first": first, "second": second},
        crisis=crisis.slug,
    )
    return made
