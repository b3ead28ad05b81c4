"""Start the page: a free port on 127.0.0.1, a link that works once, a browser unless told not to."""

from __future__ import annotations

import contextlib
import getpass
import os
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import uvicorn

from pipeline.batch.where import found, reading
from pipeline.review.app import create_app
from pipeline.review.decisions import Decisions
from pipeline.review.desk import Desk
from pipeline.review.door import Door
from pipeline.review.out import write
from pipeline.review.pictures import roots_of

HOST = "127.0.0.1"


class NoReview(Exception):
    """The page cannot be started; the message says why and what to do."""


def me() -> str:
    """The name of whoever started the program, as far as the system knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in a container
        return "reviewer"


def serve(
    directory: Path,
    *,
    model: Path,
    archive: Path | None = None,
    store_url: str | None = None,
    reviewer: str | None = None,
    port: int = 0,
    browser: bool = True,
    say: Callable[[str], None] = print,
) -> None:
    """Serve the page until interrupted. `say` is told the link. Raises NoReview, NoRun and NoRecords."""
    found(directory, store_url)
    if store_url is None and not os.access(directory, os.W_OK):
        raise NoReview(f"{directory}: decisions cannot be written there; review a copy that may be written")
    listening = _socket(port)
    with reading(directory):
        desk = Desk(directory, model, roots_of(directory, archive), store_url)
    try:
        with reading(directory):
            entries = desk.index.entries
        if not entries:
            raise NoReview(f"{directory}: no records to review")
        desk.learn_when_due()
        door = Door(listening.getsockname()[1])
        config = uvicorn.Config(create_app(desk, door), log_level="error", access_log=False, server_header=False)
        link = f"http://{HOST}:{listening.getsockname()[1]}{door.link(reviewer or me())}"
        say(f"{link}\nThe link works once; stop with Ctrl-C.")
        if browser:  # in a thread: one that runs in the terminal returns when it is closed
            threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # to be stopped is as good as Ctrl-C
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn has shut down in order; it raises the signal again
            uvicorn.Server(config).run(sockets=[listening])
        if desk.decisions.all():
            path, number = write(desk.decisions, directory)
            say(f"judged documents in {path}: {number}")
    except OSError as error:
        raise NoReview(f"{directory}: {error.strerror or error}") from error
    finally:
        desk.close()
        listening.close()


def write_decisions(directory: Path, store_url: str | None = None) -> tuple[Path, int]:
    """Write decisions.jsonl and history.jsonl into the run directory. Raises NoReview, NoRun and NoRecords."""
    found(directory, store_url)
    with reading(directory), closing(Decisions.of(directory, store_url)) as decisions:
        try:
            return write(decisions, directory)
        except OSError as error:
            raise NoReview(f"{directory}: {error.strerror or error}") from error


def _socket(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()  # whoever follows the link before the page is up waits for it
    except OSError as error:
        listening.close()
        raise NoReview(f"port {port}: {error.strerror}; choose another with --port") from error
    return listening
