"""The scenario files."""

from pathlib import Path

from alerts.exercises.schemas import Scenario

FOLDER = Path(__file__).parent / "scenarios"


def scenario(name: str) -> Scenario | None:
    """The scenario of this name; None when there is none. Raises pydantic.ValidationError for a broken file."""
    path = FOLDER / f"{name}.json"
    if name not in names():
        return None
    return Scenario.model_validate_json(path.read_text(encoding="utf-8"))


def names() -> list[str]:
    """The names of all scenarios."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def scenarios() -> list[Scenario]:
    """All scenarios, by name."""
    return [found for name in names() if (found := scenario(name)) is not None]
