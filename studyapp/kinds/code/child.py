"""The program of the child process that runs a learner's function. It is run by path and imports nothing of the app.

It reads one JSON object from standard input (``source``, ``function``, ``inputs``, ``nonce`` and the limits), calls the
function on each input and writes one line a call to a copy of standard output, led by the nonce. What the function
prints goes into the line of its call.

NumPy (as ``np``) and ``math`` are there without an import.

The limits guard against accidents: an endless loop, too much memory, a file written by mistake, a process started. They
are no prison; the learner owns the machine. What Python refuses says so in words; beside it stands what the kernel
refuses (``kernel_guard``), for ways past Python.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import signal
import sys
import traceback
from typing import Any

PRINTED = 4_000
"""Characters of printed output that are kept of each call."""

ENTRIES = 20_000
"""The largest result that is sent back."""

_FORBIDDEN = {
    "os.fork": "starting processes",
    "os.forkpty": "starting processes",
    "os.posix_spawn": "starting processes",
    "os.spawn": "starting processes",
    "os.exec": "starting processes",
    "os.system": "starting processes",
    "subprocess.Popen": "starting processes",
    "pty.spawn": "starting processes",
    "os.kill": "sending signals",
    "os.killpg": "sending signals",
    "signal.pthread_kill": "sending signals",
    "os.remove": "deleting files",
    "os.rmdir": "deleting files",
    "shutil.rmtree": "deleting files",
    "os.rename": "renaming files",
    "os.truncate": "changing files",
    "os.chmod": "changing files",
    "os.chown": "changing files",
    "os.link": "changing files",
    "os.symlink": "changing files",
    "os.utime": "changing files",
    "os.setxattr": "changing files",
    "os.removexattr": "changing files",
    "os.chflags": "changing files",
    "os.mkdir": "making folders",
    "os.chdir": "changing the folder",
    "gc.get_objects": "looking through all objects",
    "gc.get_referrers": "looking through all objects",
    "gc.get_referents": "looking through all objects",
}
_FORBIDDEN_KINDS = {
    "socket": "the network",
    "sqlite3": "opening databases",
    "ctypes": "native libraries",
    "urllib": "the network",
    "webbrowser": "the network",
    "winreg": "the registry",
}
"""By what the name of an event begins with."""

_WITHOUT_EVENT = {"mkfifo": "making files", "mknod": "making files", "fchdir": "changing the folder"}
"""Functions of ``os`` of which Python tells nobody."""


class OutOfTime(BaseException):
    """The time of all calls together is used up."""


class Printed(io.TextIOBase):
    """Standard output of the learner's function: keeps the beginning and drops the rest."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        room = PRINTED - self.length
        if room > 0:
            self.parts.append(text[:room])
        self.length += len(text)
        return len(text)

    def take(self) -> str:
        """What was printed since the last time."""
        text = "".join(self.parts)
        if self.length > PRINTED:
            text += f"\n… {self.length - PRINTED} more characters"
        self.parts, self.length = [], 0
        return text


def limit_resources(seconds: int, megabytes: int) -> None:
    """Set every limit that the system knows and allows; a limit that it refuses is left out."""
    try:
        import resource
    except ImportError:
        return
    wanted = [
        ("RLIMIT_CPU", seconds, seconds + 1),
        ("RLIMIT_AS", megabytes << 20, megabytes << 20),
        ("RLIMIT_DATA", megabytes << 20, megabytes << 20),
        ("RLIMIT_FSIZE", 1 << 20, 1 << 20),
        ("RLIMIT_CORE", 0, 0),
        ("RLIMIT_NOFILE", 64, 64),
    ]
    for name, soft, hard in wanted:
        which = getattr(resource, name, None)
        if which is None:
            continue
        with contextlib.suppress(ValueError, OSError):
            ceiling = resource.getrlimit(which)[1]
            if ceiling != resource.RLIM_INFINITY:
                soft, hard = min(soft, ceiling), min(hard, ceiling)
            resource.setrlimit(which, (soft, hard))


