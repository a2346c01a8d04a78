"""What was typed, put into a call field by field: a wrong one costs nothing but itself, and nothing typed is lost."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from alerts.emergencies.models import Nature
from alerts.hotline import queries, rules
from alerts.hotline.models import LENGTHS, Call, Caller, Safe
from alerts.hotline.rules import Told
from commandcenter.problems import Refusal, clean_text
from missions.directory.queries import directory

TEXTS = ("name", "place", "text")
CODES: dict[str, frozenset[str]] = {
    "caller": frozenset(Caller.values),
    "safe": frozenset({"", *Safe.values}),
    "nature": frozenset(Nature.values) - {Nature.PANIC},
}


def fill(call: Call, told: Told) -> list[Refusal]:
    """Put it into the call, and say what can't be. A wrong number is kept as it was typed, without its digits."""
    wrong: list[Refusal] = []
    try:
        call.phone, call.digits = rules.telephone(told.phone, queries.dial_code(call.mission))
    except Refusal as refusal:
        call.phone, call.digits = rules.kept(told.phone), ""
        wrong.append(refusal)
    known = {**CODES, "country": frozenset({"", *directory().countries})}
    for field in (*TEXTS, *known):
        try:
            setattr(call, field, _read(field, getattr(told, field), known))
        except Refusal as refusal:
            wrong.append(refusal)
    return wrong


def merged(call: Call, told: Told) -> Told:
    """What a second tab sends over what the first one stored: what is empty clears nothing, words are put together."""
    plain = ("phone", "caller", "name", "country", "place", "safe", "nature")
    kept = {field: getattr(told, field) or getattr(call, field) for field in plain}
    old, new = call.text, told.text.strip()
    text = old if new in old else new if old in new else f"{old}\n{new}"
    return replace(told, **kept, text=text)


def _read(field: str, value: str, known: dict[str, frozenset[str]]) -> str:
    if field in TEXTS:
        return clean_text(value, field=field, max_length=LENGTHS[field])
    if value not in known[field]:
        raise Refusal(field, _("Choose one of the listed values."))
    return value
