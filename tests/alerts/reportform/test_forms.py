"""The shape of the report form."""

import uuid
from datetime import timedelta

import pytest

from alerts.reportform.forms import ReportForm


def filled(**given) -> ReportForm:
    return ReportForm({"client_id": str(uuid.uuid4()), "answer": "figures", **given})


@pytest.mark.parametrize(("typed", "value"), [("0", 0), ("7", 7), (" 12 ", 12), ("007", 7), ("10000000", 10_000_000)])
def test_digits_are_a_number(typed, value, at):
    form = filled(wni_dead=typed)
    assert form.is_valid()
    assert form.told(at)["figures"] == {"wni.dead": (value, None)}


@pytest.mark.parametrize(
    "typed",
    [
        "1.500",
        "1,500",
        "１２",
        "-1",
        "+1",
        "1e3",
        "0x10",
        "1 500",
        "١٢",
        "²",
        "a",
        "1\x00",
        "10000001",
        "9" * 5000,
        "NaN",
    ],
)
def test_what_is_not_digits_is_refused_beside_its_field_and_kept(typed):
    form = filled(wni_dead=typed, wni_missing="3")
    assert not form.is_valid()
    assert list(form.errors) == ["wni_dead"]
    assert (form["wni_dead"].value(), form["wni_missing"].value()) == (typed, "3")


@pytest.mark.parametrize("typed", ["2-3", "2–3", " 2 - 3 "])
def test_two_numbers_with_a_dash_are_a_range(typed, at):
    form = filled(wni_dead=typed)
    assert form.is_valid()
    assert form.told(at)["figures"] == {"wni.dead": (2, 3)}


@pytest.mark.parametrize("typed", ["3-2", "2-2", "2-", "-2", "2--3", "2-3-4", "2-10000001"])
def test_what_is_no_rising_range_is_refused(typed):
    assert list(filled(wni_dead=typed).errors) == ["wni_dead"]


def test_an_untouched_figure_is_null_and_not_zero(at):
    form = filled(wni_dead="", wni_missing="  ", wni_safe="0")
    assert form.is_valid()
    assert form.told(at)["figures"] == {"wni.safe": (0, None)}


def test_figures_typed_behind_another_door_are_not_sent(at):
    for door in ("none_affected", "checking"):
        form = filled(answer=door, wni_dead="3")
        assert form.is_valid()
        assert form.told(at)["figures"] == {}


def test_as_of_is_now_or_a_chip_before_now(at):
    for ago, minutes in (("", 0), ("0", 0), ("5", 5), ("15", 15), ("60", 60)):
        form = filled(ago=ago, wni_dead="1")
        assert form.is_valid()
        assert form.told(at)["as_of"] == at - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("field", "value"),
    [("client_id", "x"), ("client_id", ""), ("client_id", "\x00"), ("answer", ""), ("answer", "maybe"), ("ago", "7"),
     ("authorities", "perhaps"), ("hospitals", "\x00"), ("source", "friend"), ("note", "x" * 1001), ("note", "a\x00"),
     ("replaces", "-1"), ("replaces", "99999999999999999999"), ("replaces", "x")],
)  # fmt: skip
def test_every_other_field_refuses_what_it_does_not_know(field, value):
    form = filled(**{"wni_dead": "1", field: value})
    assert not form.is_valid()
    assert field in form.errors


def test_each_page_has_a_client_id_of_its_own():
    assert ReportForm()["client_id"].value() != ReportForm()["client_id"].value()
