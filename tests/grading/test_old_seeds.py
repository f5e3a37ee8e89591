"""What a seed drew it draws for ever: answers in the log hold their seeds."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from studyapp.grading.draw import draw_all
from studyapp.grading.stream import Stream
from studyapp.kinds import kind_named
from studyapp.kinds.code import CodeCard
from studyapp.kinds.compute import ComputeCard
from studyapp.kinds.compute.variant import Refusal, checked_variant
from tests.data.variants.record import FILE, candidates, digest, drawn, inputs

RECORDS: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8"))
CARDS = [
    (msgspec.convert(record["card"], kind_named(record["card"]["kind"]).card), record["digests"].split())
    for record in RECORDS
]
EXERCISES = [(card, digests) for card, digests in CARDS if isinstance(card, ComputeCard)]
CODE = [(card, digests) for card, digests in CARDS if isinstance(card, CodeCard)]
SEEDS_A_RUN = 12


@pytest.mark.parametrize(("card", "digests"), EXERCISES, ids=[card.id for card, _ in EXERCISES])
def test_an_exercise_draws_what_it_drew_unless_that_is_no_fair_exercise(card: ComputeCard, digests: list[str]) -> None:
    for seed, before in list(enumerate(digests))[:SEEDS_A_RUN]:
        if drawn(card, seed) == before:
            continue
        tried = candidates(card, seed)
        assert before in tried, "the draws themselves have changed"
        stream = Stream(card.id, seed)
        for _ in range(tried.index(before)):
            draw_all(card.draw, stream)
        old = draw_all(card.draw, stream)
        assert digest(old) == before
        with pytest.raises(Refusal):
            checked_variant(card, old)


@pytest.mark.parametrize(("card", "digests"), CODE, ids=[card.id for card, _ in CODE])
def test_the_inputs_of_a_code_card_are_what_they_were(card: CodeCard, digests: list[str]) -> None:
    assert [inputs(card, seed) for seed in range(len(digests))] == digests
