"""The citizen's page."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from alerts.emergencies.models import Nature
from alerts.intake import actions, queries
from alerts.intake.schemas import EmergencyIn
from commandcenter import wording
from commandcenter.access.gate import public
from commandcenter.clock import now
from commandcenter.problems import Refusal

PAGE_NATURES = (Nature.MEDICAL, Nature.ACCIDENT, Nature.VIOLENCE, Nature.DETENTION, Nature.DISASTER)
OPTIONAL = ("kind", "country", "place", "message", "phone", "name")


# Exempt like the API: a browser that keeps no cookies asks for help too, and no session is used here.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@public
def sos(request: HttpRequest) -> HttpResponse:
    """Hold two seconds for help; no sign-in. The form posted without JavaScript is answered with its receipt."""
    if request.method == "POST":
        received = _received(request)
        context = {"answer": queries.first_answer(received), "received_at": received.received_at}
        return render(request, "alerts/intake/received.html", context)
    context = {
        "natures": [(nature.value, nature.label) for nature in PAGE_NATURES],
        "countries": queries.countries(),
        "client_id": uuid4(),
    }
    return render(request, "alerts/intake/sos.html", context)


def _received(request: HttpRequest) -> queries.Received:
    """Stored without the fields that are refused and with all others: a bad field costs itself, never the rest."""
    at, world = now(), request.exercise  # type: ignore[attr-defined]
    least = {"client_id": uuid4(), "pressed_at": at, "kind": Nature.PANIC}
    given: dict[str, object] = {name: request.POST[name] for name in ("client_id", *OPTIONAL) if request.POST.get(name)}
    given |= {"language": wording.language(), "silent": "silent" in request.POST}
    while True:
        try:
            report = EmergencyIn.model_validate(least | given).as_report()
            return actions.receive(report=report, at=at, exercise=world)
        except ValidationError as error:
            refused = {str(item["loc"][0]) for item in error.errors() if item["loc"]}
        except Refusal as refusal:
            refused = {refusal.error.field}
        if not refused & given.keys():
            raise RuntimeError(f"an emergency of nothing but {sorted(least)} was refused")
        given = {name: value for name, value in given.items() if name not in refused}
