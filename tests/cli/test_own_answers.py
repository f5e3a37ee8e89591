"""“I was right” in plain lines, and where `check` tells of it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Studyapp

DECK = 'deck: words\ntitle: Words\ncards:\n  - {id: gap, kind: cloze, text: "The middle one is the {{median}}."}\n'


def test_a_refused_answer_is_counted_and_check_tells_where_it_could_stand(studyapp: Studyapp, tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text(DECK, "utf-8")
    assert studyapp("add", str(path)).code == 0
    said = studyapp("review", "words", typed="the middle\n:right\n:right\n:right\n3\n")
    assert said.out.count("Right by your own word") == 2 and said.code == 0
    told = studyapp("check", str(path), "--seeds", "2")
    assert f"{path}:4: by your own word 'the middle' is right for gap" in told.err
    later = studyapp("review", "words", "--limit", "1", typed=":right\n:quit\n")
    assert "no refused answer" in later.out or "Nothing" in later.out
