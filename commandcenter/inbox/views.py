"""Messages that came in by SMS: those nobody took, one with its text, and the end of it."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from commandcenter.access.gate import DCC_ROLES, allow, reader_from
from commandcenter.audit.actions import log_read
from commandcenter.clock import now
from commandcenter.inbox import queries
from commandcenter.inbox.actions import close_inbound
from commandcenter.problems import Refusal

PER_PAGE = 50


@allow(*DCC_ROLES, live="own")
@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """Messages by SMS that nobody took, then those that were; senders masked, no text."""
    at, reader = now(), reader_from(request)
    context = {
        "unread": queries.unread(reader),
        "closed": Paginator(queries.closed(reader), PER_PAGE).get_page(request.GET.get("page")),
        "at": at,
    }
    page = "_list.html" if request.headers.get("HX-Request") else "list.html"
    return render(request, f"commandcenter/inbox/{page}", context)


@allow(*DCC_ROLES)
@require_GET
def message(request: HttpRequest, number: int) -> HttpResponse:
    """One message with sender and text; reading it is logged."""
    at, reader = now(), reader_from(request)
    found = queries.message_of(reader, number)
    if found is None:
        raise Http404
    log_read(actor=reader, at=at, screen="sms", object_id=found.number)
    return render(request, "commandcenter/inbox/message.html", {"message": found, "at": at})


@allow(*DCC_ROLES)
@require_POST
def done(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody read it and acted."""
    try:
        close_inbound(actor=reader_from(request), at=now(), message_id=number)
    except Refusal as refusal:
        raise Http404 from refusal
    return redirect("inbox:list")
