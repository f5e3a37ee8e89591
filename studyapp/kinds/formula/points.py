"""Seeded points at which formulas are compared, from the declared domains of their variables."""

from __future__ import annotations

import math
from collections.abc import Mapping

from studyapp.cards.card import Domain
from studyapp.formula import parse
from studyapp.grading.stream import Stream

POINTS = 12
_MOST_ROUNDS = 50
LEAST = 8
"""So many points must be left where the right formula has a value."""


def sample_points(variables: Mapping[str, Domain], *seed: object, where: str = "") -> list[dict[str, float]]:
    """Twice as many points as are needed, fewer where the condition ``where`` hardly ever holds.

    A variable of few values takes every one of them in turn; one that lives between expressions of others follows
    them.
    """
    stream = Stream(*seed)
    found: list[dict[str, float]] = []
    for _ in range(_MOST_ROUNDS):
        found += [point for point in _round(variables, stream) if _holds(where, point)]
        if len(found) >= 2 * POINTS:
            break
    return found[: 2 * POINTS]


def _round(variables: Mapping[str, Domain], stream: Stream) -> list[dict[str, float]]:
    """Twice as many points as are needed, whether they meet the condition or not."""
    free = {name: domain for name, domain in variables.items() if not domain.between}
    starts = {name: stream.below(max(1, len(_values(domain)))) for name, domain in free.items()}
    points = []
    for number in range(2 * POINTS):
        points.append({name: _draw(domain, stream, starts[name] + number) for name, domain in free.items()})
    # variables of few values would otherwise run in step with each other
    for position, name in enumerate(name for name, domain in free.items() if _values(domain)):
        order = stream.shuffled(range(len(points))) if position else range(len(points))
        column = [points[place][name] for place in order]
        for point, value in zip(points, column, strict=True):
            point[name] = value
    if len(free) < len(variables):
        for point in points:
            _follow(variables, point, stream)
    return points


def _follow(variables: Mapping[str, Domain], point: dict[str, float], stream: Stream) -> None:
    """Draw the variables that live between expressions of those before them."""
    for name, domain in variables.items():
        if domain.between:
            low, high = (float(parse(text, tuple(variables)).evaluate(point)) for text in domain.between)
            inside = low if low == high else _draw(Domain(low=min(low, high), high=max(low, high)), stream, 0)
            point[name] = inside


def _holds(where: str, point: Mapping[str, float]) -> bool:
    return not where or bool(parse(where, tuple(point)).evaluate(point))


def _values(domain: Domain) -> tuple[float, ...]:
    """Everything the variable can be, where that is a short list."""
    if domain.values:
        return domain.values
    if domain.integer and domain.low is not None and domain.high is not None and domain.high - domain.low < POINTS:
        return tuple(float(value) for value in range(math.ceil(domain.low), math.floor(domain.high) + 1))
    return ()


def _draw(domain: Domain, stream: Stream, number: int) -> float:
    """A value of the domain, rounded so that it can be shown, strictly inside an interval."""
    values = _values(domain)
    if values:
        return float(values[number % len(values)])
    low = -4.0 if domain.low is None else domain.low
    high = low + 8.0 if domain.high is None else domain.high
    if domain.integer:
        return float(math.ceil(low) + stream.below(max(1, math.floor(high) - math.ceil(low) + 1)))
    width = high - low
    if not math.isfinite(width):
        return low * (1.0 - (fraction := stream.fraction())) + high * fraction
    decimals = max(0, 2 - math.floor(math.log10(width))) if width > 0 else 4
    value = round(low + width * (0.02 + 0.96 * stream.fraction()), decimals)
    return value or 10.0**-decimals  # a formula may have a hole at zero, as a/|a| has
