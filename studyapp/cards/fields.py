"""The fields of a struct with what is said of them, and the texts of a card that follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from studyapp.cards.field import Field

NOTHING_SAID = Field()


class StructField(Struct, frozen=True):
    """One field of a struct: its type without metadata, and its metadata."""

    name: str
    type: Any
    field: Field

    @property
    def goes_by_id(self) -> bool:
        """Whether it is a list of structs that are told apart by their ids."""
        return self.inner is not None and "id" in self.inner.__struct_fields__

    @property
    def inner(self) -> type[Any] | None:
        """The struct of which the field holds a list; None where it holds none."""
        if get_origin(self.type) is tuple:
            entry, _ = split(get_args(self.type)[0])
            if isinstance(entry, type) and issubclass(entry, Struct):
                return entry
        return None


def split(annotation: Any) -> tuple[Any, Field]:
    """A type and its metadata: ``Annotated[str, Field(…)]``, with or without ``| None``."""
    if get_origin(annotation) in (Union, UnionType):
        kept = [entry for entry in get_args(annotation) if entry is not NoneType]
        if len(kept) == 1:
            return split(kept[0])
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        return inner, next((entry for entry in metadata if isinstance(entry, Field)), NOTHING_SAID)
    return annotation, NOTHING_SAID


@cache
def fields_of(struct: Any) -> dict[str, StructField]:
    """The fields of a struct by name, in their order."""
    hints = get_type_hints(struct, include_extras=True)
    return {name: StructField(name, *split(hints[name])) for name in struct.__struct_fields__}


@cache
def seen_fields(struct: Any) -> tuple[StructField, ...]:
    """The fields that a learner reads, those of the kind before those that all cards have."""
    return tuple(one for one in _own_first(struct) if one.field.seen)


def _own_first(struct: Any) -> list[StructField]:
    inherited = getattr(struct.__base__, "__struct_fields__", ())
    return sorted(fields_of(struct).values(), key=lambda one: one.name in inherited)


@cache
def _names(struct: Any, searched: bool) -> tuple[str, ...]:
    """The fields that search looks through, or else those that a learner reads."""
    return tuple(one.name for one in _own_first(struct) if (one.field.searched if searched else one.field.seen))


def searched_texts(card: Struct) -> Iterator[str]:
    """The texts of a card that search looks through, its own ones before those that all cards have."""
    yield from _texts_of(card, True)


def seen_texts(value: Any) -> Iterator[str]:
    """The texts in a value that a learner reads."""
    yield from _texts(value, False)


def _texts(value: Any, searched: bool) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item, searched)
    elif isinstance(value, Struct):
        yield from _texts_of(value, searched)


def _texts_of(struct: Struct, searched: bool) -> Iterator[str]:
    for name in _names(type(struct), searched):
        yield from _texts(getattr(struct, name), searched)
