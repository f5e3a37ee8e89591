"""``studyapp review``: a study session as plain lines, for screen readers, pipes and dumb terminals."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING

import click

from studyapp.cli.completion import deck_names
from studyapp.cli.context import everything, failures_in_words
from studyapp.cli.output import say, talk
from studyapp.locale.message import Message, speaking
from studyapp.settings import LANGUAGES

if TYPE_CHECKING:
    from studyapp.schedule.rating import Rating
    from studyapp.session import Session, Turn
    from studyapp.store.database import Store

_NO_BACKUP = Message("No backup could be made: {why}")
_NOTHING_NOW = Message("Nothing to study right now.")
_TYPE_HELP = Message("Type :help for help.")
_ONLY_LEARNT = Message("Only cards that were just learnt are left for later today.")
_NO_WORD = Message("There is no {word}.")
_ANSWERS, _CARDS = Message("{count} answer", "{count} answers"), Message("{count} card", "{count} cards")
_DONE = Message("{answers} on {cards} in {time}; {right} better than Again. All saved.")
_NEXT_DUE = Message("The next card is due {when}.")
_HELD_BACK = Message(
    "{count} more are left for later days by the daily limits.",
    "{count} more are left for later days by the daily limits.",
)
_HELP_BEGIN = Message("Type your answer and press enter. These words work at every prompt:")
_HELP_END = Message("An answer of several lines (code, a derivation, a text) ends with a line that holds only a dot.")
_WORDS = {
    ":hint": Message("the next hint"),
    ":give-up": Message("show the answer"),
    ":right": Message("count the answer as right"),
    ":undo": Message("take back the last rating"),
    ":flag": Message("flag the card, or unflag it"),
    ":bury": Message("leave the card for another day"),
    ":suspend": Message("take it out of all sessions"),
    ":again": Message("show the question once more"),
    ":quit": Message("leave; what was rated is saved"),
}

_HEAD = Message("--- {phase} · {card} · left: {new} new, {learning} learning, {due} due ---")
_PHASES = {
    "new": Message("new"),
    "learning": Message("learning"),
    "review": Message("review"),
    "relearning": Message("relearning"),
}
_REVEALS = Message("enter reveals > ")
_POINTS = Message("points you had, by number (enter: {suggestion}; 0: none) > ")
_NONE = Message("none")
_TYPE_POINTS = Message("Type numbers from 1 to {count}, or 0 for none.")
_RATE = Message("rate: {ratings} (enter: {suggested}) > ")
_TYPE_RATING = Message("Type 1, 2, 3 or 4, or press enter for the suggestion.")
_LEECH = Message("You keep forgetting {card}. Try rewording it.")
_NO_HINT = Message("There is no further hint.")
_NOT_UNDONE = Message("There is nothing to undo.")
_NOT_REFUSED = Message("There is no refused answer in words to be counted as right.")
_FLAGGED, _UNFLAGGED = Message("Flagged."), Message("No longer flagged.")
_BURIED, _SUSPENDED = Message("Left for another day."), Message("Suspended: it will not be asked any more.")


class Leave(Exception):
    """The learner leaves the session, or the input has come to its end."""


@click.command(epilog="Example: studyapp review classification")
@click.argument("decks", nargs=-1, shell_complete=deck_names)
@click.option("--limit", type=click.IntRange(min=1), help="Stop after so many ratings.")
@click.option("--lang", "language", type=click.Choice(LANGUAGES), help="Language of the cards.")
def review(decks: tuple[str, ...], limit: int | None, language: str | None) -> None:
    """Study today's cards of DECKS in plain lines.

    The same session as in the app: what is rated here is saved at once. `:help` at any prompt lists what can be typed.
    """
    from studyapp.beyond import open_learnt
    from studyapp.fitting import offer

    with everything() as services, failures_in_words():
        session = services.session(decks, language or "")
        try:
            _run(session, limit)
        except Leave:
            pass
        finally:
            _summary(session)
            for opened in open_learnt(services.bank, services.store, services.topics):
                say(str(opened))
            if session.summary().answers and (told := offer(services.store, services.folders.weights)):
                say(told)
            _back_up(services.store)


def _back_up(store: Store) -> None:
    """The copy of the day. What was rated is saved without it, so that its failure is only said."""
    from studyapp.store.errors import StoreError

    try:
        store.daily_backup()
    except StoreError as error:
        talk(_NO_BACKUP(why=error))


def _run(session: Session, limit: int | None) -> None:
    rated = 0
    if session.turn is None:
        say(_NOTHING_NOW())
        return
    talk(_TYPE_HELP())
    while session.turn is not None and (limit is None or rated < limit):
        for notice in session.take_notices():
            talk(notice)
        rated += _turn(session)
    for notice in session.take_notices():
        talk(notice)
    if session.waiting is not None:
        say(_ONLY_LEARNT())


def _turn(session: Session) -> bool:
    """One card from question to rating; whether it was rated (not buried, suspended or replaced by an undo)."""
    from studyapp.cli.text import question_text
    from studyapp.store.errors import AnsweredElsewhere, Fault

    turn = session.turn
    assert turn is not None
    counts = session.counts
    language, phase = turn.question.language, _PHASES[turn.phase]
    head = _HEAD.to(
        language, phase=phase, card=turn.card.id, new=counts.new, learning=counts.learning, due=counts.review
    )
    say(f"\n{head}\n")
    say(question_text(turn.question))
    if not _answer(session, turn):
        return False
    while True:
        typed = _ask(_rating_prompt(session))
        if typed.startswith(":"):
            if _command(session, typed):
                return False
            continue
        rating = _rating(session, typed)
        if rating is None:
            talk(_TYPE_RATING.to(language))
            continue
        try:
            recorded = session.rate(rating)
        except AnsweredElsewhere as error:
            talk(str(error))
            return False
        except Fault as error:
            talk(str(error))
            continue
        if recorded.leech:
            talk(_LEECH.to(language, card=recorded.card_id))
        return True


def _answer(session: Session, turn: Turn) -> bool:
    """Take an answer until one counts and show the verdict; False where the card is gone from the table."""
    from studyapp.cli.text import reveal_text, verdict_text
    from studyapp.grading.verdict import Outcome
    from studyapp.kinds import kind_of

    kind = kind_of(turn.card)
    while True:
        typed = _ask(_REVEALS.to(turn.question.language) if kind.answered_in_head else "> ")
        if typed.strip() == ":give-up":
            verdict = session.give_up()
        elif typed.strip().startswith(":"):
            if _command(session, typed):
                return False
            continue
        else:
            if kind.long_answer(turn.question):
                typed = _rest(typed)
            verdict = session.answer(typed)
        if verdict.outcome is Outcome.SELF_RATED:
            break
        say("\n" + verdict_text(verdict, typed))
        if verdict.outcome is not Outcome.INVALID:
            break
    say("\n" + reveal_text(session.reveal()))
    if verdict.outcome is Outcome.SELF_RATED and verdict.details:
        _tick(session)
    return True


def _tick(session: Session) -> None:
    """Let the learner say which points of the rubric were there."""
    turn = session.turn
    assert turn is not None and turn.verdict is not None
    found = [number for number, detail in enumerate(turn.verdict.details, start=1) if detail.passed]
    language = turn.question.language
    suggestion = " ".join(map(str, found)) or _NONE()
    while True:
        typed = _ask(_POINTS.to(language, suggestion=suggestion)).strip()
        if not typed:
            chosen = set(found)
        else:
            try:
                chosen = {int(part) for part in typed.replace(",", " ").split()} - {0}
                if not chosen <= set(range(1, len(turn.verdict.details) + 1)):
                    raise ValueError
            except ValueError:
                talk(_TYPE_POINTS.to(language, count=len(turn.verdict.details)))
                continue
        session.tick({number - 1 for number in chosen})
        return


def _command(session: Session, typed: str) -> bool:
    """Do what a word with a colon asks for; True where another card is on the table now."""
    word, language = typed.strip(), session.language
    if word == ":hint":
        hint = session.hint()
        say(_hint(hint, language) if hint is not None else _NO_HINT.to(language))
    elif word == ":undo":
        from studyapp.schedule.undone import undone_words

        undone = session.undo()
        say(undone_words(undone.did, undone.card_id, language) if undone else _NOT_UNDONE.to(language))
        return undone is not None
    elif word == ":right":
        say(session.was_right().message if session.may_be_right else _NOT_REFUSED.to(language))
    elif word == ":flag":
        say((_FLAGGED if session.flag() else _UNFLAGGED).to(language))
    elif word in (":bury", ":suspend"):
        leave: Callable[[], None] = session.bury if word == ":bury" else session.suspend
        leave()
        say((_BURIED if word == ":bury" else _SUSPENDED).to(language))
        return True
    elif word == ":again":
        from studyapp.cli.text import question_text

        turn = session.turn
        assert turn is not None
        say(question_text(turn.question, turn.question.hints[: turn.hints_shown]))
    elif word == ":quit":
        raise Leave
    else:
        say(_help() if word == ":help" else f"{_NO_WORD(word=word)}\n{_help()}")
    return False


def _help() -> str:
    """What can be typed at a prompt, two words a line."""
    from studyapp.render.cells import pad

    told = [f"  {pad(word, 11)}{pad(str(meaning), 32)}" for word, meaning in _WORDS.items()]
    lines = [f"{left}{right}".rstrip() for left, right in zip_longest(told[::2], told[1::2], fillvalue="")]
    return "\n".join([_HELP_BEGIN(), *lines, _HELP_END()])


def _rating_prompt(session: Session) -> str:
    from studyapp.locale.durations import short_interval
    from studyapp.schedule.rating import NAMES, Rating

    turn = session.turn
    assert turn is not None
    with speaking(turn.question.language):
        shown = [f"{rating.value} {NAMES[rating]} {short_interval(turn.previews[rating])}" for rating in Rating]
        return "\n" + _RATE(ratings=" · ".join(shown), suggested=NAMES[turn.suggested or Rating.GOOD])


def _rating(session: Session, typed: str) -> Rating | None:
    from studyapp.schedule.rating import NAMES, Rating

    turn = session.turn
    assert turn is not None
    word = typed.strip().lower()
    if not word:
        return turn.suggested or Rating.GOOD
    for rating in Rating:
        if word in (str(rating.value), rating.name.lower(), NAMES[rating].to(turn.question.language)):
            return rating
    return None


def _ask(prompt: str) -> str:
    """One line of input. The prompt is talk: it goes to stderr, so that stdout holds only the session's text."""
    sys.stdout.flush()
    say(prompt, end="", to_person=True)
    line = sys.stdin.readline()
    if not line:
        raise Leave
    return line.rstrip("\r\n")


def _rest(first: str) -> str:
    """The further lines of an answer, up to a line that holds only a dot, or the end of the input."""
    lines = [first]
    while lines[-1].strip() != ".":
        line = sys.stdin.readline()
        if not line:
            return "\n".join(lines)
        lines.append(line.rstrip("\r\n"))
    return "\n".join(lines[:-1])


def _hint(hint: str, language: str) -> str:
    from studyapp.cli.text import hint_text, prose

    return prose(hint_text(hint, language))


def _summary(session: Session) -> None:
    from studyapp.locale.durations import when
    from studyapp.render.duration import stopwatch

    summary = session.summary()
    if summary.answers:
        spent = stopwatch(timedelta(seconds=summary.seconds))
        answers, cards = _ANSWERS(count=summary.answers), _CARDS(count=summary.cards)
        say("\n" + _DONE(answers=answers, cards=cards, time=spent, right=summary.right))
    if summary.next_due is not None:
        say(_NEXT_DUE(when=when(summary.next_due, session.now)))
    if summary.held_back:
        say(_HELD_BACK(count=summary.held_back))
