"""The web application: addresses and what answers them. Everything is behind `Door`; nothing is loaded from elsewhere.

Documents are named by their sha256 and looked up among those of the run; no part of an address becomes a path.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import AfterValidator, BaseModel

from pipeline.privacy import mask
from pipeline.review import out
from pipeline.review.decisions import Decision
from pipeline.review.desk import Desk
from pipeline.review.door import Door, Session, clean_name
from pipeline.review.facts import BadFact, suggest_places
from pipeline.review.index import ORDERS
from pipeline.review.pages import (
    agreement_page,
    document_page,
    document_part,
    queue_page,
    state_of_work,
    stopping_page,
)
from pipeline.review.pictures import NoPicture, Wanted

HERE = Path(__file__).parent
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def _storable(text: str) -> str:
    text.encode()  # half a surrogate pair cannot be written down; UnicodeEncodeError is a ValueError
    return text


Words = Annotated[str, AfterValidator(_storable)]


class Sent(BaseModel):
    """What the page's scripts may send; what it means is checked where it is used."""

    kind: str = ""
    action: str | None = None
    fact: Words | None = None
    value: dict[str, Words | int | float | bool | None] | None = None
    seen: int | None = None  # number of the last decision that the page showed
    number: int | None = None
    size: int = 0
    reviewer: Words = ""
    blind: bool | None = None


