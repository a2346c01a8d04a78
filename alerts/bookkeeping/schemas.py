"""The ledger as the API gives it: counts and gap, never a person."""

from datetime import datetime

from ninja import Schema


class GapOut(Schema):
    """One reason why it does not close: missing, exceeding or double, and by how many."""

    kind: str
    n: int
    id: str
    en: str


class LedgerCheckOut(Schema):
    """Whether the rows make up everybody registered; `gaps` names each reason."""

    state: str
    gap: int | None
    id: str
    en: str
    gaps: list[GapOut]


class ClaimOut(Schema):
    """A mission's figure that its rows do not bear out: beside the ledger, in no count."""

    key: str
    value: int | None
    high: int | None
    status: str
    source: str
    report: int | None
    as_of: datetime | None
    rows: int


class LineOut(Schema):
    """The one line, in both languages."""

    id: str
    en: str


class LedgerOut(Schema):
    """The ledger of one crisis at one moment; counts are of rows."""

    crisis: str
    at: datetime
    as_of: datetime | None
    registered: int
    counts: dict[str, int]
    claims: list[ClaimOut]
    reconciliation: LedgerCheckOut
    line: LineOut