class Clock:
    """Raises ``OutOfTime`` in the function when its time is up, once, so that the line it hangs at is known.

    While a result is reported it waits: ``late`` says then that the time has come to its end.
    """

    def __init__(self) -> None:
        self.is_reporting = False
        self.late = False
        self._timers: list[int] = []

    def start(self, cpu: float, wall: float) -> None:
        """Begin to count computing time, and time by the clock."""
        for name, timer, seconds in (("SIGPROF", "ITIMER_PROF", cpu), ("SIGALRM", "ITIMER_REAL", wall)):
            if hasattr(signal, name) and hasattr(signal, timer):
                self._timers.append(getattr(signal, timer))
                signal.signal(getattr(signal, name), self._stop)
                signal.setitimer(self._timers[-1], seconds)

    def _stop(self, number: int, frame: Any) -> None:
        for timer in self._timers:
            signal.setitimer(timer, 0)
        first, self.late = not self.late, True
        # The other signal may wait already: raised where the first one is handled, it would end the process.
        if first and not self.is_reporting:
            raise OutOfTime


def forbid(folder: str) -> None:
    """Refuse what a loss function never needs and an accident may do harm with; the app's own modules, too.

    The check holds itself what it needs, as values that cannot be changed, so that an answer that replaces functions
    of Python's own does not replace those that are used here.
    """
    folder = os.path.join(os.path.realpath(folder), "")
    above = os.path.realpath(__file__)
    for _ in range(3):
        above = os.path.dirname(above)
    app = os.path.join(above, "")
    refused, kinds = tuple(_FORBIDDEN.items()), tuple(_FORBIDDEN_KINDS.items())
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    letters, absolute, is_folder = frozenset("wax+"), os.path.realpath, os.path.isdir
    error, missing, kind_of, text, number = PermissionError, ModuleNotFoundError, type, str, int

    def check(event: str, arguments: tuple[Any, ...]) -> None:
        kind = event.partition(".")[0]
        for name, what in refused:
            if name == event:
                raise error(f"{what} is not possible here")
        for name, what in kinds:
            if name == kind:
                raise error(f"{what} is not possible here")
        if event == "import":
            if arguments[0].partition(".")[0] == "studyapp":
                raise missing("the reference is not for copying")
        elif event == "open":
            path, mode, flags = arguments
            place = absolute(path) if kind_of(path) is text else ""
            writes = kind_of(mode) is text and not letters.isdisjoint(mode)
            if writes or (kind_of(flags) is number and flags & writing):
                if not place.startswith(folder):
                    raise error("writing files is not possible here")
            elif place.startswith(app):
                raise error("the reference is not for copying")
            elif mode is None and (not place or is_folder(place)):
                raise error("opening folders is not possible here")

    for name, what in _WITHOUT_EVENT.items():
        _replace(name, what)
    sys.addaudithook(check)


def _replace(name: str, what: str) -> None:
    """Put a function that refuses in the place of one of ``os``."""

    def refuse(*arguments: Any, **named: Any) -> None:
        raise PermissionError(f"{what} is not possible here")

    for module in {os, sys.modules[os.name]}:
        if hasattr(module, name):
            setattr(module, name, refuse)


def line_in_source(error: BaseException) -> int | None:
    """The last line of the learner's source that the error passed through."""
    line = None
    for frame, number in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename == "<answer>":
            line = number
    return line


def failure(error: BaseException) -> dict[str, Any]:
    """An exception as data."""
    if isinstance(error, OutOfTime):
        return {"timeout": True, "line": line_in_source(error)}
    try:
        message = str(error)
    except BaseException:
        message = ""
    return {"error": type(error).__name__, "message": message[:400], "line": line_in_source(error)}


def to_arguments(values: list[Any], as_arrays: bool) -> list[Any]:
    """Fresh arguments for one call: lists of numbers as NumPy arrays, or everything as it is."""
    import copy

    import numpy as np

    if not as_arrays:
        return copy.deepcopy(values)
    return [np.array(value) if isinstance(value, list) else value for value in values]


def encode_plain(result: Any) -> dict[str, Any]:
    """A result as a plain value: what is NumPy's as Python's own, tuples as lists, sets sorted."""
    left = [ENTRIES]

    def plain(value: Any, depth: int = 0) -> Any:
        left[0] -= 1
        if left[0] < 0 or depth > 50:
            raise OverflowError
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if type(value).__module__ == "numpy":
            return plain(value.tolist(), depth + 1)
        if isinstance(value, dict):
            if not all(isinstance(key, str) for key in value):
                return {str(key): plain(inner, depth + 1) for key, inner in value.items()}
            return {key: plain(inner, depth + 1) for key, inner in value.items()}
        if isinstance(value, (set, frozenset)):
            members = [plain(inner, depth + 1) for inner in value]
            return sorted(members, key=lambda inner: (type(inner).__name__, str(inner)))
        if isinstance(value, (list, tuple)) or type(value).__name__ == "deque":
            return [plain(inner, depth + 1) for inner in value]
        raise TypeError

    try:
        return {"kind": "plain", "value": plain(result)}
    except OverflowError:
        return {"kind": "value of more than 20,000 entries"}
    except Exception:
        return {"kind": type(result).__name__}


