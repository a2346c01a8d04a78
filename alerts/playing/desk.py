"""One person's browser: signing in, pages, forms and JSON, over plain HTTP."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from pypdf import PdfReader

TIMEOUT = httpx.Timeout(20, connect=3)
PROBLEM = re.compile(r'class="(?:error-summary|field-error)".*?</(?:div|p)>', re.DOTALL)
TAGS = re.compile(r"<[^>]+>")


class PlayError(Exception):
    """The play can't go on; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in."""

    role: str
    username: str
    password: str
    mission: str


class Desk:
    """One person's browser: cookies, the CSRF token, and an Origin as a browser sends it."""

    def __init__(self, base: str, transport: httpx.BaseTransport | None = None) -> None:
        self.http = httpx.Client(base_url=base, timeout=TIMEOUT, transport=transport)
        self.origin = "{0.scheme}://{0.netloc}".format(urlsplit(base))

    def sign_in(self, account: Account) -> None:
        """Through the sign-in page."""
        self.get("/login/")
        answer = self.post("/login/", {"login": account.username, "password": account.password}, accept=(200, 302))
        if answer.status_code != 302:
            raise PlayError(
                f"{account.username} can't sign in. Start the server with DCC_DEMO=1 (bin/run does), "
                "and run this with the same DCC_VAR."
            )

    def get(self, address: str) -> str:
        """A page's text."""
        return self._answer("GET", address, (200,)).text

    def printed(self, address: str) -> str:
        """The words of a PDF, with single spaces."""
        sheet = PdfReader(BytesIO(self._answer("GET", address, (200,)).content))
        return " ".join(" ".join(page.extract_text() for page in sheet.pages).split())

    def json(self, address: str) -> Any:
        """A JSON document."""
        return self._answer("GET", address, (200,)).json()

    def post(
        self, address: str, data: dict[str, Any], accept: Iterable[int] = (302,), files: dict[str, Any] | None = None
    ) -> httpx.Response:
        """A form, sent as the page would, with the files chosen in it."""
        head = {
            "X-CSRFToken": self.http.cookies.get("csrftoken", ""),
            "Origin": self.origin,
            "Referer": urljoin(self.origin, address),
        }
        return self._answer("POST", address, tuple(accept), data=data, files=files, headers=head)

    def send(self, address: str, body: dict[str, Any]) -> Any:
        """JSON to the public API."""
        return self._answer("POST", address, (200, 201), json=body).json()

    def _answer(self, method: str, address: str, accept: tuple[int, ...], **more: Any) -> httpx.Response:
        try:
            answer = self.http.request(method, address, **more)
        except httpx.TransportError as error:
            raise PlayError(f"no server answers at {self.origin} ({error}). Start it with bin/run.") from error
        if answer.status_code not in accept:
            raise PlayError(f"{method} {address} was answered {answer.status_code}: {_said(answer)}")
        return answer


def _said(answer: httpx.Response) -> str:
    """The reason in an answer: of a problem document, or of a page's error summary."""
    if "json" in answer.headers.get("content-type", ""):
        errors = answer.json().get("errors") or []
        return "; ".join(f"{error['field']}: {error['en']}" for error in errors) or answer.text[:200]
    found = PROBLEM.search(answer.text)
    return " ".join(TAGS.sub(" ", found[0] if found else answer.text[-400:]).split())[:300]
