"""Scenario files: the real ones are valid, a broken one is refused with the reason."""

import json

import pydantic
import pytest

from alerts.exercises import library
from alerts.exercises.schemas import Scenario


def small(**changes):
    """The shortest scenario."""
    document = {
        "id": "small",
        "name_id": "Kecil",
        "name_en": "Small",
        "about_id": "a",
        "about_en": "a",
        "facts": "none",
        "choices": [],
        "steps": [
            {
                "at": 0,
                "do": "emergency",
                "key": "e1",
                "kind": "panic",
                "lat": 22.4,
                "lon": 114.1,
                "message": "[LATIHAN] x",
            },
            {"at": 1, "do": "take", "emergency": "e1"},
            {"at": 2, "do": "report", "key": "r1", "mission": "kjri-hongkong", "figures": {"wni.dead": 2}},
            {"at": 3, "do": "choose", "report": "r1", "reason": "x"},
        ],
        "checks": {"official": {"wni.dead": 2}, "reconciliation": "incomplete"},
    }
    return document | changes


def with_step(number, **changes):
    document = small()
    document["steps"][number] |= changes
    return document


def test_a_small_scenario_is_valid():
    found = Scenario.model_validate(small())
    assert (found.minutes, found.missions) == (3, ["kjri-hongkong"])


@pytest.mark.parametrize("name", library.names())
def test_every_scenario_of_the_product_is_valid_and_called_like_its_file(name):
    assert library.scenario(name).id == name


def test_an_unknown_scenario_is_none():
    assert library.scenario("../../manage") is None
    assert library.scenario("nothing") is None


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (with_step(0, message="Tolong"), "LATIHAN"),
        (with_step(1, emergency="e9"), "no emergency e9"),
        (with_step(1, at=9), "stands after"),
        (with_step(2, figures={"wni.lost": 2}), "wni.lost"),
        (with_step(2, figures={"wni.dead": -1}), "greater than or equal to 0"),
        (with_step(2, figures={"wni.dead": 2.5}), "integer"),
        (with_step(3, report="r9"), "no report r9"),
        (with_step(0, kind="alien"), "alien"),
        (with_step(0, name="Siti"), "Extra inputs"),
        (with_step(1, do="fly"), "fly"),
        (small(checks={"official": {"wni.dead": 3}, "reconciliation": "closed"}), "the steps end with"),
        (small(checks={"official": {}, "reconciliation": "closed"}), "the steps end with"),
        (small(steps=[]), "at least 1 item"),
    ],
)
def test_a_broken_scenario_is_refused_with_the_reason(document, reason):
    with pytest.raises(pydantic.ValidationError) as refused:
        Scenario.model_validate_json(json.dumps(document))
    assert reason in str(refused.value)


def test_hong_kong_ends_as_the_sources_do():
    found = library.scenario("hk-wangfuk-2025")
    official = found.checks.official
    people = sum(official[f"wni.{state}"] for state in ("dead", "seriously_injured", "missing", "safe"))
    assert people == official["wni.present"] == 140
    assert official["all.dead"] == 156
    assert sum(step.do == "emergency" for step in found.steps) == 12
    assert found.minutes <= 120
