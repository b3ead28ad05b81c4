"""Who may come in: one-time links, sessions, and the checks that every request passes.

The server listens on 127.0.0.1 only, but any web page open in the same browser can send requests there. So every
request needs a session cookie that only a one-time link gives; the Host header must be ours (against DNS rebinding);
a request that changes anything needs the session's CSRF token and our own Origin; and the answers forbid the browser
to load or send anything elsewhere.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from threading import Lock

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

log = logging.getLogger(__name__)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
ENTRANCE = "/enter"
LONGEST_BODY = 100_000  # bytes; the largest honest request is a note
LONGEST_NAME = 80
Next = Callable[[Request], Awaitable[Response]]


@dataclass
class Session:
    """One browser that came in by a link."""

    reviewer: str
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    blind: bool = False  # sees others' decisions on a document only after judging it


def clean_name(name: str) -> str:
    """A reviewer's name on one line; empty where nothing is left of it."""
    return " ".join("".join(c for c in name if c.isprintable()).split())[:LONGEST_NAME]


class Door:
    """Links and sessions of one server, in memory: a restart closes every session."""

    def __init__(self, port: int) -> None:
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.cookie = f"xueyang_{port}"  # cookies are shared by all ports of a host
        self._links: dict[str, str] = {}
        self._sessions: dict[str, Session] = {}
        self._lock = Lock()

    def link(self, reviewer: str) -> str:
        """The path of a new link that lets one browser in, once."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._links[token] = clean_name(reviewer) or "reviewer"
        return f"{ENTRANCE}?token={token}"

    def session(self, request: Request) -> Session | None:
        """The session of a request."""
        key = request.cookies.get(self.cookie, "")
        with self._lock:  # another browser may come in meanwhile
            sessions = list(self._sessions.items())
        return next((s for known, s in sessions if compare_digest(known.encode(), key.encode())), None)

    async def __call__(self, request: Request, call_next: Next) -> Response:
        """Middleware: refuse what may not come in, and put the headers on every answer."""
        response = self._refused(request)
        if response is None:
            try:
                response = self._entered(request) if request.url.path == ENTRANCE else await call_next(request)
            except Exception:  # an error of ours must be answered with the same headers
                log.exception("%s %s", request.method, request.url.path)
                response = PlainTextResponse("the program failed on this; please report it", 500)
        response.headers.update(HEADERS)
        return response

    def _refused(self, request: Request) -> Response | None:
        if request.headers.get("host") not in self.hosts:
            return PlainTextResponse("not this host", 421)
        if request.url.path == ENTRANCE and request.method == "GET":
            return None
        session = self.session(request)
        if session is None:
            return PlainTextResponse("Open the link that `xueyang review` printed; it works once.", 403)
        if request.method in {"GET", "HEAD"}:
            return None
        origin = request.headers.get("origin")
        token = request.headers.get("x-csrf-token", "")
        if origin is None or origin.removeprefix("http://") not in self.hosts:
            return PlainTextResponse("not from this page", 403)
        if not compare_digest(token.encode(), session.csrf.encode()):
            return PlainTextResponse("reload the page", 403)
        length = request.headers.get("content-length", "")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            return PlainTextResponse("too long", 413)
        return None

    def _entered(self, request: Request) -> Response:
        with self._lock:
            reviewer = self._links.pop(request.query_params.get("token", ""), None)
        if reviewer is None:
            if self.session(request) is not None:
                return RedirectResponse("/", 303)
            return PlainTextResponse("This link was used already, or is not one; start `xueyang review` again.", 403)
        key = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[key] = Session(reviewer)
        response = RedirectResponse("/", 303)
        response.set_cookie(self.cookie, key, httponly=True, samesite="strict", path="/")
        return response
