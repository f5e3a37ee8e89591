"""What is installed: the constraints name every package that the project asks for, within the range it allows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LINES = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]


def test_the_constraints_hold_names_and_versions_only() -> None:
    assert [line for line in LINES if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line)] == []


def test_every_dependency_has_a_version_that_the_project_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [Requirement(text) for text in (*project["dependencies"], *project["optional-dependencies"]["test"])]
    versions = dict(line.split("==") for line in LINES)
    missing = [one.name for one in asked if one.name not in versions]
    outside = [str(one) for one in asked if one.name in versions and not one.specifier.contains(versions[one.name])]
    assert (missing, outside) == ([], [])
