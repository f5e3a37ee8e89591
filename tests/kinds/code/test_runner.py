"""Hostile and broken programs: each ends within its limits, with words that say what happened."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from studyapp.kinds.code.child import Clock, OutOfTime
from studyapp.kinds.code.runner import Call, Run, resident_megabytes, run_function, stopped_by

POSIX = pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups and limits are POSIX only")
INPUTS = [[1.0], [2.0], [3.0]]


def run(source: str, cpu: float = 0.4, wall: float = 0.8, megabytes: int = 1024) -> Run:
    return run_function(source, "f", INPUTS, cpu=cpu, wall=wall, megabytes=megabytes)


def test_values_come_back_with_their_type_and_shape() -> None:
    result = run("import numpy as np\ndef f(x):\n    return np.array([x, x * 2], dtype=np.float32)")
    assert result.loaded and not result.ended
    assert [call.result["value"] for call in result.calls if call.result] == [[1, 2], [2, 4], [3, 6]]
    assert result.calls[0].result is not None
    assert (result.calls[0].result["dtype"], result.calls[0].result["shape"]) == ("float32", [2])


def test_infinities_and_nan_survive_the_way_back() -> None:
    result = run("def f(x):\n    return [float('inf'), float('-inf'), float('nan')][int(x) - 1]")
    assert [str(call.result["value"]) for call in result.calls if call.result] == ["inf", "-inf", "nan"]


def test_printed_output_belongs_to_its_call() -> None:
    result = run("print('loading')\ndef f(x):\n    print('x is', x)\n    return x")
    assert result.printed == "loading\n"
    assert [call.printed for call in result.calls] == ["x is 1.0\n", "x is 2.0\n", "x is 3.0\n"]


def test_an_endless_loop_is_stopped_in_its_line() -> None:
    started = time.monotonic()
    result = run("def f(x):\n    n = 0\n    while True:\n        n += 1")
    assert time.monotonic() - started < 8
    assert len(result.calls) == 1, "what comes after the loop is not reached"
    assert result.calls[0].failure is not None and result.calls[0].failure["timeout"]
    assert result.calls[0].failure["line"] in (3, 4)


@POSIX
@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        "import itertools\ndef f(x):\n    return sum(1 for _ in itertools.repeat(0))",
        "def f(x):\n    return 9 ** 9 ** 9",
    ],
    ids=["that swallows every exception", "inside C code", "inside one operation"],
)
def test_a_loop_that_cannot_be_interrupted_ends_with_its_process(source: str) -> None:
    result = run(source, cpu=0.2, wall=20)
    call = result.calls[0] if result.calls else None
    assert result.ended or (call is not None and call.failure is not None and call.failure.get("timeout"))


@POSIX
def test_both_clocks_at_once_are_one_end() -> None:
    for _ in range(5):
        result = run("def f(x):\n    while True: pass", cpu=0.1, wall=0.1)
        assert [call.failure and call.failure["timeout"] for call in result.calls] == [True] and not result.ended
        assert run("while True: pass", cpu=0.1, wall=0.1).fatal is not None


def test_a_signal_that_waits_while_the_first_is_handled_raises_nothing_more() -> None:
    clock = Clock()
    with pytest.raises(OutOfTime):
        clock._stop(0, None)
    clock._stop(0, None)
    assert clock.late


def test_waiting_is_stopped_by_the_clock() -> None:
    result = run("def f(x):\n    import threading\n    threading.Event().wait(60)", cpu=5, wall=0.3)
    assert result.calls[0].failure is not None and result.calls[0].failure["timeout"]


def run_each(lines: list[str], head: str, cpu: float = 3, wall: float = 6) -> list[Call]:
    """One process in which call ``n`` runs line ``n``."""
    cases = "".join(f"    if n == {number}: {line}\n" for number, line in enumerate(lines))
    result = run_function(f"{head}\ndef f(n):\n{cases}    return n", "f", [[n] for n in range(len(lines))], cpu, wall)
    assert not result.ended and len(result.calls) == len(lines), "a call that fails does not keep the next from running"
    return list(result.calls)


@POSIX
def test_memory_is_bounded() -> None:
    hogs = ["bytearray(3 << 30)", "np.ones((40_000, 40_000))", "'x' * (3 << 30)", "[0] * (1 << 29)", "1"]
    *failed, last = run_each([f"return len(str({hog}))" for hog in hogs], "")
    assert all(call.failure and "MemoryError" in call.failure["error"] for call in failed)
    assert last.result is not None


NEVER_NEEDED = {
    "os.fork()": "PermissionError",
    "os.system('true')": "PermissionError",
    "subprocess.run(['true'])": "PermissionError",
    "socket.socket()": "PermissionError",
    "os.kill(os.getpid(), 0)": "PermissionError",
    "os.remove('not-there')": "PermissionError",
    "open(os.path.abspath('../outside'), 'w')": "PermissionError",
    "input()": "EOFError",
    "sys.exit(0)": "SystemExit",
    "exit()": "SystemExit",
    "f(n)": "RecursionError",
    "import torch_that_is_not_there": "ModuleNotFoundError",
    "import studyapp": "ModuleNotFoundError",
    "1 / 0": "ZeroDivisionError",
    "raise KeyboardInterrupt": "KeyboardInterrupt",
}


def test_what_a_loss_never_needs_fails_as_an_exception_of_its_call() -> None:
    calls = run_each(list(NEVER_NEEDED), "import os, sys, subprocess, socket")
    failures = [call.failure["error"] if call.failure else None for call in calls]
    assert dict(zip(NEVER_NEEDED, failures, strict=True)) == NEVER_NEEDED


def test_ending_the_process_is_noticed() -> None:
    result = run("import os\ndef f(x):\n    if x == 2: os._exit(0)\n    return x")
    assert [call.number for call in result.calls] == [0]
    assert "ended the Python process itself" in result.ended


@POSIX
def test_a_crash_of_the_interpreter_is_noticed() -> None:
    result = run("import ctypes\ndef f(x):\n    import signal\n    signal.raise_signal(signal.SIGSEGV)")
    assert "crashed" in result.ended and "SIGSEGV" in result.ended


def test_a_flood_of_prints_is_cut_off() -> None:
    floods = [
        "print('x' * 10_000_000)",
        "[print('y' * 1000) for _ in range(2000)]",
        "sys.stdout.write('z' * 10_000_000)",
    ]
    calls = run_each(floods, "import sys")
    assert [call.result["value"] for call in calls if call.result] == [0, 1, 2]
    assert all(len(call.printed) < 5_000 and "more characters" in call.printed for call in calls)


def test_a_flood_past_the_capture_ends_the_process() -> None:
    result = run("import os\ndef f(x):\n    while True: os.write(1, b'x' * 65536)", cpu=5, wall=5)
    assert "too much output" in result.ended


def test_garbage_on_the_result_channel_is_ignored() -> None:
    garbage = 'b"\\nabc {\\"input\\": 0, \\"result\\": 5}\\n{\\xff\\x00}\\n"'
    result = run(f"import os\ndef f(x):\n    os.write(1, {garbage})\n    os.write(2, {garbage})\n    return x")
    assert [call.result["value"] for call in result.calls if call.result] == [1, 2, 3]


@pytest.mark.parametrize(
    "forged",
    [
        '5', '{"input": 0, "result": {"kind": "value", "value": 1.0}, "printed": ""}', '{"input": "a"}', "[]", "{",
        '{"input": 0, "result": {"kind": "value", "type": "float", "dtype": "float64", "shape": [2], "value": 1.0}}',
        '{"input": 2, "result": {"kind": "None"}, "printed": ""}', '{"done": true}', '{"fatal": {}}', '{"ready": true}',
        '{"input": 0, "result": {"kind": "value", "type": "float", "dtype": "float64", "shape": [], "value": 1.0}}',
    ],
)  # fmt: skip
def test_lines_forged_with_the_nonce_count_for_nothing_and_end_nothing(forged: str) -> None:
    source = (
        "import sys\n"
        "def f(x):\n"
        "    frame = sys._getframe()\n"
        "    while 'nonce' not in frame.f_locals: frame = frame.f_back\n"
        f"    __import__('os').write(1, ('\\n%s ' % frame.f_locals['nonce'] + {forged!r} + '\\n').encode())\n"
        "    return x"
    )
    result = run(source)
    assert result.calls == () and "channel of its own results" in result.ended


def test_closing_standard_output_does_no_harm() -> None:
    closings = ["sys.stdout.close()", "sys.stdout = None", "os.close(1)", "os.closerange(0, 3)"]
    calls = run_each(closings, "import os, sys")
    assert [call.result["value"] for call in calls if call.result] == [0, 1, 2, 3]


def test_threads_left_running_do_not_keep_the_process() -> None:
    source = "import threading\ndef f(x):\n    threading.Thread(target=threading.Event().wait).start()\n    return x"
    started = time.monotonic()
    result = run(source)
    assert [call.result["value"] for call in result.calls if call.result] == [1, 2, 3]
    assert time.monotonic() - started < 6


@pytest.mark.parametrize(
    ("source", "error"),
    [("1 / 0\ndef f(x): return x", "ZeroDivisionError"), ("import nothing_like_this", "ModuleNotFoundError"),
     ("def g(x): return x", "KeyError"), ("raise SystemExit", "SystemExit")],
)  # fmt: skip
def test_a_source_that_does_not_load_says_why(source: str, error: str) -> None:
    result = run(source)
    assert not result.calls and result.fatal is not None and result.fatal["error"] == error


def test_a_source_that_hangs_while_loading_is_stopped() -> None:
    result = run("while True: pass")
    assert result.fatal is not None and result.fatal["timeout"]


def test_results_that_are_no_numbers_are_named() -> None:
    kinds = {
        "None": "None", "'text'": "str", "{1: 2}": "dict", "1j": "complex", "[[1], [2, 3]]": "list", "f": "function",
        "np.zeros(30_000)": "too large", "object()": "object", "np.array(['a'])": "ndarray",
    }  # fmt: skip
    calls = run_each([f"return {expression}" for expression in kinds], "")
    assert [call.result["kind"] for call in calls if call.result] == list(kinds.values())


def test_changed_arguments_are_reported_and_do_not_reach_the_next_call() -> None:
    result = run_function("def f(a, b):\n    b += 1\n    return b.sum()", "f", [[[1.0], [2.0]], [[1.0], [2.0]]])
    assert [call.changed for call in result.calls] == [(1,), (1,)]
    assert [call.result["value"] for call in result.calls if call.result] == [3, 3]


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    result = run("def f(x):\n    open('note.txt', 'w').write('x')\n    return x")
    assert result.calls[0].result is not None, "the function has a folder of its own"
    assert list(tmp_path.iterdir()) == []


@POSIX
def test_a_system_without_a_memory_limit_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    if resident_megabytes(os.getpid()) is None:
        pytest.skip("there is no ps here")
    assert resident_megabytes(os.getpid()) in range(10, 4_000)
    monkeypatch.setattr("studyapp.kinds.code.runner.sys.platform", "darwin")
    monkeypatch.setattr("studyapp.kinds.code.runner.resident_megabytes", lambda process_id: 5_000)
    result = run("def f(x):\n    while True: pass", cpu=5, wall=5)
    assert "memory" in result.ended


def test_a_run_ends_as_soon_as_somebody_asks_for_it() -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    started = time.monotonic()
    with stopped_by(stop):
        result = run("import time\ndef f(x):\n    time.sleep(60)", cpu=20, wall=20)
    assert time.monotonic() - started < 5
    assert result.stopped and not result.calls
    assert not run("def f(x):\n    return x").stopped, "only runs inside of the block are stopped"