def encode(result: Any) -> dict[str, Any]:
    """A result as data: its values, and the type, shape and dtype they came in."""
    import numpy as np

    if result is None:
        return {"kind": "None"}
    if isinstance(result, (str, bytes, dict, set, type)) or callable(result):
        return {"kind": type(result).__name__}
    try:
        array = np.asarray(result)
    except Exception:
        return {"kind": type(result).__name__}
    if array.dtype.kind not in "biufc":
        return {"kind": type(result).__name__, "dtype": str(array.dtype)}
    encoded: dict[str, Any] = {"kind": "value", "type": type(result).__name__, "dtype": str(array.dtype)}
    encoded["shape"] = list(array.shape)
    if array.size > ENTRIES:
        return {**encoded, "kind": "too large"}
    if array.dtype.kind == "c":
        return {**encoded, "kind": "complex"}
    return {**encoded, "value": array.astype(float).tolist()}


def call(
    function: Any, values: list[Any], printed: Printed, as_arrays: bool = True, plain: bool = False
) -> dict[str, Any]:
    """One call of the function, with all that is known of how it went."""
    import numpy as np

    arguments = to_arguments(values, as_arrays)
    before = to_arguments(values, as_arrays)
    try:
        with np.errstate(all="ignore"):
            record = {"result": (encode_plain if plain else encode)(function(*arguments))}
    except OutOfTime as error:
        record = {"failure": failure(error)}
    except BaseException as error:  # whatever the answer raises, SystemExit included, is its result
        record = {"failure": failure(error)}
    changed = [place for place, (old, new) in enumerate(zip(before, arguments, strict=True)) if is_changed(old, new)]
    return {**record, "changed": changed, "printed": printed.take()}


def is_changed(old: Any, new: Any) -> bool:
    """Whether an argument is another after the call than it was before."""
    import numpy as np

    if isinstance(old, np.ndarray):
        return bool(old.shape != new.shape or old.tobytes() != new.tobytes())
    return isinstance(old, (list, dict)) and bool(repr(old) != repr(new))


def main() -> None:
    """Run the job that stands on standard input."""
    job = json.loads(sys.stdin.buffer.read())
    channel = os.dup(1)
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    nonce = job["nonce"]

    clock = Clock()

    def report(record: dict[str, Any]) -> None:
        clock.is_reporting = True
        line = f"\n{nonce} {json.dumps(record)}\n".encode()
        while line:
            line = line[os.write(channel, line) :]
        clock.is_reporting = False

    limit_resources(int(job["cpu"]) + 2, job["megabytes"])
    try:
        import numpy
    except MemoryError:
        report({"fatal": {"error": "MemoryError", "message": "NumPy could not be loaded", "line": None}})
        os._exit(0)
    numpy.random.default_rng(0).random(1)
    printed = Printed()
    sys.stdout = printed
    sys.stderr = printed
    sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
    from kernel_guard import refuse_in_kernel  # type: ignore[import-not-found]

    del sys.path[0], sys.modules["kernel_guard"]
    refuse_in_kernel(os.getcwd())
    forbid(os.getcwd())
    namespace: dict[str, Any] = {"__name__": "answer", "np": numpy, "numpy": numpy, "math": math}
    try:
        clock.start(job["cpu"], job["wall"])
        exec(compile(job["source"], "<answer>", "exec"), namespace)
        if not callable(function := namespace.get(job["function"])):
            undefined = {"error": "KeyError", "message": job["function"], "line": None, "undefined": True}
            report({"fatal": undefined, "printed": printed.take()})
            os._exit(0)
    except BaseException as error:
        report({"fatal": failure(error), "printed": printed.take()})
        os._exit(0)
    report({"ready": True, "printed": printed.take()})
    for number, values in enumerate(job["inputs"]):
        try:
            if clock.late:
                raise OutOfTime
            record = call(function, values, printed, job["as_arrays"], job["plain"])
        except BaseException as error:
            record = {"failure": failure(error), "changed": [], "printed": ""}
        report({"input": number, **record})
        if "timeout" in record.get("failure", {}):
            break
    report({"done": True})
    os._exit(0)


if __name__ == "__main__":
    main()
