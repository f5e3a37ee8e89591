"""Functions that reach for what they never need: refused by Python in words, and by the kernel whatever the way."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.kinds.code import kernel_guard, runner
from studyapp.kinds.code.runner import Run, run_function

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the functions tried are those of POSIX")

IN_PYTHON = {
    "sqlite3": "__import__('sqlite3').connect(OUT + '/new').execute('create table a(b)')",
    "sqlite3 in the own folder": "__import__('sqlite3').connect('new')",
    "a pipe": "os.mkfifo(OUT + '/new')",
    "a pipe by the module below": "__import__('posix').mkfifo(OUT + '/new')",
    "a node": "os.mknod(OUT + '/new')",
    "a time": "os.utime(OUT + '/precious', (0, 0))",
    "a folder as a place": "os.open('new', os.O_CREAT | os.O_WRONLY, dir_fd=os.open(OUT, os.O_RDONLY))",
    "another folder": "os.chdir(OUT) or open('new', 'w')",
    "another folder by number": "os.fchdir(os.open(OUT, os.O_RDONLY)) or open('new', 'w')",
    "up and out": "open('../../new', 'w')",
    "a path in bytes": "open((OUT + '/new').encode(), 'w')",
    "a path that lies": "open(type('P', (str,), {'startswith': lambda *a: True})(OUT + '/new'), 'w')",
    "a path that is asked twice": "open(type('P', (), {'__fspath__': lambda s: OUT + '/new'})(), 'w')",
    "appending": "os.open(OUT + '/precious', os.O_APPEND | os.O_WRONLY)",
    "deleting": "os.unlink(OUT + '/precious')",
    "deleting with pathlib": "__import__('pathlib').Path(OUT, 'precious').unlink()",
    "replacing": "os.replace(OUT + '/precious', OUT + '/new')",
    "a link": "os.symlink(OUT, 'way')",
    "a hard link": "os.link(OUT + '/precious', 'way')",
    "rights": "os.chmod(OUT + '/precious', 0)",
    "cutting": "os.truncate(OUT + '/precious', 0)",
    "numpy": "np.save(OUT + '/new', np.ones(2))",
    "numpy in memory": "np.memmap(OUT + '/precious', mode='r+')",
    "a process": "os.system('touch ' + OUT + '/new')",
    "a process by popen": "os.popen('touch ' + OUT + '/new').read()",
    "a process by spawn": "os.spawnv(os.P_WAIT, '/usr/bin/touch', ['touch', OUT + '/new'])",
    "a process in place of this one": "os.execv('/usr/bin/touch', ['touch', OUT + '/new'])",
    "processes": "__import__('multiprocessing').Process(target=print).start()",
    "a pseudo-terminal": "__import__('pty').spawn(['touch', OUT + '/new'])",
    "a native library": "__import__('ctypes').CDLL(None).mkdir((OUT + '/new').encode(), 0o700)",
    "a socket": "__import__('socket').create_connection(('127.0.0.1', 9))",
    "a socket by urllib": "__import__('urllib.request').request.urlopen('http://127.0.0.1:9')",
    "a signal": "os.kill(os.getppid(), 0)",
    "all objects": "[o for o in __import__('gc').get_objects() if callable(o)]",
    "the reference": "sys.modules.pop('studyapp', 0) or __import__('studyapp.losses', fromlist=['x']).huber",
    "the reference by importlib": "__import__('importlib').import_module('studyapp.losses')",
    "the reference as text": "open(__import__('importlib.util').util.find_spec('studyapp').origin).read()",
}  # fmt: skip
"""What Python itself refuses on every system."""

REPLACED = """
import os, sys, traceback
for name in ("isinstance", "set", "type", "PermissionError"):
    __builtins__[name] = lambda *arguments: False
os.path.realpath = lambda path: os.getcwd() + "/x"
"""
FROM_TRACEBACK = """
def frames():
    try:
        os.mkdir("x")
    except BaseException as error:
        step = error.__traceback__
        while step is not None:
            yield step.tb_frame
            step = step.tb_next
def disarm():
    for frame in frames():
        for value in (*frame.f_locals.values(), *frame.f_globals.values()):
            for clear in ("clear",):
                if type(value) in (dict, list, set) and value is not frame.f_globals:
                    value.clear()
"""

AGAINST_KERNEL = {
    "fork_exec": "_spawn()",
    "mkfifo out of a set": "next(f for f in os.supports_dir_fd if f.__name__ == 'mkfifo')(OUT + '/new')",
    "posix made anew": "__import__('_imp').create_builtin(os.__spec__.__class__('posix', None)).mkfifo(OUT + '/new')",
    "posix imported anew": "sys.modules.pop('posix') and __import__('posix').mknod(OUT + '/new')",
    "replaced functions": "open(OUT + '/new', 'w')",
    "the check disarmed": "disarm() or open(OUT + '/new', 'w')",
    "a socket below": "__import__('_socket').socket()",
    "shared memory": "__import__('_posixshmem').shm_open('/studyapp-test', os.O_CREAT | os.O_RDWR)",
    "a library mapped before": "__import__('_ctypes').dlopen(None, 2)",
}  # fmt: skip
"""Ways past the checks in Python; what comes of them is nothing all the same."""

SPAWN = """
def _spawn():
    import _posixsubprocess
    pipe = os.pipe()
    _posixsubprocess.fork_exec([b"/usr/bin/touch", (OUT + "/new").encode()], [b"/usr/bin/touch"], True, (pipe[1],),
        None, None, -1, -1, -1, -1, -1, -1, *pipe, False, False, -1, None, None, None, -1, None, False)
