"""Which shapes the arguments of a loss may have together: nothing is broadcast."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .conversion import Array
from .domain import Domain, Whole
from .errors import LossError


def check_shapes(
    loss: str, arguments: Sequence[tuple[str, Domain]], arrays: Sequence[Array], shared: Collection[str]
) -> None:
    """Batch axes must be equal, and trailing axes of one name equally long. `shared` ones may lack batch axes."""
    lengths: dict[str, tuple[int, str]] = {}
    first: tuple[str, Domain, Array] | None = None
    for (name, domain), array in zip(arguments, arrays, strict=True):
        batch_axes = array.ndim - len(domain.trailing)
        if batch_axes < 0:
            axes = ", ".join(domain.trailing)
            raise LossError(f"{loss}: {name} has shape {array.shape}; it needs the axes (…, {axes})")
        for axis, length in zip(domain.trailing, array.shape[batch_axes:], strict=True):
            _check_length(loss, name, array, axis, length, lengths)
        batch = array.shape[:batch_axes]
        if not batch and name in shared:
            continue
        if first is None:
            first = (name, domain, array)
        elif batch != first[2].shape[: first[2].ndim - len(first[1].trailing)]:
            raise LossError(f"{loss}: {_difference(first, (name, domain, array))}")


def _check_length(
    loss: str, name: str, array: Array, axis: str, length: int, lengths: dict[str, tuple[int, str]]
) -> None:
    if axis.isdigit():
        if length != int(axis):
            raise LossError(f"{loss}: the last axis of {name} must have length {axis}; got {length}")
        return
    wanted, owner = lengths.setdefault(axis, (length, name))
    if length != wanted and owner == name:
        raise LossError(f"{loss}: {name} must be square; got shape {array.shape}")
    if length != wanted:
        raise LossError(f"{loss}: {name} has {length} entries along {axis} but {owner} has {wanted}; they must agree")


def _difference(first: tuple[str, Domain, Array], second: tuple[str, Domain, Array]) -> str:
    """What differs between the batch axes of two arguments, and what was expected."""
    (name, domain, array), (other_name, other_domain, other) = first, second
    found = f"{name} has shape {array.shape} but {other_name} has shape {other.shape}"
    if domain.trailing == other_domain.trailing:
        return f"{found}; they must be equal (nothing is broadcast)"
    axes, other_axes = (", ".join(["…", *entry.trailing]) for entry in (domain, other_domain))
    cure = ""
    if isinstance(domain, Whole) and array.shape == other.shape:
        cure = ". One-hot rows become class numbers by argmax(axis=-1)"
    return f"{found}; expected {name} ({axes}) and {other_name} ({other_axes}) with the same leading axes{cure}"
