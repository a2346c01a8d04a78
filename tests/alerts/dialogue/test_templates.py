"""Ready sentences: both languages, filled or not offered."""

import pytest
from django.utils import translation

from alerts.dialogue.templates import BLANKS, ready, rows
from alerts.emergencies.actions import take
from alerts.emergencies.models import Emergency
from commandcenter.access.reader import Reader
from tests.alerts.dialogue.conftest import Make
from tests.conftest import AT


def fresh(emergency: Emergency) -> Emergency:
    return Emergency.objects.select_related("mission").get(pk=emergency.pk)


@pytest.mark.once
def test_every_sentence_says_the_same_in_both_languages_and_fits_one_message() -> None:
    assert len({row["code"] for row in rows()}) == len(rows()) >= 8
    for row in rows():
        assert all(row[f"{what}_{language}"] for what in ("name", "text") for language in ("id", "en")), row["code"]
        assert set(BLANKS.findall(row["text_id"])) == set(BLANKS.findall(row["text_en"])), row["code"]
        assert max(len(row["text_id"]), len(row["text_en"])) <= 300, row["code"]


@pytest.mark.parametrize(("language", "words"), [("id", "nomor"), ("", "nomor"), ("en", "number"), ("EN-gb", "number")])
def test_the_sentence_is_in_the_citizens_language_and_its_name_in_the_officers(
    make: Make, language: str, words: str
) -> None:
    emergency = fresh(make(language=language))
    with translation.override("en"):
        first = ready(emergency)[0]
    assert (first.name, f"{words} {emergency.number}" in first.text) == ("We have it", True)


def test_a_blank_that_nobody_can_fill_is_not_offered(make: Make, operator: Reader) -> None:
    emergency = make()
    assert "next" not in {each.code for each in ready(fresh(emergency))}
    take(actor=operator, number=emergency.number, at=AT)
    [promise] = [each.text for each in ready(fresh(emergency)) if each.code == "next"]
    assert "pukul 04.20 (Hong Kong)" in promise
    nowhere = fresh(make(lat=None))
    assert nowhere.mission is None
    offered = {each.code: each.text for each in ready(nowhere)}
    assert "call" not in offered
    assert "DCC Kemlu" in offered["received"]
    assert not any("{" in text for text in offered.values())
