"""The losses against independent libraries: recorded values and gradients, and live where they are installed."""

from __future__ import annotations

import importlib.util
import json
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from studyapp import losses

RECORDINGS = Path(__file__).resolve().parents[1] / "data" / "losses"
RELATIVE, ABSOLUTE = 2e-12, 2e-14
LOOSER = {
    # Libraries that lose digits where this module does not: 1 - p from p where p is near 1.
    "focal": 1e-10,
    "softmax_focal": 1e-10,
}
SINGLE_PRECISION = {("monai", name) for name in losses.names("detection")} | {
    ("keras", name) for name in (*losses.names("detection"), *losses.names("classification"), "log_cosh")
}
"""Libraries that compute in float32 whatever they are given; a second one in float64 stands beside each."""


def load(name: str) -> dict[str, Any]:
    return json.loads((RECORDINGS / f"{name}.json").read_text(encoding="utf-8"))


def numbers(values: Any) -> Any:
    return np.array(values, dtype=np.float64)  # reads "inf" and "-inf" too


def keywords(case: dict[str, Any], *, gradient: bool) -> dict[str, Any]:
    parameters = {
        name: value for name, value in case["parameters"].items() if gradient or name not in ("wrt", "hold_alpha")
    }
    return parameters if case["reduction"] is None else {"reduction": case["reduction"], **parameters}


def compare(name: str, what: str, case: dict[str, Any], ours: Any, theirs: dict[str, Any]) -> None:
    for library, expected in theirs.items():
        np.testing.assert_allclose(
            ours,
            numbers(expected),
            rtol=1e-6 if (library, name) in SINGLE_PRECISION else LOOSER.get(name, RELATIVE),
            atol=1e-6 if (library, name) in SINGLE_PRECISION else ABSOLUTE * max(1.0, _largest(expected)),
            err_msg=f"{what} of {name} against {library}: {case['arguments']} {case['parameters']} {case['reduction']}",
        )


def _largest(values: Any) -> float:
    finite = numbers(values)
    finite = np.abs(finite[np.isfinite(finite)])
    return float(finite.max()) if finite.size else 1.0


@pytest.mark.parametrize("name", losses.names())
def test_agrees_with_the_recorded_libraries(name: str) -> None:
    loss, recording = losses.get(name), load(name)
    for case in recording["cases"]:
        arguments = case["arguments"]
        compare(name, "value", case, loss(*arguments, **keywords(case, gradient=False)), case["values"])
        if case["gradients"]:
            compare(name, "gradient", case, loss.grad(*arguments, **keywords(case, gradient=True)), case["gradients"])


@pytest.mark.parametrize("name", losses.names())
def test_recording_is_broad_enough(name: str) -> None:
    recording = load(name)
    random = [case for case in recording["cases"] if case["kind"] == "random"]
    edges = [case for case in recording["cases"] if case["kind"] == "edge"]
    assert len(random) >= 50 and edges
    assert all("torch" in case["values"] for case in random)
    others = {library for case in random for library in case["values"]} - {"torch"}
    assert others, "no second library or formulation"
    assert recording["libraries"]["torch"].startswith("2.13.0")
    if name not in ("zero_one", "mean_iou"):
        assert sum("torch" in case["gradients"] for case in random) >= 50


@pytest.mark.parametrize("name", losses.names())
def test_agrees_with_the_installed_libraries(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip(
            "tests.losses.oracles", reason="needs the libraries of the extra oracles", exc_type=ImportError
        )
    recorder = _recorder()
    loss = losses.get(name)
    for case in load(name)["cases"][::3]:
        is_edge = case["kind"] == "edge"
        live = recorder.run_oracles(name, case["arguments"], case["reduction"], case["parameters"], is_edge=is_edge)
        compare(name, "value", case, loss(*case["arguments"], **keywords(case, gradient=False)), live["values"])
        for library, value in live["values"].items():
            if library in case["values"]:
                np.testing.assert_allclose(numbers(case["values"][library]), value, rtol=1e-9, atol=1e-12)


def _recorder() -> ModuleType:
    """The script that wrote the recordings."""
    spec = importlib.util.spec_from_file_location("record", RECORDINGS / "record.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
