"""The geometry of two boxes and the measures of their overlap, each quantity with its gradient.

A `Quantity` holds a value (…) and its gradient (…, 4) with respect to x0, y0, x1, y1 of the predicted box, or None
where only values are asked for. Where two edges coincide a quantity has two one-sided derivatives; the gradient
takes their mean.
"""

from __future__ import annotations

from math import pi
from typing import Any, NamedTuple

import numpy as np

from . import numerics
from .conversion import Array


class Quantity(NamedTuple):
    """A value for each pair of boxes, and its gradient in the predicted box by the rules of calculus."""

    value: Any
    gradient: Any

    def plus(self, other: Quantity) -> Quantity:
        gradient = None if self.gradient is None else self.gradient + other.gradient
        return Quantity(self.value + other.value, gradient)

    def minus(self, other: Quantity) -> Quantity:
        gradient = None if self.gradient is None else self.gradient - other.gradient
        return Quantity(self.value - other.value, gradient)

    def times(self, other: Quantity) -> Quantity:
        gradient = None
        if self.gradient is not None:
            gradient = self.gradient * _column(other.value)
            gradient += other.gradient * _column(self.value)
        return Quantity(self.value * other.value, gradient)

    def over(self, other: Quantity) -> Quantity:
        """The quotient, and 0 with gradient 0 where the divisor is 0 (two boxes without any extent)."""
        empty = other.value == 0.0
        share = np.where(empty, 0.0, 1.0 / np.where(empty, 1.0, other.value))
        value = np.where(empty, 0.0, self.value / np.where(empty, 1.0, other.value))
        gradient = None
        if self.gradient is not None:
            gradient = other.gradient * _column(-value)
            gradient += self.gradient
            gradient *= _column(share)
        return Quantity(value, gradient)

    def scaled(self, factor: Any) -> Quantity:
        """Times something that does not depend on the predicted box."""
        return Quantity(self.value * factor, None if self.gradient is None else self.gradient * _column(factor))

    def shifted(self, term: Any) -> Quantity:
        """Plus something that does not depend on the predicted box."""
        return Quantity(self.value + term, self.gradient)


class Pair(NamedTuple):
    """What the measures are made of: overlap, union, and the smallest box that encloses both."""

    intersection: Quantity
    union: Quantity
    hull_width: Quantity
    hull_height: Quantity


def compare(box_true: Array, box_pred: Array, *, slopes: bool) -> Pair:
    """Intersection, union and enclosing box of each pair of boxes (…, 4), with gradients if `slopes`."""
    overlap_x, hull_width = _along_axis(box_true, box_pred, 0, slopes)
    overlap_y, hull_height = _along_axis(box_true, box_pred, 1, slopes)
    intersection = overlap_x.times(overlap_y)
    area_pred = side(box_pred, 0, slopes=slopes).times(side(box_pred, 1, slopes=slopes))
    area_true = (box_true[..., 2] - box_true[..., 0]) * (box_true[..., 3] - box_true[..., 1])
    return Pair(intersection, area_pred.shifted(area_true).minus(intersection), hull_width, hull_height)


def side(box: Array, axis: int, *, slopes: bool) -> Quantity:
    """Width (axis 0) or height (axis 1) of the predicted box."""
    return _interval(box, axis, box[..., axis + 2] - box[..., axis], (-1.0, 1.0) if slopes else None)


def centre_distance(box_true: Array, box_pred: Array, *, slopes: bool) -> Quantity:
    """Squared distance of the centres."""
    twice = box_pred[..., :2] + box_pred[..., 2:] - box_true[..., :2] - box_true[..., 2:]
    gradient = 0.5 * np.concatenate([twice, twice], axis=-1) if slopes else None
    return Quantity(0.25 * np.add.reduce(twice * twice, axis=-1), gradient)


def iou(box_true: Array, box_pred: Array, *, slopes: bool = False) -> Quantity:
    """I / U."""
    pair = compare(box_true, box_pred, slopes=slopes)
    return pair.intersection.over(pair.union)


def giou(box_true: Array, box_pred: Array, *, slopes: bool = False) -> Quantity:
    """I / U - (C - U) / C, C the area of the enclosing box."""
    pair = compare(box_true, box_pred, slopes=slopes)
    hull = pair.hull_width.times(pair.hull_height)
    return pair.intersection.over(pair.union).minus(hull.minus(pair.union).over(hull))