"""


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder that no answer may touch."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "precious").write_text("all my notes", "utf-8")
    return folder


def facts(folder: Path) -> object:
    """All that could be changed there."""
    return [
        (one.name, one.stat().st_mode, one.stat().st_mtime_ns, one.read_bytes()) for one in sorted(folder.iterdir())
    ]


def run_each(outside: Path, head: str, lines: dict[str, str]) -> Run:
    """One process in which call ``n`` does the thing number ``n``."""
    cases = "".join(f"    if n == {number}: {line}\n" for number, line in enumerate(lines.values()))
    source = f"import os, sys\nOUT = {str(outside)!r}\n{head}\ndef f(n):\n{cases}    return n"
    return run_function(source, "f", [[n] for n in range(len(lines))], cpu=6, wall=12)


def without_kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same child process on a system whose kernel has no such means."""
    copy = tmp_path / "studyapp" / "kinds" / "code"
    copy.mkdir(parents=True)
    (copy / "child.py").write_text(runner._CHILD.read_text("utf-8"), "utf-8")
    (copy / "kernel_guard.py").write_text("def refuse_in_kernel(folder):\n    return False, False\n", "utf-8")
    monkeypatch.setattr(runner, "_CHILD", copy / "child.py")


@POSIX
@pytest.mark.parametrize("kernel", [True, False], ids=["with the kernel's guard", "without it"])
def test_what_python_can_refuse_is_refused_in_words(
    outside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kernel: bool
) -> None:
    if not kernel:
        without_kernel(monkeypatch, tmp_path)
    before = facts(outside)
    result = run_each(outside, "", IN_PYTHON)
    assert not result.ended and len(result.calls) == len(IN_PYTHON)
    passed = [name for name, call in zip(IN_PYTHON, result.calls, strict=True) if call.failure is None]
    assert passed == ([] if kernel else ["the reference as text"]), (
        "a copy of the child guards the folder around itself"
    )
    kinds = {call.failure["error"] for call in result.calls if call.failure}
    assert kinds <= {"PermissionError", "ModuleNotFoundError", "URLError"}
    assert facts(outside) == before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's guard is Linux's")
@pytest.mark.parametrize("name", AGAINST_KERNEL)
def test_what_goes_past_python_ends_at_the_kernel(outside: Path, name: str) -> None:
    heads = {"replaced functions": REPLACED, "the check disarmed": FROM_TRACEBACK, "fork_exec": SPAWN}
    before = facts(outside)
    result = run_each(outside, heads.get(name, ""), {name: AGAINST_KERNEL[name]})
    assert result.ended or result.fatal or all(call.failure is not None for call in result.calls)
    assert facts(outside) == before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's guard is Linux's")
def test_the_kernel_keeps_what_a_function_needs(outside: Path) -> None:
    needed = {
        "a file of its own": "open('note', 'w').write('x'); return open('note').read()",
        "reading": "return open(OUT + '/precious').read()",
        "a thread": "t = __import__('threading').Thread(target=print); t.start(); t.join()",
        "pools of threads": "return list(__import__('concurrent.futures').futures.ThreadPoolExecutor(2).map(abs, [1]))",
        "numbers": "return np.linalg.inv(np.eye(3)) @ np.random.default_rng(1).random(3)",
        "an import": "import numpy.fft, dataclasses, statistics",
    }
    result = run_each(outside, "", needed)
    assert [name for name, call in zip(needed, result.calls, strict=True) if call.failure] == []


def test_numbers_of_calls_are_listed_once() -> None:
    for numbers in kernel_guard._REFUSED.values():
        all_of_them = (*numbers, *kernel_guard._ANYWHERE)
        assert len(set(all_of_them)) == len(all_of_them) < 120


@pytest.mark.parametrize(
    "definition",
    [
        "if True:\n    def f(x):\n        return x",
        "try:\n    1 / 0\nexcept ArithmeticError:\n    def f(x):\n        return x",
        "class f:\n    def __new__(cls, x):\n        return x",
        "f: object = lambda x: x",
        "(f := lambda x: x)",
        "for f in [lambda x: x]: pass",
        "from operator import pos as f",
        "def outer():\n    global f\n    def f(x):\n        return x\nouter()",
        "with __import__('contextlib').nullcontext():\n    f = lambda x: x",
    ],
)
def test_a_function_may_be_defined_in_any_way(definition: str, judge: Callable[[str], str]) -> None:
    assert judge(definition) == "correct"


@pytest.mark.parametrize(
    "definition",
    ["if False:\n    def f(x): return x", "def g():\n    f = abs", "f = 5", "class A:\n    def f(x): return x"],
)
def test_a_function_that_is_not_there_in_the_end_is_not_counted(definition: str, judge: Callable[[str], str]) -> None:
    assert judge(definition) == "invalid: The function f is not defined."


@pytest.fixture
def judge() -> Callable[[str], str]:
    """The verdict on a source, with its words where nothing is counted."""
    from studyapp.kinds.ask import ask
    from studyapp.kinds.grade import grade
    from tests.kinds.cards import card

    asked = ask(card({
        "id": "write-f", "kind": "code", "question": "Write the identity.", "signature": "def f(x)",
        "reference": "x", "draw": {"x": {"grid": [1, 3, 1]}},
    }), 1)  # fmt: skip

    def judged(source: str) -> str:
        verdict = grade(asked, source)
        return f"invalid: {verdict.message}" if verdict.outcome.value == "invalid" else verdict.outcome.value

    return judged
