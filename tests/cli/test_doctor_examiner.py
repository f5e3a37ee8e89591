"""``studyapp doctor`` says whether the examiner answers, and that never makes the data unsound."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.__main__ import run
from tests.examiner.server import Reply, endpoint, says, writes

GOOD = says((1, "said", "Paris is the capital"), (3, "contradicted", "six legs"))


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (GOOD, "3 of 3 test points were right"),
        (says((1, "said", "Paris is the capital"), (2, "said", "Jupiter")), "2 of 3 test points were right"),
        (writes("no"), "gives no ticks: its reply cannot be used"),
    ],
)
def test_the_examiner_is_tried(
    reply: Reply, told: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with endpoint(reply) as server:
        monkeypatch.setenv("STUDYAPP_EXAMINER", server.address)
        assert run(["doctor"]) == 0
    shown = capsys.readouterr().err
    assert told in shown and "is sound" in shown
