"""Any run of answers, marks and edits of decks, followed by as many undos, gives back every table as it was."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from studyapp.schedule.rating import Rating
from studyapp.services import Services
from studyapp.session import Session

from .audit import complaints, tables
from .small_world import SmallWorld, plain_deck, rate_next, study_days


def edit(world: SmallWorld, rng: random.Random) -> None:
    """Someone edits a deck: other words, more cards, fewer cards, or a mistake in it."""
    path = world.folders.content / "plain.yaml"
    text = plain_deck("plain", rng.choice([4, 12, 20]), rng.choice(["It is the", "MAE has the", "Take the"]))
    path.write_text(text if rng.random() < 0.8 else text[: len(text) // 2] + "\n  - {id: [", "utf-8")


def one_step(world: SmallWorld, session: Session, rng: random.Random) -> int:
    """Something that a learner does; how many undos take it back."""
    step = rng.choice(["rate"] * 6 + ["bury", "suspend", "flag", "edit", "hint", "wrong", "language"])
    if step == "edit":
        edit(world, rng)
        session.reload()
        return 0
    if session.turn is None:
        return 0
    if step == "rate":
        rate_next(session, Rating(rng.randint(1, 4)))
    elif step in ("bury", "suspend", "flag"):
        getattr(session, step)()
    elif step == "hint":
        session.hint()
        return 0
    elif step == "wrong":
        session.answer("(")
        return 0
    else:
        session.set_language(rng.choice(["en", "zh"]))
        return 0
    return 1


def open_session(world: SmallWorld) -> tuple[Services, Session]:
    services = world.open()
    return services, services.session()


@pytest.mark.parametrize("seed", range(12))
def test_undo_gives_everything_back(seed: int, scratch: Path) -> None:
    rng = random.Random(seed)
    world = SmallWorld(scratch)
    study_days(world, rng, days=rng.choice([0, 2]), a_day=6)
    services, session = open_session(world)
    stages = [tables(world.home)]
    for _ in range(rng.randint(4, 30)):
        if rng.random() < 0.1:  # across restarts, and nights
            services.close()
            world.clock.now += rng.choice([timedelta(minutes=3), timedelta(days=1)])
            services, session = open_session(world)
        undos = one_step(world, session, rng)
        stages += [tables(world.home)] * undos
        world.clock.move(seconds=rng.randint(1, 90))
    assert complaints(world.home, world.clock()) == []

    while len(stages) > 1:
        assert tables(world.home) == stages.pop()
        assert session.undo() is not None
        if rng.random() < 0.1:
            services.close()
            services, session = open_session(world)
        if rng.random() < 0.1:
            edit(world, rng)
            session.reload()
    assert tables(world.home) == stages.pop()
    assert complaints(world.home, world.clock()) == []
    services.close()
