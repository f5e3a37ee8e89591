"""Asks an examiner over HTTP, within a time and a size; no redirect is followed and no proxy used."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from contextlib import suppress

from studyapp.examiner.examiner import Examiner
from studyapp.examiner.protocol import (
    MOST_BYTES,
    Finding,
    Judged,
    ReplyError,
    Task,
    read_models,
    read_reply,
    request_body,
)
from studyapp.locale.message import Message

SECONDS = 10.0
"""So long an examiner has for one answer."""

_SLOW = Message("no reply within {seconds} seconds")
_UNREACHABLE = Message("it cannot be reached ({why})")
_STATUS = Message("it replied with status {status}")
_TOO_LONG = Message("its reply is longer than {kilobytes} kB")
_UNREADABLE = Message("its reply cannot be used ({why})")
_NO_MODEL = Message("it lists no model: name one with studyapp config examiner_model NAME")

_CHUNK = 16_384
_REFUSED_FORM = (400, 422)
"""Statuses of endpoints that do not know ``response_format``."""


class ExaminerError(Exception):
    """There is no judgement; the message says why."""


def judge(examiner: Examiner, task: Task, seconds: float = SECONDS) -> tuple[Judged, ...]:
    """What the examiner finds of each point of a task. Blocks up to ``seconds``; meant for a thread of its own.

    Raises:
        ExaminerError: it does not answer in time, or nothing that can be used.
    """
    deadline = time.monotonic() + seconds
    try:
        model = examiner.model or _first_model(examiner, deadline, seconds)
        status, reply = _request(examiner, "POST", "/chat/completions", request_body(task, model), deadline, seconds)
        if status in _REFUSED_FORM:
            body = request_body(task, model, as_json=False)
            status, reply = _request(examiner, "POST", "/chat/completions", body, deadline, seconds)
        if status != http.client.OK:
            raise ExaminerError(_STATUS(status=status))
        return read_reply(reply, task)
    except ReplyError as error:
        raise ExaminerError(_UNREADABLE(why=error)) from None


def trial(examiner: Examiner, seconds: float = SECONDS) -> tuple[float, int, int]:
    """Has the examiner judge an answer of which the findings are known: seconds taken, points judged right, points.

    Raises:
        ExaminerError: as `judge`.
    """
    began = time.monotonic()
    found = judge(examiner, TRIAL, seconds)
    right = sum(one.finding is wanted for one, wanted in zip(found, TRIAL_FINDINGS, strict=True))
    return time.monotonic() - began, right, len(found)


TRIAL = Task(
    "What are the capital of France and the largest planet of the solar system, and how many legs has a spider?",
    "Paris; Jupiter; eight.",
    ("the capital of France is Paris", "the largest planet is Jupiter", "a spider has eight legs"),
    "Paris is the capital. A spider has six legs.",
)
TRIAL_FINDINGS = (Finding.SAID, Finding.NOT_SAID, Finding.CONTRADICTED)


def _first_model(examiner: Examiner, deadline: float, seconds: float) -> str:
    status, reply = _request(examiner, "GET", "/models", None, deadline, seconds)
    if status != http.client.OK:
        raise ExaminerError(_STATUS(status=status))
    models = read_models(reply)
    if not models:
        raise ExaminerError(_NO_MODEL())
    return models[0]


def _request(
    examiner: Examiner, method: str, path: str, body: bytes | None, deadline: float, seconds: float
) -> tuple[int, bytes]:
    """Status and body of a reply. A timer ends the connection at the deadline, however slowly the reply drips."""
    scheme, host, port, base = examiner.place
    left = deadline - time.monotonic()
    if left <= 0:
        raise ExaminerError(_SLOW(seconds=f"{seconds:g}"))
    make = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = make(host, port, timeout=left)
    ended = threading.Event()

    def end() -> None:
        ended.set()
        with suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(left, end)
    timer.daemon = True
    timer.start()
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "studyapp"}
    if examiner.key:
        headers["Authorization"] = f"Bearer {examiner.key}"
    try:
        connection.request(method, base + path, body, headers)
        response = connection.getresponse()
        reply = bytearray()
        while chunk := response.read(_CHUNK):
            reply += chunk
            if len(reply) > MOST_BYTES:
                raise ExaminerError(_TOO_LONG(kilobytes=MOST_BYTES // 1024))
        if ended.is_set():
            raise ExaminerError(_SLOW(seconds=f"{seconds:g}"))
        return response.status, bytes(reply)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if ended.is_set() or isinstance(error, TimeoutError):
            raise ExaminerError(_SLOW(seconds=f"{seconds:g}")) from None
        raise ExaminerError(_UNREACHABLE(why=_words(error))) from None
    finally:
        timer.cancel()
        connection.close()


def _words(error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) else ""
    return str(reason or error or type(error).__name__)[:200]


__all__ = ["SECONDS", "TRIAL", "ExaminerError", "judge", "trial"]
