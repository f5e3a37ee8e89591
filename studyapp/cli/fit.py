"""``studyapp fit``: weights of FSRS that fit the learner's own answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from studyapp.cli.context import everything
from studyapp.cli.failure import Failure
from studyapp.cli.output import json_option, long_work, print_json, say, talk
from studyapp.locale.message import Message

if TYPE_CHECKING:
    from studyapp.own_weights import History
    from studyapp.planning.fit import Fitted
    from studyapp.services import Services

_FITTING, _REPLAYING = Message("Fitting"), Message("Replaying the states")
_STEPS, _CARDS = Message("steps"), Message("entries")
_TOO_FEW = Message(
    "There are too few reviews to fit anything: at least {fewest} on a later day than the answer before are needed."
)
_LATER = Message(
    "Log loss of the latest fifth of {count} reviews: {before} by the weights in use, "
    "{after} by those fitted to the rest."
)
_BETTER = Message("That is {percent} % less.")
_NOT_BETTER = Message("The weights in use predict it as well or better: nothing is changed.")
_TAKEN = Message(
    "The fitted weights hold from now on, and all states are replayed with them. `studyapp fit --undo` goes back."
)
_DRY = Message("Nothing was changed: without --dry-run they would be taken.")
_UNDONE, _PUBLISHED = Message("The weights before hold again."), Message("The published weights hold again.")
_NOTHING_TO_UNDO = Message("No weights of your own are in use.")
_NOT_SAVED = Message("The weights cannot be saved: {why}. Nothing was changed.")


@click.command(epilog="Example: studyapp fit --dry-run")
@click.option("--undo", is_flag=True, help="Go back to the weights before the newest fit.")
@click.option("--dry-run", is_flag=True, help="Say what would be gained and change nothing.")
@json_option
def fit(undo: bool, dry_run: bool, as_json: bool) -> None:
    """Fit the weights of the scheduler (FSRS-6) to your own answers.

    They are taken only where weights fitted to the earlier part of your log predict the later part better than those in
    use. Due days stay as they are; the next intervals follow the new weights.
    """
    from studyapp.fitting import fitted
    from studyapp.own_weights import load
    from studyapp.planning.fit import FEWEST_REVIEWS

    with everything() as services:
        history = load(services.folders.weights)
        if undo:
            _undo(services, history)
            return
        with long_work(_FITTING(), _STEPS()) as progress:
            found = fitted(services.store, progress)
        if found is None:
            talk(_TOO_FEW(fewest=FEWEST_REVIEWS))
            return
        if as_json:
            print_json({"reviews": found.reviews, "weights": found.weights, "later_loss": found.later_loss,
                        "later_loss_before": found.later_loss_before, "better": found.is_better})  # fmt: skip
        else:
            _tell(found)
        if not found.is_better:
            return
        if dry_run:
            talk(_DRY())
            return
        _take(services, history, found)


def _tell(found: Fitted) -> None:
    say(_LATER(count=found.reviews, before=f"{found.later_loss_before:.4f}", after=f"{found.later_loss:.4f}"))
    if found.is_better:
        say(_BETTER(percent=f"{100 * (1 - found.later_loss / found.later_loss_before):.1f}"))
    else:
        say(_NOT_BETTER())


def _take(services: Services, history: History, found: Fitted) -> None:
    from studyapp.fitting import take

    with long_work(_REPLAYING(), _CARDS()) as progress:
        try:
            take(services.store, services.folders.weights, history, found, progress)
        except OSError as error:
            raise Failure(_NOT_SAVED(why=error.strerror or error)) from None
    talk(_TAKEN())


def _undo(services: Services, history: History) -> None:
    from studyapp.fitting import take_back

    if history.present is None:
        raise Failure(_NOTHING_TO_UNDO())
    with long_work(_REPLAYING(), _CARDS()) as progress:
        try:
            before = take_back(services.store, services.folders.weights, history, progress)
        except OSError as error:
            raise Failure(_NOT_SAVED(why=error.strerror or error)) from None
    talk(_PUBLISHED() if before.present is None else _UNDONE())
