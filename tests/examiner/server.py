"""A small endpoint on loopback that speaks chat completions as a test says."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[["Handler", dict[str, Any]], None]


class Handler(BaseHTTPRequestHandler):
    """One request; `Endpoint` holds what was asked."""

    server: Endpoint

    def do_GET(self) -> None:
        self.send(json.dumps({"data": [{"id": name} for name in self.server.models]}).encode())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        self.server.keys.append(self.headers.get("Authorization", ""))
        self.server.reply(self, body)

    def send(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the screen of the tests."""


class Endpoint(ThreadingHTTPServer):
    """The server, what it lists, and what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, reply: Reply, models: tuple[str, ...] = ("small",)) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.reply, self.models = reply, models
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.closing = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, *_: object) -> None:
        """A client that has gone away is part of the tests."""


@contextmanager
def endpoint(reply: Reply, models: tuple[str, ...] = ("small",)) -> Iterator[Endpoint]:
    server = Endpoint(reply, models)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()


def message(content: str) -> bytes:
    """A reply in which the model wrote ``content``."""
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


def says(*entries: tuple[int, str, str]) -> Reply:
    """The model judges so: point, verdict, words."""
    points = [{"point": point, "verdict": verdict, "words": words} for point, verdict, words in entries]
    return lambda handler, _: handler.send(message(json.dumps({"points": points})))


def writes(content: str) -> Reply:
    return lambda handler, _: handler.send(message(content))


def drips(handler: Handler, _: dict[str, Any]) -> None:
    """A byte of a header now and then, for ever."""
    while not handler.server.closing.is_set():
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-More: "[:1])
        handler.wfile.flush()
        time.sleep(0.02)


def pours(handler: Handler, _: dict[str, Any]) -> None:
    """A body without end, as fast as it goes."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.closing.is_set():
        handler.wfile.write(b" " * 65_536)


def is_silent(handler: Handler, _: dict[str, Any]) -> None:
    handler.server.closing.wait(30)
