"""Which axes make up one mask, shared by the segmentation losses."""

from __future__ import annotations

from typing import Any

import numpy as np

from .conversion import Array
from .errors import LossError
from .parameter import Axes

AXIS = Axes(
    "the axes that make up one mask, such as (-2, -1) for a batch of images; None for all: one mask", optional=True
)


def mask_axes(loss: str, axis: tuple[int, ...] | None, ndim: int) -> tuple[int, ...]:
    """The mask's axes, counted from 0 and in order."""
    if axis is None:
        return tuple(range(ndim))
    if any(not -ndim <= entry < ndim for entry in axis):
        raise LossError(f"{loss}: axis {axis} does not exist in masks of {ndim} axes")
    axes = tuple(sorted({entry % ndim for entry in axis}))
    if len(axes) != len(axis):
        raise LossError(f"{loss}: axis {axis} names an axis twice")
    return axes


def mask_count(loss: str, shape: tuple[int, ...], axis: tuple[int, ...] | None) -> int:
    """How many masks an array of this shape holds."""
    axes = mask_axes(loss, axis, len(shape))
    return int(np.prod([length for place, length in enumerate(shape) if place not in axes]))


def to_rows(array: Any, axes: tuple[int, ...], trailing: int = 0) -> Any:
    """Each mask flattened to one axis: (batch…, pixels), with `trailing` last axes kept behind it."""
    ndim = array.ndim - trailing
    kept = [place for place in range(ndim) if place not in axes]
    order = [*kept, *axes, *range(ndim, array.ndim)]
    moved = array if order == list(range(array.ndim)) else array.transpose(order)
    pixels = int(np.prod([array.shape[place] for place in axes]))
    return moved.reshape((*moved.shape[: len(kept)], pixels, *array.shape[ndim:]))


def from_rows(rows: Array, axes: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    """The inverse of `to_rows`, for masks of the given shape; axes of `rows` behind the pixels stay behind."""
    kept = [place for place in range(len(shape)) if place not in axes]
    order = [*kept, *axes]
    behind = rows.shape[len(kept) + 1 :]
    unfolded = rows.reshape((*(shape[place] for place in order), *behind))
    return unfolded.transpose([*np.argsort(order), *range(len(shape), len(shape) + len(behind))])
