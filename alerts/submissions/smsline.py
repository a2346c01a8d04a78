"""The one-line report by SMS (ux.md 4.6), read into figures; pure, and total: every text has a defined answer.

`DCC 17 N187 V41 M2 LB1 LR5 H1 T0 B40 A138 O1 R?` - 17 is the request R-17; N WNI in the area, V dead of every
nationality, then WNI: M dead, LB and LR seriously and slightly injured, H missing, T detained, B not yet reached,
A safe; O authorities contacted (1, 0), R hospitals checked (1 all, 2 some, 0 not yet); `?` is not known and never 0.
`DCC 17 NIHIL`: no WNI affected. `DCC 17 CEK`, or nothing but `?`: being checked. Capitals, order and commas do not
matter. What can't be read is told and left out, never guessed: a half-read line is still a report.
"""

import re
from dataclasses import dataclass, field

from alerts.figures.keys import PRESENT
from alerts.sitreps.actions import LARGEST, Ends
from alerts.sitreps.models import Answer, Category, Checked, Contacted

KEYS = {
    "N": PRESENT,
    "V": f"all.{Category.DEAD}",
    "M": f"wni.{Category.DEAD}",
    "LB": f"wni.{Category.SERIOUSLY_INJURED}",
    "LR": f"wni.{Category.SLIGHTLY_INJURED}",
    "H": f"wni.{Category.MISSING}",
    "T": f"wni.{Category.DETAINED}",
    "B": f"wni.{Category.NOT_REACHED}",
    "A": f"wni.{Category.SAFE}",
}
DOORS = {"NIHIL": Answer.NONE_AFFECTED, "CEK": Answer.CHECKING}
AUTHORITIES = {"1": Contacted.YES, "0": Contacted.NO, "?": Contacted.UNKNOWN}
HOSPITALS = {"1": Checked.ALL, "2": Checked.PARTIAL, "0": Checked.NONE, "?": Checked.UNKNOWN}
LETTERS = {key: letter for letter, key in KEYS.items()}
# What a telephone needs to write the line of a report by itself.
SIGNS = {
    "answer": {answer.value: word for word, answer in DOORS.items()},
    "authorities": {value.value: f"O{sign}" for sign, value in AUTHORITIES.items()},
    "hospitals": {value.value: f"R{sign}" for sign, value in HOSPITALS.items()},
}
LONGEST = 1000

BEGIN = re.compile(r"\s*DCC\s*[:,.]?\s*(?:R\s*-\s*|#)?([0-9]{1,9})(?![0-9])", re.IGNORECASE | re.ASCII)
SEPARATORS = re.compile(r"[\s,;.:/|]+")
# A letter key with its value, perhaps apart ("N 187") or with = or : between. A value ends where no digit follows it,
# so that neither "M1.500" nor "M 1 500" is ever read as 1.
KEY = r"(?:LB|LR|[NVMHTBAOR])"
PAIR = re.compile(
    rf"({KEY})\s*[=:]?\s*([0-9]+(?:-[0-9]+)?|\?)(?!\s*[.,]?\s*[0-9])(?=$|[\s,;.:/|]|{KEY}\s*[=:]?\s*[0-9?])", re.ASCII
)
WORD = re.compile(r"[^\s,;]+(?:[.,][^\s,;]+)*")


@dataclass(slots=True)
class Line:
    """What was read. `unread` are the words that could not be; `request` is a number nobody has checked yet."""

    request: int
    answer: Answer = Answer.FIGURES
    figures: dict[str, Ends] = field(default_factory=dict)
    authorities: str = ""
    hospitals: str = ""
    unread: list[str] = field(default_factory=list)

    @property
    def says_something(self) -> bool:
        """Whether anything but the number of the request was read."""
        return self.answer != Answer.FIGURES or bool(self.figures or self.authorities or self.hospitals)


def is_line(text: str) -> bool:
    """Whether the text means to be a report: it begins with DCC."""
    return text.lstrip()[:3].upper() == "DCC"


def read(text: str) -> Line | None:
    """The line; None when it does not even name its request."""
    text = text[:LONGEST]
    begin = BEGIN.match(text)
    if begin is None:
        return None
    line = Line(int(begin[1]))
    said = _pairs(text[begin.end() :].upper(), line)
    for key, values in said.items():
        if len(values) > 1:
            line.unread += [f"{key}{value}" for value in values]
        else:
            _put(line, key, values[0])
    if said and not line.says_something and not line.unread:
        # Nothing but question marks: not known yet, being checked.
        line.answer = Answer.CHECKING
    if line.answer != Answer.FIGURES and line.figures:
        # "None affected" beside figures contradicts itself: the figures stand, the word is told.
        line.unread.append(next(word for word, door in DOORS.items() if door == line.answer))
        line.answer = Answer.FIGURES
    return line


def _pairs(rest: str, line: Line) -> dict[str, list[str]]:
    """Every key with its different values; words that are none go to `unread`."""
    said: dict[str, list[str]] = {}
    place = 0
    while place < len(rest):
        if gap := SEPARATORS.match(rest, place):
            place = gap.end()
        elif pair := PAIR.match(rest, place):
            values = said.setdefault(pair[1], [])
            value = pair[2] if pair[2] == "?" else "-".join(end.lstrip("0") or "0" for end in pair[2].split("-"))
            if value not in values:
                values.append(value)
            place = pair.end()
        else:
            word = WORD.match(rest, place)
            found = word[0] if word else rest[place]
            place += len(found)
            if found in DOORS and line.answer in {Answer.FIGURES, DOORS[found]}:
                line.answer = DOORS[found]
            else:
                line.unread.append(found)
    return said


def _put(line: Line, key: str, value: str) -> None:
    if key == "O" and value in AUTHORITIES:
        line.authorities = AUTHORITIES[value]
    elif key == "R" and value in HOSPITALS:
        line.hospitals = HOSPITALS[value]
    elif key in KEYS and (ends := _ends(value)):
        line.figures[KEYS[key]] = ends
    elif key in {"O", "R"} or value != "?":
        line.unread.append(f"{key}{value}")


def _ends(value: str) -> Ends | None:
    """2 → (2, None), 2-3 → (2, 3); None for "?" and for what is no count of people."""
    numbers = [int(end) for end in value.split("-") if end.isdigit() and len(end) <= len(str(LARGEST))]
    if not numbers or len(numbers) != value.count("-") + 1 or max(numbers) > LARGEST:
        return None
    if len(numbers) == 1:
        return numbers[0], None
    return (numbers[0], numbers[1]) if numbers[1] > numbers[0] else None


def written(number: int, *, figures: dict[str, Ends], authorities: str = "", hospitals: str = "") -> str:
    """The line that says this."""
    parts = [f"DCC {number}"]
    for letter, key in KEYS.items():
        if key in figures:
            low, high = figures[key]
            parts.append(f"{letter}{low}" if high is None else f"{letter}{low}-{high}")
    parts += [f"O{sign}" for sign, value in AUTHORITIES.items() if value == authorities]
    parts += [f"R{sign}" for sign, value in HOSPITALS.items() if value == hospitals]
    return " ".join(parts)
