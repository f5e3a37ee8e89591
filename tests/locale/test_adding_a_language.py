"""The commands of CONTRIBUTING.md make a language, and every folder that is installed has its catalogues."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from studyapp.locale.po_file import compile_po

ROOT = Path(__file__).parents[2]
COMMANDS = re.findall(r"^pybabel .*$", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)


def run(command: str, folder: Path) -> None:
    """A command of ``pybabel`` as it stands in CONTRIBUTING.md."""
    program = "import sys; from babel.messages.frontend import main; sys.exit(main())"
    words = [sys.executable, "-c", program, *shlex.split(command)[1:]]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def strings(path: Path) -> dict[Any, Any]:
    """The translations of a catalogue by what they translate."""
    with path.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


def test_the_commands_begin_a_catalogue_and_leave_the_others_complete(tmp_path: Path) -> None:
    copied = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "studyapp", tmp_path / "studyapp", ignore=copied)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert [command.split()[1] for command in COMMANDS] == ["extract", "init", "update"]
    for command in COMMANDS:
        run(command, tmp_path)
    locale = tmp_path / "studyapp" / "locale"
    made, chinese = (locale / name / "LC_MESSAGES" / "studyapp.po" for name in ("it", "zh_CN"))
    before = strings(ROOT / "studyapp/locale/zh_CN/LC_MESSAGES/studyapp.po")
    assert strings(made).keys() == before.keys()
    assert strings(chinese) == before

    made.write_text(made.read_text("utf-8").replace('msgid "tomorrow"\nmsgstr ""', 'msgid "tomorrow"\nmsgstr "domani"'))
    program = (
        "from studyapp.locale.catalogue import languages, catalogues\nfrom studyapp.locale.message import Message\n"
        "print(languages(), Message('tomorrow').to('it'), Message('now').to('it'), catalogues()['it'])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"('en', 'it', 'zh') domani now {made.parent}"


def test_an_installed_package_reads_the_compiled_catalogue(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "studyapp", tmp_path / "studyapp", ignore=shutil.ignore_patterns("__pycache__", "*.po"))
    text = (ROOT / "studyapp/locale/zh_CN/LC_MESSAGES/studyapp.po").read_text(encoding="utf-8")
    (tmp_path / "studyapp/locale/zh_CN/LC_MESSAGES/studyapp.mo").write_bytes(compile_po(text))
    program = (
        "import sys\nfrom studyapp.locale.message import Message\n"
        "print(Message('tomorrow').to('zh'), 'studyapp.locale.po_file' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["明天", "False"]
