"""Runs a learner's function in a child process of its own, within limits of time, memory and output.

On Linux the kernel keeps all limits. On macOS it does not limit memory: there the parent looks at the child's memory
several times a second. On Windows the time by the clock and the output are limited, memory and computing time are not.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import IO, Any

from msgspec import Struct, ValidationError, convert

from studyapp.locale.message import Message

_STOPPED = Message("it was stopped")
_TOO_MUCH_OUTPUT = Message("it wrote far too much output and was stopped")
_LATE = Message("it did not come to an end in time and was stopped")
_USED_UP = Message("it used up its computing time or memory and was stopped")
_CRASHED = Message("it crashed the Python interpreter ({signal})")
_EXITED = Message("it ended the Python process itself (exit) before it returned")

_FORGED = Message("it wrote into the channel of its own results, which do not count therefore")

CPU_SECONDS = 2.0
"""Computing time for all inputs together, after NumPy is loaded."""

WALL_SECONDS = 6.0
"""Time by the clock for the function; the process itself is ended some seconds later."""

GRACE_SECONDS = 6.0
MEGABYTES = 1024
OUTPUT_BYTES = 2_000_000
"""Of more output than this the process is ended."""

_LOOK_SECONDS = 0.2
_stop: ContextVar[threading.Event | None] = ContextVar("stop", default=None)
_CHILD = Path(__file__).with_name("child.py")


class Call(Struct, frozen=True):
    """One call of the function.

    ``result`` describes the returned value (``kind``, and for numbers ``value``, ``shape``, ``dtype``, ``type``),
    ``failure`` an exception (``error``, ``message``, ``line``) or ``timeout``; one of the two is given. ``changed`` are
    the arguments that the function modified.
    """

    number: int
    result: dict[str, Any] | None
    failure: dict[str, Any] | None
    changed: tuple[int, ...] = ()
    printed: str = ""


class Run(Struct, frozen=True):
    """How a whole run went: the calls that came back, and why it ended early, if it did.

    ``fatal`` is an exception outside of any call (while the source was loaded), ``undefined`` in it says that the
    source came to its end without a function of that name. ``ended`` says in words what ended the
    process before it was done: the time limit, the output limit, a signal or an exit of its own. ``stopped`` is set
    where somebody asked for the end; see `stopped_by`.
    """

    calls: tuple[Call, ...] = ()
    printed: str = ""
    fatal: dict[str, Any] | None = None
    ended: str = ""
    loaded: bool = False
    stopped: bool = False


@contextlib.contextmanager
def stopped_by(event: threading.Event) -> Iterator[None]:
    """Runs that this thread starts inside of the block end as soon as another thread sets ``event``."""
    token = _stop.set(event)
    try:
        yield
    finally:
        _stop.reset(token)


def run_function(
    source: str,
    function: str,
    inputs: Sequence[Sequence[Any]],
    cpu: float = CPU_SECONDS,
    wall: float = WALL_SECONDS,
    megabytes: int = MEGABYTES,
    as_arrays: bool = True,
    plain: bool = False,
) -> Run:
    """Call ``function`` of ``source`` on every input, in a child process.

    Lists are handed over ``as_arrays`` of NumPy or as they are. With ``plain`` results come back as plain values.

    Never raises for what the source does. The process and all that it started are gone when this returns.

    Raises:
        OSError: the child process cannot be started at all.
    """
    nonce = secrets.token_hex(12)
    job = {
        "source": source,
        "function": function,
        "inputs": [list(values) for values in inputs],
        "nonce": nonce,
        "cpu": cpu,
        "wall": wall,
        "megabytes": megabytes,
        "as_arrays": as_arrays,
        "plain": plain,
    }
    with tempfile.TemporaryDirectory(prefix="studyapp-", ignore_cleanup_errors=True) as folder:
        work = Path(folder) / "work"
        work.mkdir()
        job_file = Path(folder) / "job.json"
        job_file.write_text(json.dumps(job), encoding="utf-8")
        with job_file.open("rb") as stdin:
            process = _start(stdin, work)
        output, overflow, late = _wait(process, wall + GRACE_SECONDS, megabytes)
    stop = _stop.get()
    if stop is not None and stop.is_set():
        return Run(ended=_STOPPED(), stopped=True)
    return _read(output, nonce, overflow, late, process.returncode, len(inputs))


def _start(stdin: IO[bytes], work: Path) -> subprocess.Popen[bytes]:
    kept = (
        "SYSTEMROOT",
        "SYSTEMDRIVE",
        "WINDIR",
        "PATH",
        "LANG",
        "LC_ALL",
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
    )
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
    environment |= dict.fromkeys(threads, "1")
    environment |= {"TMPDIR": str(work), "TEMP": str(work), "TMP": str(work), "HOME": str(work)}
    flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
    return subprocess.Popen(
        [sys.executable, "-I", "-B", "-X", "utf8", str(_CHILD)],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=work,
        env=environment,
        start_new_session=True,
        close_fds=True,
        creationflags=flags,
    )


def _wait(process: subprocess.Popen[bytes], seconds: float, megabytes: int) -> tuple[bytes, bool, bool]:
    """The output of the process, whether there was too much of it, and whether its time ran out."""
    output = bytearray()
    overflow = threading.Event()

    def collect() -> None:
        assert process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            while chunk := os.read(process.stdout.fileno(), 65_536):
                if len(output) + len(chunk) > OUTPUT_BYTES:
                    overflow.set()
                    _kill(process)
                    return
                output.extend(chunk)

    reader = threading.Thread(target=collect, daemon=True)
    reader.start()
    try:
        late = not _ends_within(process, reader, seconds, megabytes if sys.platform == "darwin" else None)
    finally:
        _kill(process)
        process.wait()
        reader.join(timeout=2.0)
        if process.stdout is not None and not reader.is_alive():
            process.stdout.close()
    return bytes(output), overflow.is_set(), late


def _ends_within(
    process: subprocess.Popen[bytes], reader: threading.Thread, seconds: float, megabytes: int | None
) -> bool:
    """Wait for the process; with ``megabytes`` it is killed as soon as it is seen to hold more memory.

    It is also killed as soon as somebody asks for it; see `stopped_by`.

    The end of its output comes before its own end and wakes the waiting thread at once; ``Popen.wait`` only looks
    now and then.
    """
    deadline = time.monotonic() + seconds
    stop = _stop.get()
    look = _LOOK_SECONDS if stop is not None or megabytes is not None else seconds
    while reader.is_alive() and (left := deadline - time.monotonic()) > 0:
        reader.join(timeout=min(left, look))
        if stop is not None and stop.is_set():
            _kill(process)
            break
        if megabytes is not None and (resident_megabytes(process.pid) or 0) > megabytes:
            _kill(process)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=max(0.0, deadline - time.monotonic()))
    return process.poll() is not None


def resident_megabytes(process_id: int) -> int | None:
    """The memory that a process holds, as ``ps`` reports it; None where it does not."""
    try:
        done = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(process_id)], capture_output=True, text=True, check=True, timeout=2
        )
        return int(done.stdout) // 1024
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and everything that it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        with contextlib.suppress(OSError):
            subprocess.run(
                ["taskkill", "/T", "/F", "/PID", str(process.pid)],
                capture_output=True,
                check=False,
                timeout=5,
            )
    with contextlib.suppress(OSError):
        process.kill()


class _Record(Struct):
    """One line of the channel of results, as the child writes it: of a call, of the loading, or of the end."""

    input: int | None = None
    result: dict[str, Any] | None = None
    failure: dict[str, Any] | None = None
    changed: tuple[int, ...] = ()
    printed: str = ""
    fatal: dict[str, Any] | None = None
    ready: bool = False
    done: bool = False


def _read(output: bytes, nonce: str, overflow: bool, late: bool, code: int | None, count: int) -> Run:
    """The run that the lines of the channel tell of.

    Every call is told once and in its order, as the child does. From the first line on that is otherwise, which only
    the answer itself can have written, nothing counts.
    """
    calls: list[Call] = []
    printed, fatal, loaded, done = "", None, False, False
    for line in output.split(b"\n"):
        if not line.startswith(nonce.encode() + b" "):
            continue
        record = _record(line[len(nonce) + 1 :])
        number = None if record is None else record.input
        in_order = number is None or (loaded and number == len(calls) < count and record is not None and (
            (record.result is None) != (record.failure is None)))  # fmt: skip
        if record is None or done or fatal is not None or (record.ready and loaded) or not in_order:
            return Run((), printed, None, _FORGED(), loaded=True)
        if number is not None:
            calls.append(Call(number, record.result, record.failure, record.changed, record.printed))
        elif record.fatal is not None:
            fatal, printed = record.fatal, record.printed
        elif record.ready:
            loaded, printed = True, record.printed
        else:
            done = record.done
    ended = "" if done or fatal else _why_ended(overflow, late, code)
    return Run(tuple(calls), printed, fatal, ended, loaded)


def _record(line: bytes) -> _Record | None:
    """A line of the channel; None where it is none that the child writes."""
    try:
        record = convert(json.loads(line), _Record)
    except (ValueError, RecursionError, ValidationError):
        return None
    for failure in (record.fatal, record.failure):
        if failure is not None and not failure.get("timeout") and not _are_texts(failure, "error", "message"):
            return None
    return record if record.result is None or _is_result(record.result) else None


def _are_texts(record: dict[str, Any], *keys: str) -> bool:
    return all(isinstance(record.get(key), str) for key in keys)


def _is_result(result: dict[str, Any]) -> bool:
    """Whether a result has what the child says of one: its kind and, of numbers, their type, shape and values."""
    if not _are_texts(result, "kind"):
        return False
    if result["kind"] == "plain":
        return "value" in result
    if result["kind"] not in ("value", "too large"):
        return True
    shape = result.get("shape")
    if not _are_texts(result, "type", "dtype") or not isinstance(shape, list):
        return False
    return result["kind"] == "too large" or _has_shape(result.get("value"), shape)


def _has_shape(value: Any, shape: list[Any]) -> bool:
    """Whether nested lists of numbers have this shape."""
    if not shape:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, list) and len(value) == shape[0] and all(_has_shape(one, shape[1:]) for one in value)


def _why_ended(overflow: bool, late: bool, code: int | None) -> str:
    if overflow:
        return _TOO_MUCH_OUTPUT()
    if late:
        return _LATE()
    if code is not None and code < 0:
        name = signal.Signals(-code).name if -code in signal.Signals._value2member_map_ else str(-code)
        if name in ("SIGXCPU", "SIGKILL"):
            return _USED_UP()
        return _CRASHED(signal=name)
    return _EXITED()
