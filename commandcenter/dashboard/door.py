"""The map's door before Django: who comes with a ticket gets what the API gives a session, in a fifth of the time."""

from django.http import HttpResponse, QueryDict
from pydantic import ValidationError

from commandcenter.access.models import Role
from commandcenter.access.reader import Reader
from commandcenter.access.sockets import Grant, holds
from commandcenter.dashboard.api import shown
from commandcenter.dashboard.schemas import ViewIn
from commandcenter.events.audiences import parts_of
from commandcenter.live.views import forbidden
from commandcenter.problems import Refusal, field_errors, problem, refusal_problem
from commandcenter.sockets.doors import Door
from commandcenter.sockets.reading import OwnThread

# The right of an audience, whoever's it is: the map asks no more of a role.
ROLES = {"dcc": Role.OPERATOR, "mission": Role.MISSION_OFFICER, "summary": Role.MINISTER}
# Two: a view that must be counted row by row holds up no other.
views = OwnThread("map", threads=2)


async def _clusters(grant: Grant, asked: QueryDict, known: str) -> HttpResponse:
    return await views.run(_answer, grant, asked, known)


def _answer(grant: Grant, asked: QueryDict, known: str) -> HttpResponse:
    if not holds(grant):
        return forbidden()
    exercise, base, mission = parts_of(grant.audience)
    reader = Reader(grant.user_id, "", ROLES[base], mission, exercise)
    try:
        return shown(reader, ViewIn.model_validate(asked.dict()), asked, known)
    except ValidationError as error:
        return problem(422, "invalid", field_errors(error.errors(include_url=False)))
    except Refusal as refusal:
        return refusal_problem(refusal)


clusters = Door("/api/v1/map/clusters", _clusters)
