"""A fault of the app in recording or scheduling: told, kept in a file, nothing recorded, and on it goes."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from studyapp.__main__ import run
from studyapp.schedule.memory import Scheduler
from studyapp.schedule.rating import Rating
from studyapp.store import log, states
from studyapp.store.errors import Fault
from tests.desk import Desk, recall_deck


def broken(*_: Any, **__: Any) -> Any:
    raise AttributeError("a fault of the app")


@pytest.mark.parametrize(
    ("owner", "name"), [(Scheduler, "answer"), (log, "append"), (states, "write_state"), (states, "write_result")]
)
def test_a_fault_in_recording_an_answer_records_nothing_and_leaves_the_turn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str
) -> None:
    desk.write_deck("a", recall_deck("a", 2))
    services = desk.open()
    session = services.session()
    session.give_up()
    before = session.turn
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, broken)
        with pytest.raises(Fault, match=r"AttributeError.*Nothing was recorded"):
            session.rate(Rating.GOOD)
    assert services.store.is_empty() and session.turn is before
    assert "a fault of the app" in desk.folders.faults.read_text("utf-8")
    session.rate(Rating.GOOD)
    assert len(services.store.history("a-0")) == 1


@pytest.mark.parametrize("act", ["bury", "suspend", "flag", "undo"])
def test_a_fault_in_a_mark_or_an_undo_records_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    desk.write_deck("a", recall_deck("a", 2))
    services = desk.open()
    session = services.session()
    session.give_up()
    session.rate(Rating.GOOD)
    monkeypatch.setattr(log, "append", broken)
    with pytest.raises(Fault):
        getattr(session, act)()
    assert len(services.store.all_answers()) == 1


def test_a_fault_after_recording_keeps_what_was_recorded_and_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write_deck("a", recall_deck("a", 2))
    services = desk.open()
    session = services.session()
    session.give_up()
    monkeypatch.setattr("studyapp.schedule.queue.Queue.answered", broken)
    assert session.rate(Rating.GOOD).card_id == "a-0"
    assert session.turn is None and "All that was rated is saved" in session.take_notices()[0]
    assert len(services.store.all_answers()) == 1


def test_a_fault_in_looking_ahead_is_no_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write_deck("a", recall_deck("a", 1))
    session = desk.open().session()
    monkeypatch.setattr(Scheduler, "preview", broken)
    assert session.turn is not None and set(session.turn.previews) == set(Rating)
    assert not any(session.turn.previews.values())
    assert "looking ahead" in desk.folders.faults.read_text("utf-8")


def test_plain_lines_go_on_after_a_fault(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.write_deck("a", recall_deck("a", 2))
    monkeypatch.setattr("studyapp.folders.content_folder", lambda: desk.folders.content)
    monkeypatch.setenv("STUDYAPP_HOME", str(desk.folders.home))
    real, calls = states.write_state, []

    def fails_once(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) == 1:
            broken()
        real(*arguments)

    monkeypatch.setattr(states, "write_state", fails_once)
    monkeypatch.setattr(sys, "stdin", io.StringIO(":give-up\n3\n3\n:give-up\n3\n"))
    assert run(["review"]) == 0
    out, err = capsys.readouterr()
    assert err.count("Nothing was recorded") == 1 and "2 answers on 2 cards" in out


def test_a_plan_that_fails_leaves_the_session_what_is_due(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write_deck("a", recall_deck("a", 2))
    services = desk.open()

    class Planner:
        present = (1,)
        plan = broken

    monkeypatch.setattr(type(services), "planner", lambda _self: Planner())
    session = services.session()
    assert session.turn is not None and "plan of the day" in session.take_notices()[0]
    session.give_up()
    session.rate(Rating.GOOD)
    assert session.turn is not None and session.take_notices() == ()
