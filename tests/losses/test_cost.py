"""What the losses cost: memory in proportion to the input, and an import that is little more than NumPy's."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from studyapp import losses
from tests.losses.samples import draw

IMPORT = """
import sys, time
start = time.process_time()
import numpy
middle = time.process_time()
from studyapp import losses
print(middle - start, time.process_time() - middle)
print(" ".join(sorted(name for name in sys.modules if name.split(".")[0] in {others})))
"""
OTHERS = ("textual", "rich", "click", "yaml", "msgspec", "fsrs", "scipy", "torch")


def test_importing_the_losses_needs_numpy_alone_and_little_time(tmp_path: Path) -> None:
    """At most 20 ms of processor time beyond NumPy's own, or a quarter of NumPy's where the machine is slow.

    The best of some runs counts, with compiled modules as an installed copy has them.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for _ in range(6):
        script = IMPORT.format(others=OTHERS)
        command = [sys.executable, "-c", script]
        result = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        numpy_seconds, seconds, *others = result.stdout.split()
        assert others == []
        if float(seconds) < max(0.02, float(numpy_seconds) / 4):
            return
    raise AssertionError(f"{seconds} s for the losses, {numpy_seconds} s for NumPy")


@pytest.mark.parametrize("name", losses.names())
def test_memory_is_a_small_multiple_of_the_input(name: str) -> None:
    """Peak of new memory in copies of the input and the result; the same at twice the size."""
    loss = losses.get(name)
    for function in (loss, loss.grad):
        copies = []
        for rows in (2000, 4000):
            arguments = draw(loss, np.random.default_rng(0), {}, batch=(rows,), away_from_kinks=-1.0)
            size = sum(argument.nbytes for argument in arguments) + np.asarray(function(*arguments)).nbytes
            tracemalloc.start()
            try:
                function(*arguments)
                copies.append(tracemalloc.get_traced_memory()[1] / size)
            finally:
                tracemalloc.stop()
        assert max(copies) < 12 and copies[1] < copies[0] * 1.1 + 0.1