def diou(box_true: Array, box_pred: Array, *, slopes: bool = False) -> Quantity:
    """I / U - d²/c²."""
    pair = compare(box_true, box_pred, slopes=slopes)
    return pair.intersection.over(pair.union).minus(_centre_penalty(box_true, box_pred, pair, slopes))


def ciou(box_true: Array, box_pred: Array, *, slopes: bool = False, hold_alpha: bool = False) -> Quantity:
    """I / U - d²/c² - αv; with `hold_alpha` its gradient treats α as a constant."""
    pair = compare(box_true, box_pred, slopes=slopes)
    iou = pair.intersection.over(pair.union)
    aspect = _aspect_difference(box_true, box_pred, slopes)
    alpha = aspect.over(aspect.minus(iou).shifted(1.0))
    penalty = aspect.scaled(alpha.value) if hold_alpha else aspect.times(alpha)
    return iou.minus(_centre_penalty(box_true, box_pred, pair, slopes)).minus(penalty)


def distance_to_kink(box_true: Array, box_pred: Array, **_: Any) -> Any:
    """How far the edges are from coinciding: left with left, right with right, or left with right."""
    alike = np.abs(box_pred - box_true).min(axis=-1, initial=np.inf)
    touching = np.abs(np.minimum(box_pred, box_true)[..., 2:] - np.maximum(box_pred, box_true)[..., :2])
    return np.minimum(alike, touching.min(axis=-1, initial=np.inf))


def _centre_penalty(box_true: Array, box_pred: Array, pair: Pair, slopes: bool) -> Quantity:
    """d²/c²: squared distance of the centres over the squared diagonal of the enclosing box."""
    width, height = pair.hull_width, pair.hull_height
    return centre_distance(box_true, box_pred, slopes=slopes).over(width.times(width).plus(height.times(height)))


def _aspect_difference(box_true: Array, box_pred: Array, slopes: bool) -> Quantity:
    """v = 4/π² (atan(w_t/h_t) - atan(w/h))²."""
    width, height = side(box_pred, 0, slopes=slopes), side(box_pred, 1, slopes=slopes)
    angle_true = np.arctan2(box_true[..., 2] - box_true[..., 0], box_true[..., 3] - box_true[..., 1])
    gap = angle_true - np.arctan2(width.value, height.value)
    scale = 4.0 / pi**2
    if not slopes:
        return Quantity(scale * gap * gap, None)
    # d atan(w/h) = (h dw - w dh) / (w² + h²); a box without any extent has the slope 0
    turn = width.scaled(height.value).minus(height.scaled(width.value)).gradient
    diagonal = np.asarray(width.value**2 + height.value**2)[..., None]
    return Quantity(scale * gap * gap, np.asarray(-2.0 * scale * gap)[..., None] * numerics.ratio(turn, diagonal))


def _along_axis(box_true: Array, box_pred: Array, axis: int, slopes: bool) -> tuple[Quantity, Quantity]:
    """Length of the overlap and of the enclosing interval along one axis."""
    low_true, high_true = box_true[..., axis], box_true[..., axis + 2]
    low, high = box_pred[..., axis], box_pred[..., axis + 2]
    length = np.minimum(high, high_true) - np.maximum(low, low_true)
    hull = np.maximum(high, high_true) - np.minimum(low, low_true)
    if not slopes:
        return Quantity(np.maximum(length, 0.0), None), Quantity(hull, None)
    # Share of the predicted edge in min(high, high_true) and max(low, low_true): 1, 0, or ½ where they coincide.
    inner_low, inner_high, overlapping = _step(low - low_true), _step(high_true - high), _step(length)
    overlap = _interval(box_pred, axis, np.maximum(length, 0.0), (-inner_low * overlapping, inner_high * overlapping))
    return overlap, _interval(box_pred, axis, hull, (inner_low - 1.0, 1.0 - inner_high))


def _interval(box: Array, axis: int, length: Any, slopes: tuple[Any, Any] | None) -> Quantity:
    """A length that depends on the two edges of one axis alone, with its slopes in them."""
    if slopes is None:
        return Quantity(length, None)
    gradient = np.zeros(box.shape)
    gradient[..., axis], gradient[..., axis + 2] = slopes
    return Quantity(length, gradient)


def _step(difference: Any) -> Any:
    """1 where positive, 0 where negative, ½ at 0."""
    return 0.5 + 0.5 * np.sign(difference)


def _column(values: Any) -> Any:
    return np.asarray(values)[..., None]
