"""The real app as a child process: commands run to their end, and sessions that can be broken off."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
"""Seconds after which a child that says nothing counts as hung."""

_HEADER = re.compile(r"^--- (\w+) · (\S+) · left: [^\n]*---$", re.MULTILINE)


def environment(home: Path, **settings: str) -> dict[str, str]:
    """What the app is started with: its own home, no limits on new cards, compiled modules kept for the next start."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STUDYAPP_", "PYTHON"))}
    return kept | {
        "STUDYAPP_HOME": str(home),
        "STUDYAPP_NEW_PER_DAY": "-1",
        "STUDYAPP_REVIEWS_PER_DAY": "-1",
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONPYCACHEPREFIX": os.path.join(tempfile.gettempdir(), "studyapp-test-pycache"),
        "COLUMNS": "80",
        **settings,
    }


def run(
    home: Path, *arguments: str, typed: str = "", before: Callable[[], None] | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Runs one command to its end. ``before`` is called in the child before the app is started."""
    return subprocess.run(
        [sys.executable, "-m", "studyapp", *arguments],
        input=typed,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=environment(home, **settings),
        timeout=PATIENCE,
        preexec_fn=before,
        check=False,
    )


class Ended(Exception):
    """The session came to its end before what was waited for."""


class Review:
    """A running ``studyapp review``, driven line by line like a learner at a dumb terminal."""

    def __init__(self, home: Path, *arguments: str, before: Callable[[], None] | None = None, **settings: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "studyapp", "review", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment(home, **settings),
            preexec_fn=before,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._stdin = self._process.stdin.fileno()
        self._stdout = self._process.stdout.fileno()
        self._read = 0
        self.text = ""
        """All that the session has printed."""

    def send(self, text: str) -> None:
        """Types a line or several. A session that has ended no longer reads: that is no error here."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self._stdin, (text + "\n").encode())

    def next_card(self) -> str:
        """Waits for the next card to be shown; its id. Raises Ended."""
        return self.wait_for(_HEADER).group(2)

    def wait_for(self, pattern: re.Pattern[str] | str) -> re.Match[str]:
        """Waits for text that has not been waited for before. Raises Ended, or TimeoutError where it hangs."""
        wanted = re.compile(pattern, re.MULTILINE) if isinstance(pattern, str) else pattern
        limit = time.monotonic() + PATIENCE
        while (match := wanted.search(self.text, self._read)) is None:
            ready, _, _ = select.select([self._stdout], [], [], max(0.0, limit - time.monotonic()))
            if not ready:
                raise TimeoutError(f"waited in vain for {wanted.pattern!r} after:\n{self.text[-2000:]}")
            chunk = os.read(self._stdout, 65536)
            if not chunk:
                raise Ended(self.text[-2000:])
            self.text += chunk.decode("utf-8", "replace")
        self._read = match.end()
        return match

    def kill(self) -> None:
        """Ends the process at once, as a power cut would: nothing of it runs any more."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def finish(self) -> int:
        """Closes the input and waits for the end; the exit code."""
        with contextlib.suppress(BrokenPipeError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        with contextlib.suppress(Ended):
            self.wait_for(r"\Z(?!)")
        return self._process.wait(PATIENCE)

    def __enter__(self) -> Review:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.kill()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()


def without_surprise(output: str) -> bool:
    """Whether a command ended with words of its own: no traceback, no error that it did not expect."""
    return not any(sign in output for sign in ("Traceback", "Unexpected ", "AssertionError"))
