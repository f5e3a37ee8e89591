"""Class numbers, class weights and ignored labels, shared by the losses over rows of classes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .conversion import Array, show
from .errors import LossError


def class_numbers(loss: str, y_true: Array, count: int, ignore_index: int | None = None) -> NDArray[np.intp]:
    """Labels as indices into `count` classes; ignored ones become 0."""
    labels = y_true.astype(np.intp)
    if labels.size and labels.item(labels.argmin()) >= 0 and labels.item(labels.argmax()) < count:
        return labels if ignore_index is None else np.where(labels == ignore_index, 0, labels)
    outside = (labels < 0) | (labels >= count)
    if ignore_index is not None:
        ignored = labels == ignore_index
        outside = outside & ~ignored
        labels = np.where(ignored, 0, labels)
    if np.count_nonzero(outside):
        position = np.unravel_index(int(np.asarray(outside).argmax()), np.shape(outside))
        place = f" at [{', '.join(str(int(index)) for index in position)}]" if position else ""
        last = f"0 … {count - 1}" if count else "none, for there are no classes"
        cure = "; set ignore_index to leave such samples out" if ignore_index is None and y_true[position] < 0 else ""
        raise LossError(f"{loss}: y_true must be class numbers {last}; got {show(y_true[position])}{place}{cure}")
    return labels


def class_weights(loss: str, weight: Array | None, count: int) -> Array | None:
    """The weight vector, checked to have one entry a class."""
    if weight is None or weight.shape == (count,):
        return weight
    raise LossError(f"{loss}: weight must have one entry for each of the {count} classes; got shape {weight.shape}")


def label_weights(y_true: Array, labels: NDArray[np.intp], weight: Array | None, ignore_index: int | None) -> Any:
    """The weight of each sample: that of its class, 0 if it is ignored; None if all weigh 1."""
    weights = None if weight is None else weight[labels]
    if ignore_index is None:
        return weights
    kept = y_true != ignore_index
    return kept.astype(np.float64) if weights is None else weights * kept


def at_label(rows: Array, labels: NDArray[np.intp]) -> Any:
    """The entry of each row at its label: (…, C), (…) → (…)."""
    count = rows.shape[-1]
    places = np.arange(0, rows.size, max(count, 1))
    places += labels.ravel()
    return rows.ravel().take(places).reshape(labels.shape)


def spread_at_label(values: Any, labels: NDArray[np.intp], count: int) -> Any:
    """Rows that are 0 but for `values` at the labels: (…), (…) → (…, C)."""
    rows = np.zeros((*labels.shape, count))
    np.put_along_axis(rows, labels[..., None], np.asarray(values)[..., None], axis=-1)
    return rows