def create_app(desk: Desk, door: Door) -> FastAPI:
    """The application for one run directory. `door.link()` gives the way in."""
    # The interactive documentation of FastAPI would load scripts from elsewhere.
    app = FastAPI(title="xueyang review", docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(door)
    app.exception_handler(RequestValidationError)(_no_sense)
    pages = Pages(desk, door)
    for path, method, answer in pages.routes():
        app.add_api_route(path, answer, methods=[method], response_model=None)
    return app


async def _no_sense(request: Request, error: Exception) -> Response:
    # What was sent is not repeated: it may not be encodable.
    return JSONResponse({"problem": "the program does not understand this request; reload the page"}, 422)


class Pages:
    """One method an address."""

    def __init__(self, desk: Desk, door: Door) -> None:
        self.desk, self.door = desk, door
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters["starred"] = mask
        # Read once: a name in a request is looked up here and never on disk.
        self.static = {f.name: (f.read_bytes(), TYPES[f.suffix]) for f in (HERE / "static").iterdir() if f.is_file()}

    def routes(self) -> list[tuple[str, str, Any]]:
        """Address, method and what answers."""
        return [
            ("/", "GET", self.queue),
            ("/static/{name}", "GET", self.asset),
            ("/documents/{document}", "GET", self.document),
            ("/documents/{document}/part", "GET", self.part),
            ("/documents/{document}/pages/{number}", "GET", self.picture),
            ("/documents/{document}/decide", "POST", self.decide),
            ("/documents/{document}/accept-all", "POST", self.accept_all),
            ("/documents/{document}/undo", "POST", self.undo),
            ("/places", "GET", self.places),
            ("/progress", "GET", self.progress),
            ("/agreement", "GET", self.agreement),
            ("/stopping", "GET", self.stopping),
            ("/sample", "POST", self.sample),
            ("/learn", "POST", self.learn),
            ("/name", "POST", self.name),
            ("/link", "POST", self.link),
            ("/decisions.jsonl", "GET", self.decisions_file),
            ("/history.jsonl", "GET", self.history_file),
        ]

    # pages

    def queue(self, request: Request) -> Response:
        """The list of posts."""
        return self._page(request, "queue.html", queue_page(self.desk, dict(request.query_params)))

    def document(self, request: Request, document: str) -> Response:
        """One post."""
        self._known(document)
        given = dict(request.query_params)
        return self._page(request, "document.html", document_page(self.desk, document, given, self._blind(request)))

    def part(self, request: Request, document: str, after: Annotated[int, Query()] = 0) -> Response:
        """The part of a post that changes, where somebody decided something after decision number `after`."""
        self._known(document)
        made = self.desk.decisions.of_document(document)
        if not made or made[-1].number <= after:
            return Response(status_code=204)
        return JSONResponse(self._answer(request, document))

    def agreement(self, request: Request) -> Response:
        """Where reviewers differ."""
        return self._page(request, "agreement.html", agreement_page(self.desk))

    def stopping(self, request: Request) -> Response:
        """What is probably unseen."""
        return self._page(request, "stopping.html", stopping_page(self.desk))

    # what pages load

    def asset(self, name: str) -> Response:
        """Style sheet and scripts."""
        if name not in self.static:
            raise HTTPException(404)
        content, media_type = self.static[name]
        return Response(content, media_type=media_type)

    def picture(self, document: str, number: int) -> Response:
        """A page of the archived file as PNG."""
        self._known(document)
        try:
            wanted = Wanted.of(self.desk.record(document).source, self.desk.roots)
            return Response(self.desk.studio.picture(wanted, number), media_type="image/png")
        except NoPicture as error:
            raise HTTPException(404, str(error)) from error

    def places(self, document: str, words: str) -> Response:
        """Units of the gazetteer whose name holds the words."""
        self._known(document)
        known = tuple(place.adcode for place in self.desk.record(document).places)
        return JSONResponse(suggest_places(words, known))

    def progress(self) -> Response:
        """The numbers that change as people work."""
        return JSONResponse(state_of_work(self.desk))

    # decisions

    def decide(self, request: Request, document: str, given: Sent) -> Response:
        """One decision on a label, a fact, or a note."""
        self._known(document)
        before = self.desk.decisions.of_document(document)
        try:
            self.desk.decide(document, self._session(request).reviewer, _order(request), given.model_dump())
        except BadFact as error:
            return JSONResponse({"problem": str(error)}, 422)
        except KeyError:
            return JSONResponse({"problem": "this fact is no longer there; the page shows what is"}, 409)
        return JSONResponse(self._answer(request, document) | {"message": self._others(request, given, before)})

    def accept_all(self, request: Request, document: str) -> Response:
        """The label and every fact that nobody judged."""
        self._known(document)
        self.desk.accept_all(document, self._session(request).reviewer, _order(request))
        return JSONResponse(self._answer(request, document) | {"message": "label and all facts accepted"})

    def undo(self, request: Request, document: str, given: Sent) -> Response:
        """Undo one's own last decision here, or the one named."""
        self._known(document)
        done = self.desk.undo(document, self._session(request).reviewer, given.number)
        message = "undone" if done else "nothing of yours to undo here"
        return JSONResponse(self._answer(request, document) | {"message": message})

    def sample(self, request: Request, given: Sent) -> Response:
        """Draw a random sample of what is not yet judged."""
        if not 0 < given.size <= 10_000:
            return JSONResponse({"problem": "a sample has from 1 to 10,000 posts"}, 422)
        if not state_of_work(self.desk)["waiting"]:
            return JSONResponse({"problem": "every post is judged"}, 422)
        self.desk.draw_sample(self._session(request).reviewer, given.size)
        return JSONResponse({"reload": True})

    def learn(self) -> Response:
        """Rank anew from the decisions so far."""
        started = self.desk.learn()
        return JSONResponse({"message": "learning from the decisions" if started else "already learning"})

    def name(self, request: Request, given: Sent) -> Response:
        """Say who is reviewing in this browser, and whether others' decisions are hidden at first."""
        session = self._session(request)
        session.reviewer = clean_name(given.reviewer) or session.reviewer
        if given.blind is not None:
            session.blind = given.blind
        return JSONResponse({"reload": True})

    def link(self, request: Request, given: Sent) -> Response:
        """A one-time link for another browser."""
        path = self.door.link(given.reviewer)
        return JSONResponse({"link": f"http://{request.headers['host']}{path}"})

    # files

    def decisions_file(self) -> Response:
        """Reviewed documents in the annotation form."""
        return _download(out.lines(out.gold_documents(self.desk.decisions)), "decisions.jsonl")

    def history_file(self) -> Response:
        """Every decision ever made."""
        return _download(out.lines(out.history(self.desk.decisions)), "history.jsonl")

    # what they share

    def _session(self, request: Request) -> Session:
        session = self.door.session(request)
        if session is None:  # the door has let nobody in without one
            raise HTTPException(403)
        return session

    def _blind(self, request: Request) -> str | None:
        session = self._session(request)
        return session.reviewer if session.blind else None

    def _known(self, document: str) -> None:
        if document not in self.desk.index.paths:
            raise HTTPException(404, "no such document")

    def _page(self, request: Request, name: str, given: dict[str, Any]) -> Response:
        session = self._session(request)
        return HTMLResponse(self.templates.get_template(name).render(session=session, **given))

    def _answer(self, request: Request, document: str) -> dict[str, Any]:
        """The part of the page that changes, and the numbers."""
        part = document_part(self.desk, document, dict(request.query_params), self._blind(request))
        html = self.templates.get_template("_document.html").render(session=self._session(request), **part)
        boxes = self.templates.get_template("_boxes.html")
        drawn = {str(page): boxes.render(boxes=found) for page, found in part["boxes"].items()}
        where = {"next": part["next"], "previous": part["previous"]}
        return {"html": html, "boxes": drawn, "last": part["last"], "work": state_of_work(self.desk)} | where

    def _others(self, request: Request, given: Sent, before: list[Decision]) -> str:
        """A word where another reviewer decided on the same since the page was last drawn."""
        if given.seen is None:
            return ""
        others = [d for d in before if d.number > given.seen and d.reviewer != self._session(request).reviewer]
        same = [d for d in others if d.kind == given.kind and d.fact in (None, given.fact)]
        return f"{same[-1].reviewer} decided on this meanwhile; both are kept, yours holds" if same else ""


def _order(request: Request) -> str:
    given = request.query_params.get("order", "likely")
    return given if given in {*ORDERS, "sample"} else "likely"


def _download(content: Any, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(content, media_type="application/x-ndjson", headers=headers)
