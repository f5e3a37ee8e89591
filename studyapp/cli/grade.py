"""``studyapp grade``: the verdict on an answer, recording nothing."""

from __future__ import annotations

import sys

import click

from studyapp.cli.completion import card_ids
from studyapp.cli.context import decks_only
from studyapp.cli.failure import Failure
from studyapp.cli.output import json_option, print_json, say
from studyapp.cli.show import language_option, seed_option
from studyapp.locale.message import Message

_CANNOT_ASK = Message("{card} cannot be asked: {why}")

_ANSWER_IS = Message("The answer is {answer}")


@click.command(
    epilog="Example: studyapp grade grad-bce-logit 'a - y'",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("card", shell_complete=card_ids)
@click.argument("answer", type=click.UNPROCESSED)
@seed_option
@language_option
@json_option
@click.pass_context
def grade(ctx: click.Context, card: str, answer: str, seed: int, language: str, as_json: bool) -> None:
    """Print the verdict on ANSWER to variant SEED of CARD. Nothing is recorded.

    An ANSWER of `-` is read from standard input. The exit code is 0 for a right answer and 1 for any other.
    """
    from studyapp.cli.text import verdict_text
    from studyapp.grading.draw import DrawError
    from studyapp.grading.verdict import Outcome
    from studyapp.kinds.ask import ask
    from studyapp.kinds.grade import grade as judge

    if answer == "-":
        answer = sys.stdin.read().removesuffix("\n")
    with decks_only() as bank:
        try:
            question = ask(bank.card(card, language), seed, language)
        except DrawError as error:
            raise Failure(_CANNOT_ASK(card=card, why=error)) from None
        verdict = judge(question, answer)
    if as_json:
        print_json(
            {
                "card_id": card,
                "seed": seed,
                "verdict": verdict.outcome,
                "score": verdict.score,
                "message": verdict.message,
                "misconception": verdict.misconception,
                "read_as": verdict.read_as,
                "reference": verdict.reference,
                "details": verdict.details,
                "position": verdict.position,
            }
        )
    else:
        say(verdict_text(verdict, answer))
        if verdict.reference and verdict.outcome not in (Outcome.CORRECT, Outcome.INVALID, Outcome.SELF_RATED):
            say(_ANSWER_IS.to(language, answer=verdict.reference))
    ctx.exit(0 if verdict.outcome in (Outcome.CORRECT, Outcome.ROUNDED, Outcome.SELF_RATED) else 1)
