"""Proof of a card: by playing it over many seeds, and by laying out each formula that a learner reads."""

from __future__ import annotations

from functools import partial

from studyapp.cards.card import Card
from studyapp.cards.fields import seen_texts
from studyapp.formula import ExpressionError, budget
from studyapp.grading.draw import DrawError
from studyapp.grading.proof import Problem, Proof
from studyapp.kinds import kind_of
from studyapp.kinds.ask import ask
from studyapp.kinds.drawn_texts import drawn_card, has_drawn_texts
from studyapp.locale.message import Message
from studyapp.render import formulas, has_layout, lost_symbols, unknown_commands

_PLAYING_TAKES_MORE_THAN = Message("playing it takes more than {most_seconds} seconds of computing")
_SEED = Message("seed {seed}: ")
_USES_WHICH_CANNOT_SHOWN = Message("${latex}$ uses {unknown}, which cannot be shown")
_CANNOT_LAID_OUT_ITS = Message("${latex}$ cannot be laid out: its source would be shown")
_WOULD_SHOWN_WITHOUT = Message("${latex}$ would be shown without {lost}")

_DRAWN_SEEDS = 20
"""Draws on which a card is played into whose texts values are filled in."""

MOST_SECONDS = 20.0
"""Computing time for one card; a sound one takes less than one second."""


def prove(card: Card, seeds: int = 200, run_solutions: bool = False) -> tuple[Problem, ...]:
    """What is wrong with a card as ``(code, message)``; empty if nothing is.

    Codes: ``draw`` numbers cannot be drawn; ``right-answer`` the right answer is not graded correct;
    ``misconception`` a declared mistake is not recognised as itself; ``blank`` an empty answer counts; ``text`` hints,
    solution or another text cannot be made; ``expression`` an expression cannot be read or computed; ``variants`` all
    draws are the same; ``budget`` it takes too long.
    """
    kind = kind_of(card)
    proof = Proof(
        seeds,
        partial(kind.grade, card),
        partial(kind.reveal, card),
        run_solutions,
    )
    try:
        ask(card, 1)
        with budget.limited(MOST_SECONDS):
            for seed in range(min(seeds, _DRAWN_SEEDS)) if has_drawn_texts(card) else ():
                filled, _ = drawn_card(card, seed)
                for finding in kind.rules(filled):
                    if finding.severity == "error":
                        proof.add(finding.code, _SEED(seed=seed) + finding.message)
                proof.grade, proof.reveal = partial(kind.grade, filled), partial(kind.reveal, filled)
                kind.prove(filled, proof)
            if not has_drawn_texts(card):
                kind.prove(card, proof)
    except budget.OutOfBudget:
        proof.add("budget", _PLAYING_TAKES_MORE_THAN(most_seconds=f"{MOST_SECONDS:g}"))
    except DrawError as error:
        proof.add("draw", str(error))
    except ExpressionError as error:
        proof.add("expression", error.message)
    return proof.problems


def illegible(card: Card) -> tuple[Problem, ...]:
    """What a terminal cannot show of the card, as ``(code, message)``: formulas not laid out whole, symbols lost."""
    found: dict[Problem, None] = {}
    for text in seen_texts(card):
        for latex in formulas(text):
            unknown = unknown_commands(latex)
            if unknown:
                found[("formula", _USES_WHICH_CANNOT_SHOWN(latex=latex, unknown=", ".join(unknown)))] = None
            elif not has_layout(latex):
                found[("formula", _CANNOT_LAID_OUT_ITS(latex=latex))] = None
            elif lost := lost_symbols(latex):
                found[("formula", _WOULD_SHOWN_WITHOUT(latex=latex, lost=" ".join(lost)))] = None
    return tuple(found)
