"""Times every reference loss and gradient beside PyTorch in eager mode on one thread, in the same run.

    python tests/benchmarks/bench_losses.py [--sizes 8 1000 1000000] [--only NAME …]

Needs torch. Prints microseconds a call and the ratio reference / torch, then the geometric means, which must stay
at most 1.0 at 8 elements and 1.5 at 1,000,000 (exit code 1 if not). Both sides compute in float64 on the same
values. A torch gradient is the forward pass and autograd's backward pass; it has no other way to a gradient.
"""

# ruff: noqa: E402 - the number of threads must be set before NumPy and torch are imported

from __future__ import annotations

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import torch

from studyapp import losses
from tests.losses import torch_losses

BOUNDS = {8: 1.0, 1_000_000: 1.5}
LOGIT_FORMS = ("bce", "balanced_bce", "cross_entropy", "sparse_cross_entropy", "focal", "softmax_focal")
LENGTHS = {"C": 8, "D": 8, "K": 4, "X": 2, "Y": 4, "4": 4}


def shapes(loss: losses.Loss, size: int, logits: bool) -> dict[str, tuple[int, ...]]:
    """The shapes of the arguments so that the largest holds about `size` numbers."""
    domain = loss.logit_domain if logits else loss.domain
    if "N" in {axis for entry in domain.values() for axis in entry.trailing}:
        side = max(2, round(size**0.5))
        return dict.fromkeys(domain, (side, side))
    lengths = dict(LENGTHS, K=2, D=4) if size < 32 else LENGTHS
    trailing = {name: tuple(lengths[axis] for axis in entry.trailing) for name, entry in domain.items()}
    rows = max(1, size // max(int(np.prod(shape)) for shape in trailing.values()))
    return {name: (rows, *shape) for name, shape in trailing.items()}


def arguments(loss: losses.Loss, size: int, logits: bool, random: np.random.Generator) -> list[Any]:
    domain = loss.logit_domain if logits else loss.domain
    return [domain[name].sample(random, shape) for name, shape in shapes(loss, size, logits).items()]


def torch_gradient(name: str, prepared: list[torch.Tensor], place: int, parameters: dict[str, Any]) -> Any:
    run = torch_losses.LOSSES[name]
    if name == "softmax":
        return lambda: _softmax_jacobian(prepared[0])
    if name == "log_softmax":
        return lambda: torch.eye(prepared[0].shape[-1]) - torch.softmax(prepared[0], -1)[..., None, :]
    leaf = prepared[place].requires_grad_()

    def forward_and_backward() -> Any:
        result = run(prepared, "mean", parameters)
        return torch.autograd.grad(result if result.ndim == 0 else result.sum(), leaf)

    return forward_and_backward


def _softmax_jacobian(z: torch.Tensor) -> torch.Tensor:
    p = torch.softmax(z, -1)
    return torch.diag_embed(p) - p[..., :, None] * p[..., None, :]


def best_times(calls: list[Callable[[], Any]], budget: float) -> list[float]:
    """Least seconds a call for each, taken in turns so that a busy machine hits all alike."""
    counts = []
    for call in calls:
        call()
        start = time.perf_counter()
        call()
        once = time.perf_counter() - start
        counts.append(max(1, int(budget / 8 / max(once, 1e-7))))
    best = [float("inf")] * len(calls)
    for _ in range(8):
        for place, call in enumerate(calls):
            start = time.perf_counter()
            for _ in range(counts[place]):
                call()
            best[place] = min(best[place], (time.perf_counter() - start) / counts[place])
    return best


def cases(only: list[str]) -> list[tuple[str, bool]]:
    names = [name for name in losses.names() if not only or name in only]
    return [(name, False) for name in names] + [(name, True) for name in names if name in LOGIT_FORMS]


def measure(size: int, only: list[str], budget: float) -> tuple[list[float], float]:
    """One table; returns all ratios and the worst of them."""
    print(f"\n{size:,} elements{'':27} value: ours  torch  ratio   gradient: ours  torch  ratio   (µs)")
    random = np.random.default_rng(0)
    ratios: list[float] = []
    for name, logits in cases(only):
        loss = losses.get(name)
        drawn = arguments(loss, size, logits, random)
        parameters = {"from_logits": True} if logits else {}
        prepared = torch_losses.tensors(drawn)
        place = 0 if name in ("triplet", "info_nce") else len(drawn) - 1
        run = torch_losses.LOSSES[name]
        calls: list[Callable[[], Any]] = [
            lambda loss=loss, drawn=drawn, parameters=parameters: loss(*drawn, **parameters),
            lambda run=run, prepared=prepared, parameters=parameters: run(prepared, "mean", parameters),
        ]
        differentiable = name not in ("zero_one", "mean_iou")
        if differentiable:
            leaves = torch_losses.tensors(drawn)
            calls.append(lambda loss=loss, drawn=drawn, parameters=parameters: loss.grad(*drawn, **parameters))
            calls.append(torch_gradient(name, leaves, place, parameters))
        times = best_times(calls, budget)
        line = f"{name + (' from logits' if logits else ''):36}"
        for ours, theirs in zip(times[::2], times[1::2], strict=True):
            ratios.append(ours / theirs)
            line += f"{ours * 1e6:15.1f} {theirs * 1e6:10.1f} {ours / theirs:6.2f}"
        print(line, flush=True)
    return ratios, max(ratios)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[8, 1000, 1_000_000])
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--budget", type=float, default=0.05, help="seconds for each figure")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    print(f"numpy {np.__version__}, torch {torch.__version__}, one thread, float64")
    summary, failed = [], False
    for size in options.sizes:
        ratios, worst = measure(size, options.only, options.budget)
        mean = float(np.exp(np.mean(np.log(ratios))))
        bound = BOUNDS.get(size)
        verdict = "" if bound is None else f" (at most {bound}: {'met' if mean <= bound else 'MISSED'})"
        failed |= bound is not None and mean > bound
        summary.append(f"{size:>9,} elements: geometric mean {mean:.2f}{verdict}, worst {worst:.2f}")
    print("\n" + "\n".join(summary))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
