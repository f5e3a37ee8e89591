"""A folder in memory where the system has one: a killed process leaves the same behind, without waiting for a disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .scratch import scratch_folder

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test of this folder, so that the quick suite leaves them out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.resilience)


@pytest.fixture
def scratch() -> Iterator[Path]:
    """An empty folder, deleted afterwards."""
    with scratch_folder() as folder:
        yield folder
