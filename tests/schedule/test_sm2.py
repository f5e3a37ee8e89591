"""Ease and interval of SM-2 as stability and difficulty of FSRS-6."""

import pytest

from studyapp.schedule import fsrs6
from studyapp.schedule.fsrs6 import FLOATS
from studyapp.schedule.memory import FSRS6_WEIGHTS
from studyapp.schedule.sm2 import memory_state_from_sm2

RECORDED = [
    ((2.5, 10, 0.9), (10.0, 6.914056301116943)),
    ((1.3, 1, 0.9), (1.0, 10.0)),
    ((3.0, 200, 0.9), (200.0, 2.0260696411132812)),
    ((2.5, 0.001, 0.9), (0.001, 10.0)),
    ((1.3, 100, 0.9), (100.0, 9.800715446472168)),
    ((2.0, 30, 0.8), (9.047159194946289, 9.71383285522461)),
    ((2.5, 1000, 0.95), (2484.10986328125, 1.0)),
]
"""What the crate fsrs 6.6.2 (fsrs-rs-python 0.9.3) says with the default weights, in single precision."""


@pytest.mark.parametrize(("sm2", "fsrs"), RECORDED)
def test_it_agrees_with_the_crate_fsrs(sm2, fsrs):
    assert memory_state_from_sm2(*sm2) == pytest.approx(fsrs, rel=2e-6)


@pytest.mark.parametrize(("ease", "interval"), [(2.5, 10), (1.9, 40), (2.2, 365)])
def test_an_answer_good_lengthens_the_stability_by_the_ease(ease, interval):
    stability, difficulty = memory_state_from_sm2(ease, interval)
    constants = fsrs6.constants(FSRS6_WEIGHTS, 0.9, 36500)
    after = fsrs6.stabilities(constants, False, stability, difficulty, interval, FLOATS)[2]
    assert after / stability == pytest.approx(ease, rel=1e-6)


@pytest.mark.parametrize("wrong", [(float("nan"), 1, 0.9), (2.5, -1, 0.9), (2.5, 1, 1.0), (2.5, float("inf"), 0.9)])
def test_what_is_no_state_of_sm2_is_refused(wrong):
    with pytest.raises(ValueError, match="not a state of SM-2"):
        memory_state_from_sm2(*wrong)
