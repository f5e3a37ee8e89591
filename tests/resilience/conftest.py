"""A folder in memory where the system has one: a killed process leaves the same behind, without waiting for a disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .scratch import scratch_folder


@pytest.fixture
def scratch() -> Iterator[Path]:
    """An empty folder, deleted afterwards."""
    with scratch_folder() as folder:
        yield folder
