"""The public API of intake. No session: the token of the first answer opens its own emergency and no other."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Status
from ninja.decorators import decorate_view
from ninja.security import HttpBearer

from alerts.devices.rules import HEADER, signer_of
from alerts.emergencies.models import Emergency
from alerts.floods.updates import let_in
from alerts.intake import actions, queries
from alerts.intake.schemas import LARGEST, EmergencyIn, Location
from commandcenter.clock import now
from commandcenter.problems import FieldError, Refusal, problem

Answer = Status[dict[str, Any]]
Decorator = Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]
router = Router(tags=["emergencies"])


def small(most: int = LARGEST, told: Sequence[FieldError] = ()) -> Decorator:
    """413 before a larger body is parsed, with these words for its fields."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def measured(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            declared = request.headers.get("Content-Length", "0")
            known = int(declared) if declared.isascii() and declared.isdigit() else 0
            if known > most or len(request.body) > most:
                return problem(413, "too-large", told)
            return view(request, *args, **kwargs)

        return measured

    return decorate


class CitizenToken(HttpBearer):
    """No token, a wrong one, another emergency's and a wrong number all read "missing"."""

    def __call__(self, request: HttpRequest) -> Emergency:
        """The citizen's own emergency."""
        found: Emergency | None = super().__call__(request)
        if found is None:
            raise Refusal("", _("There is no such emergency."), status=404, code="missing")
        return found

    def authenticate(self, request: HttpRequest, token: str) -> Emergency | None:
        """The emergency in the path, if the token is its own."""
        number = request.resolver_match.kwargs["number"] if request.resolver_match else ""
        return queries.by_token(number, token, world_of(request))


citizen = CitizenToken()


def world_of(request: HttpRequest) -> str:
    """The exercise of the address; "" is live work."""
    exercise: str = request.exercise  # type: ignore[attr-defined]
    return exercise


@router.post("/emergencies", url_name="emergencies", response={201: dict[str, Any], 200: dict[str, Any]})
@decorate_view(small())
def send(request: HttpRequest, payload: EmergencyIn) -> Answer:
    """Ask for help. Answered after COMMIT; the same client_id again gets the same body."""
    device = signer_of(request.headers.get(HEADER, "").encode(), request.body)
    report = replace(payload.as_report(), device=device)
    received = actions.receive(report=report, at=now(), exercise=world_of(request))
    return Status(201 if received.created else 200, queries.first_answer(received))


@router.get("/emergencies/{number}", auth=citizen)
def look(request: HttpRequest, number: str) -> dict[str, Any]:
    """The receipts as they stand, the messages, and whom to call."""
    return queries.citizen_view(request.auth)  # type: ignore[attr-defined]


@router.post("/emergencies/{number}/positions", auth=citizen, response={201: dict[str, Any]})
@decorate_view(small())
def position(request: HttpRequest, number: str, payload: Location) -> Answer:
    """A newer position; the same fix again changes nothing."""
    world, at = world_of(request), now()
    let_in("position", f"{world}/{number}", str(payload.fixed_at), at)
    found = actions.receive_position(number=number, exercise=world, at=at, fix=payload.as_fix())
    return Status(201, {"received_at": queries.stamp(found.received_at)})


@router.post("/emergencies/{number}/cancel", auth=citizen)
def cancel(request: HttpRequest, number: str) -> dict[str, Any]:
    """Mark it cancelled; officers still see it and look."""
    return queries.citizen_view(actions.cancel(number=number, exercise=world_of(request), at=now()))
