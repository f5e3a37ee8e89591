"""What surrounds a command: closed streams, a zone that cannot be, a home that nobody has, things that are no files."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.folders import NoHome, find_folders
from studyapp.plain_file import read_plain, read_plain_text
from tests.resilience.app import environment, run, without_surprise
from tests.resilience.small_files import READERS

POSIX = pytest.mark.skipif(os.name != "posix", reason="pipes in folders, and closing streams, are of POSIX")


def shell(home: Path, line: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs ``line``, in which ``$S`` is the app."""
    started = {**environment(home, **settings), "S": f"{sys.executable} -m studyapp"}
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=started, timeout=30, check=False)


@POSIX
@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("$S where >&-", 0, ""),
        ("$S --help <&- >&- 2>&-", 0, ""),
        ("$S where --wrong 2>&-", 2, ""),
        ("$S study <&- >&-", 1, "needs a terminal"),
        pytest.param("$S review <&-", 0, "left for later", marks=pytest.mark.resilience),
        pytest.param("$S doctor >&- <&-", 0, "", marks=pytest.mark.resilience),
        pytest.param("$S decks 2>&- <&-", 0, "classification", marks=pytest.mark.resilience),
    ],
)
def test_a_closed_stream_is_an_empty_one(tmp_path: Path, line: str, code: int, words: str) -> None:
    done = shell(tmp_path / "home", line, STUDYAPP_NEW_PER_DAY="5")
    assert done.returncode == code and words in done.stdout + done.stderr
    assert without_surprise(done.stdout + done.stderr)


@POSIX
def test_data_never_gets_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    source = (
        "import os; print([os.readlink(f'/proc/self/fd/{n}') for n in (0, 1, 2)], file=open(os.environ['OUT'], 'w'))"
    )
    source = f"from studyapp.__main__ import run; run(['where']); {source}"
    shell(tmp_path / "home", f'$P -c "{source}" <&- >&- 2>&-', P=sys.executable, OUT=str(tmp_path / "out"))
    assert (tmp_path / "out").read_text().strip() == str(["/dev/null"] * 3)


@POSIX
@pytest.mark.parametrize("zone", ["ABC+25", "ABC-30:59", "XYZ+167"])
def test_a_zone_a_day_away_is_told_and_left(tmp_path: Path, zone: str) -> None:
    done = run(tmp_path / "home", "review", "--limit", "1", typed=":give-up\n3\n", TZ=zone)
    assert done.returncode == 0 and "UTC is used" in done.stderr and "All saved" in done.stdout


def test_a_home_that_nobody_has_is_no_folder_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoHome, match="~nobody-here/x"):
        find_folders({"STUDYAPP_HOME": "~nobody-here/x"})
    monkeypatch.chdir(tmp_path)
    for words in (["where"], ["decks"], ["review"], ["doctor"], ["config"]):
        done = run(Path("~nobody-here/x"), *words)
        assert done.returncode == 1 and "There is no home folder" in done.stderr and without_surprise(done.stderr)
    assert not list(tmp_path.iterdir())


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()
    (path / "x").write_text("x")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def endless_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def listener(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))  # the whole path may be too long for one


ODD = (pipe, folder, link_to_itself, endless_device, listener)


@POSIX
@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", READERS)
def test_what_is_no_file_is_told_and_not_waited_for(tmp_path: Path, name: str, odd: Callable[[Path], None]) -> None:
    odd(tmp_path / name)
    said = READERS[name](tmp_path / name)
    assert len(said) == 1 and name in said[0]


@POSIX
@pytest.mark.parametrize("odd", ODD)
def test_only_a_file_is_read(tmp_path: Path, odd: Callable[[Path], None]) -> None:
    odd(tmp_path / "odd")
    with pytest.raises(OSError):
        read_plain(tmp_path / "odd", 10)


def test_a_text_is_read_whole_or_beyond_what_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes("\ufeffä\r\nb\r".encode())
    assert read_plain_text(path, 10) == "ä\nb\n"
    path.write_bytes("é".encode() * 100)
    assert len(read_plain_text(path, 10)) > 10
    path.write_bytes(b"\xff")
    with pytest.raises(UnicodeDecodeError):
        read_plain_text(path, 10)


NAMES = ("config.toml", "library.json", "progress.db", "progress.db-wal", "cache.db", "cache.db-shm", "backups",
         "damaged", "faults.log", "library.lock", "progress.lock", "decks")  # fmt: skip
COMMANDS = (["decks"], ["review", "--limit", "1"], ["doctor"], ["doctor", "--repair"], ["config"], ["where"])


@POSIX
@pytest.mark.resilience
@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", NAMES)
def test_commands_answer_whatever_stands_in_the_place_of_data(
    tmp_path: Path, name: str, odd: Callable[[Path], None]
) -> None:
    for number, words in enumerate(COMMANDS):
        home = tmp_path / str(number)
        home.mkdir()
        odd(home / name)
        done = run(home, *words, typed=":give-up\n3\n")
        assert done.returncode in (0, 1, 2) and without_surprise(done.stdout + done.stderr), words
        assert done.stdout or done.stderr


SOURCES = (["check"], ["add"], ["import"], ["ids"], ["merge"], ["sync"])


@POSIX
@pytest.mark.resilience
@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_file_is_refused_as_a_source(tmp_path: Path, odd: Callable[[Path], None]) -> None:
    home = tmp_path / "home"
    odd(tmp_path / "odd.yaml")
    for words in SOURCES:
        done = run(home, *words, str(tmp_path / "odd.yaml"))
        assert done.returncode in ((0, 1, 2) if odd is folder else (1, 2)), words
        assert without_surprise(done.stdout + done.stderr), words


@POSIX
@pytest.mark.resilience
@pytest.mark.parametrize("kilobytes", [0, 1, 4, 16, 64, 250, 700, 1000, 1500])
def test_files_that_may_not_grow_are_told_and_nothing_is_left_in_the_temporary_folder(
    tmp_path: Path, kilobytes: int
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    for words in ("decks", "review </dev/null", "stats"):
        done = shell(
            tmp_path / "home", f"ulimit -f {kilobytes}; $S {words}", TMPDIR=str(temporary), PYTHONDONTWRITEBYTECODE="1"
        )
        assert done.returncode in (0, 1) and without_surprise(done.stdout + done.stderr), done.stderr
        assert not list(temporary.iterdir())


@POSIX
@pytest.mark.parametrize(("words", "code"), [("show", 1), ("cards", 1), ("grade mine-a", 2), ("add", 1), ("config", 2)])
def test_bytes_that_are_no_text_are_told(tmp_path: Path, words: str, code: int) -> None:
    done = shell(tmp_path / "home", f"$S {words} $'\\xff\\xfe'")
    assert done.returncode == code and without_surprise(done.stderr) and "codec" not in done.stderr
    assert done.stderr.strip()
