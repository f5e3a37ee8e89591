"""A program in a real pseudo-terminal: when its text appears, how soon it answers keys, how much memory it took."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

_CONTROL = re.compile(
    rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^][^\x1b]*\x1b\\|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[()][A-Z0-9]|\x1b."
)
PATIENCE = 60.0
_A_CLOCK = 400
"""Bytes: a clock in the corner takes less, the change of a card more."""


class Terminal:
    """Starts ``command`` in a terminal of its own, 100 columns by 30 lines."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            start_new_session=True,
        )
        os.close(slave)
        self._raw = b""
        self._from = 0

    @property
    def text(self) -> str:
        """All text since the last `forget`, without control sequences."""
        return _CONTROL.sub(b"", self._raw[self._from :]).decode("utf-8", "replace")

    @property
    def everything(self) -> str:
        """All that has ever been written, control sequences too."""
        return self._raw.decode("utf-8", "replace")

    @property
    def is_running(self) -> bool:
        """Whether the program has not ended."""
        return self._process.poll() is None

    def forget(self) -> None:
        """What has been written up to now is no longer looked at."""
        self._from = len(self._raw)

    def wait_for(self, text: str) -> float:
        """Seconds from the start of the program until ``text`` has been written. Raises TimeoutError."""
        limit = time.perf_counter() + PATIENCE
        while text not in self.text:
            if not self.read(limit - time.perf_counter()):
                raise TimeoutError(f"{text!r} did not come; the terminal shows:\n{self.text[-3000:]}")
        return time.perf_counter() - self.started

    def press(self, keys: str, watch: float = 0.4) -> float | None:
        """Sends keys and watches the screen for a while; seconds until it was repainted for the last time.

        None where the keys changed nothing: a single short write, such as a clock makes, is no repainting.
        """
        self.forget()
        sent = time.perf_counter()
        os.write(self._master, keys.encode())
        writes: list[tuple[float, int]] = []
        while (left := sent + watch - time.perf_counter()) > 0:
            before = len(self._raw)
            if self.read(left):
                writes.append((time.perf_counter() - sent, len(self._raw) - before))
        painting = [
            at
            for number, (at, size) in enumerate(writes)
            if size >= _A_CLOCK or any(abs(at - other) < 0.005 for other, _ in writes[:number] + writes[number + 1 :])
        ]
        return max(painting, default=None)

    @property
    def peak_megabytes(self) -> float:
        """The most memory the process has had (VmHWM; Linux)."""
        with open(f"/proc/{self._process.pid}/status", encoding="ascii") as status:
            found = re.search(r"VmHWM:\s+(\d+) kB", status.read())
        assert found is not None
        return int(found.group(1)) / 1024

    def send(self, keys: str) -> None:
        """Types keys."""
        os.write(self._master, keys.encode())

    def read(self, seconds: float) -> bool:
        """Takes in what is written within so many seconds; whether there was anything."""
        ready, _, _ = select.select([self._master], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            chunk = os.read(self._master, 65536)
        except OSError:
            return False
        self._raw += chunk
        return bool(chunk)

    def quit(self) -> None:
        """Leaves the app by its key and waits until the program has ended."""
        self.send("\x11")
        end = time.perf_counter() + PATIENCE
        while self._process.poll() is None and time.perf_counter() < end:
            self.read(0.1)

    def hang_up(self) -> int | None:
        """Closes the terminal under the program; its exit code, or None where it does not end."""
        os.close(self._master)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(PATIENCE / 4)
        return None

    def signal(self, number: int) -> int | None:
        """Sends a signal to the program alone and takes in what it still writes; its exit code, None if it stays."""
        self._process.send_signal(number)
        end = time.perf_counter() + PATIENCE / 4
        while self._process.poll() is None and time.perf_counter() < end:
            self.read(0.1)
        while self.read(0.1):
            pass
        return self._process.poll()

    def kill(self) -> None:
        """Ends the program at once."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.kill()
        with contextlib.suppress(OSError):
            os.close(self._master)
