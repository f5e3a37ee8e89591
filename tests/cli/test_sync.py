"""`studyapp sync`, `merge`, and what tells devices apart."""

import json
from pathlib import Path

import pytest

from studyapp.__main__ import run
from studyapp.schedule.rating import Rating
from studyapp.store.database import Store
from studyapp.store.log import AnswerRecord


@pytest.fixture
def studyapp(tmp_path, monkeypatch, capsys):
    """Runs a command as the user of a home."""
    monkeypatch.setattr("studyapp.folders.content_folder", lambda: tmp_path / "no-content")

    def studyapp(home, *arguments):
        monkeypatch.setenv("STUDYAPP_HOME", str(tmp_path / home))
        capsys.readouterr()
        code = run(list(arguments))
        return code, *capsys.readouterr()

    return studyapp


@pytest.fixture
def homes(tmp_path):
    (tmp_path / "shared").mkdir()
    for name, cards in (("laptop", "ab"), ("desktop", "bcd")):
        with Store.open(tmp_path / name) as store:
            for card in cards:
                store.record(AnswerRecord(card, Rating.GOOD), store.state(card))
    return str(tmp_path / "shared")


def test_two_homes_share_their_history(studyapp, homes, tmp_path):
    code, out, err = studyapp("laptop", "sync", homes)
    assert (code, out) == (0, "Synchronised: 2 entries sent, 0 entries received.\n")
    assert f"studyapp config sync {homes}" in err
    assert studyapp("desktop", "config", "sync", homes)[0] == 0
    code, out, err = studyapp("desktop", "sync")
    assert (code, out, err) == (0, "Synchronised: 3 entries sent, 2 entries received.\n", "")
    code, out, _ = studyapp("laptop", "sync", homes, "--json")
    assert code == 0 and json.loads(out)["received"] == 3
    figures = json.loads(studyapp("laptop", "stats", "--json")[1])
    assert sorted((one["answers"], one["own"]) for one in figures["devices"]) == [(2, True), (3, False)]
    assert "(this one)" in studyapp("laptop", "stats")[1]


def test_a_device_is_named_and_forgotten(studyapp, homes):
    for home in ("laptop", "desktop", "laptop"):
        studyapp(home, "sync", homes)
    own = json.loads(studyapp("laptop", "where", "--json")[1])["device"]["uuid"]
    other = json.loads(studyapp("desktop", "where", "--json")[1])["device"]["uuid"]
    assert own in studyapp("laptop", "where")[1]
    code, _, err = studyapp("laptop", "sync", "--forget", own)
    assert code == 1 and "is this device" in err
    code, _, err = studyapp("laptop", "sync", "--forget", "nobody")
    assert code == 2 and "No device is called nobody" in err
    code, _, err = studyapp("laptop", "sync", "--forget", other[:12])
    assert code == 1 and "--yes" in err
    code, out, _ = studyapp("laptop", "sync", "--forget", other[:12], "--yes")
    assert code == 0 and out.startswith("3 entries")
    assert studyapp("laptop", "sync", homes)[1] == "Synchronised: 0 entries sent, 0 entries received.\n"
    assert studyapp("laptop", "doctor")[0] == 0


def test_merge_brings_in_another_home(studyapp, homes, tmp_path):
    code, out, err = studyapp("laptop", "merge", str(tmp_path / "desktop"))
    assert code == 0 and out.startswith("3 entries and 0 choices") and "before-merge" in err
    assert json.loads(studyapp("laptop", "merge", str(tmp_path / "desktop"), "--json")[1])["entries"] == 0
    code, _, err = studyapp("laptop", "merge", str(tmp_path / "nothing"))
    assert code == 1 and "no progress.db" in err


def test_what_cannot_be_reached_is_said(studyapp, homes, tmp_path):
    for where, why in (
        (str(tmp_path / "unmounted"), "There is no folder"),
        ("nonsense://host/x", "cannot be reached"),
        ("", "No store is named"),
    ):
        code, out, err = studyapp("laptop", "sync", where)
        assert code == 1 and why in err and out == ""


def test_beside_the_app_a_failure_is_noted_and_said_on_one_line(studyapp, homes, tmp_path):
    from studyapp.clock import system_clock
    from studyapp.sync.status import read_status
    from studyapp.sync.words import state

    home = Path(tmp_path / "laptop")
    assert read_status(home) is None
    assert studyapp("laptop", "sync", str(tmp_path / "unmounted"), "--background") == (0, "", "")
    status = read_status(home)
    assert state(status, system_clock()).startswith("Not synchronised: There is no folder")
    assert studyapp("laptop", "sync", homes, "--background") == (0, "", "")
    assert state(read_status(home), system_clock()).startswith("Synchronised at")
