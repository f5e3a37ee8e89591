"""An endpoint on loopback with good, slow, broken, lying and endless replies: a judgement in time, or words why not."""

from __future__ import annotations

import socket
import time

import pytest

from studyapp.examiner.client import TRIAL, ExaminerError, judge, trial
from studyapp.examiner.examiner import Examiner, examiner_of
from studyapp.examiner.protocol import MOST_BYTES, Finding
from studyapp.settings import Settings, SettingsError, change
from tests.examiner.server import Reply, drips, endpoint, is_silent, pours, says, writes

GOOD = says((1, "said", "Paris is the capital"), (3, "contradicted", "six legs"))


def test_a_good_reply_is_a_judgement_and_the_key_goes_along() -> None:
    with endpoint(GOOD) as server:
        found = judge(Examiner(server.address, "big", "secret"), TRIAL)
        assert [one.finding for one in found] == [Finding.SAID, Finding.NOT_SAID, Finding.CONTRADICTED]
        assert server.asked[0]["model"] == "big" and server.keys == ["Bearer secret"]
        assert trial(Examiner(server.address))[1:] == (3, 3)
        assert server.asked[1]["model"] == "small" and server.keys[1] == ""


def test_an_endpoint_that_does_not_know_the_form_is_asked_without_it() -> None:
    def picky(handler, body):
        if "response_format" in body:
            handler.send(b'{"error": "unknown field"}', 400)
        else:
            GOOD(handler, body)

    with endpoint(picky) as server:
        assert judge(Examiner(server.address, "m"), TRIAL)[0].finding is Finding.SAID
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (is_silent, "within 0.3 seconds"),
        (drips, "within 0.3 seconds"),
        (pours, f"longer than {MOST_BYTES // 1024} kB"),
        (lambda handler, _: handler.send(b"down", 500), "status 500"),
        (lambda handler, _: handler.send(b"", 302), "status 302"),
        (lambda handler, _: handler.send(b"<html>"), "not JSON"),
        (lambda handler, _: handler.wfile.write(b"nonsense\r\n\r\n"), "cannot be reached"),
        (lambda handler, _: handler.connection.shutdown(socket.SHUT_RDWR), "cannot be reached"),
        (writes("I like this answer."), "no judgement"),
    ],
)
def test_any_other_reply_is_words_in_time(reply: Reply, why: str) -> None:
    with endpoint(reply) as server:
        began = time.monotonic()
        with pytest.raises(ExaminerError, match=why):
            judge(Examiner(server.address, "m"), TRIAL, seconds=0.3)
        assert time.monotonic() - began < 5


def test_a_lying_reply_ticks_nothing() -> None:
    with endpoint(says((1, "said", "Berlin"), (2, "said", "Jupiter is huge"))) as server:
        assert {one.finding for one in judge(Examiner(server.address, "m"), TRIAL)} == {Finding.NOT_SAID}


def test_nobody_there_and_no_model_are_said() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(ExaminerError, match="cannot be reached"):
        judge(Examiner(address, "m"), TRIAL)
    with endpoint(GOOD, models=()) as server, pytest.raises(ExaminerError, match="lists no model"):
        judge(Examiner(server.address), TRIAL)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("http://localhost:11434/v1", ("http", "localhost", 11434, "/v1")),
        ("https://models.example/api/v1/", ("https", "models.example", 443, "/api/v1")),
        ("http://[::1]:8080", ("http", "::1", 8080, "")),
    ],
)
def test_an_address_is_taken_apart(address: str, place: tuple[str, str, int, str]) -> None:
    assert Examiner(change(Settings(), "examiner", address).examiner).place == place


@pytest.mark.parametrize(
    "address",
    [
        "localhost:11434",
        "file:///etc/passwd",
        "http://me:secret@host/v1",
        "http://host:99999/",
        "http://a b/",
        "http://",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match="an address such as"):
        change(Settings(), "examiner", address)


def test_the_key_is_named_never_kept() -> None:
    settings = change(change(Settings(), "examiner", "http://localhost/v1"), "examiner_key", "MY_KEY")
    examiner = examiner_of(settings, {"MY_KEY": "sk-1\n"})
    assert examiner is not None and examiner.key == "sk-1" and "sk-1" not in repr(examiner)
    with pytest.raises(SettingsError, match="the name of an environment variable"):
        change(settings, "examiner_key", "sk-proj-1234")
    assert examiner_of(Settings(), {}) is None
