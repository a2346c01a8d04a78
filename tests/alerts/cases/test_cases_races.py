"""The form's button tapped twice: on PostgreSQL both found no case, and the second was told of a fault on our side."""

import uuid

from alerts.casepublic.actions import open_by_applicant
from alerts.cases.actions import New
from alerts.cases.models import Case, CaseMessage
from commandcenter.events.models import Event
from tests.alerts.duplicates.test_queuework_races import at_once
from tests.conftest import AT

ROUNDS, TAPS = 10, 4


def test_taps_of_one_form_at_once_open_one_case(open_log: None, transactional_db: None) -> None:
    for person in range(ROUNDS):
        said = {"category": "complaint", "text": "Paspor ditahan", "name": "Siti", "phone": f"+6012345{person:04}"}
        new = New(client_id=uuid.uuid4(), **said)

        def tap(new: New = new) -> None:
            open_by_applicant(at=AT, new=new, exercise="", remote="")

        assert at_once([tap] * TAPS) == {200: TAPS}
    assert Case.objects.count() == CaseMessage.objects.count() == ROUNDS
    assert Event.objects.filter(kind="case.opened").count() == ROUNDS
