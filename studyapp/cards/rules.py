"""What must hold inside one card, beyond the form of its keys: findings, and the rules that several kinds share.

Rules are pure: a finding says where in the card (``path``), what is wrong and what to do. Only findings of severity
``error`` cost the card.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from studyapp.cards.card import Draw, DrawnCard, Misconception
from studyapp.forms.node import NodePath
from studyapp.forms.problem import Severity, did_you_mean, quoted
from studyapp.formula import ExpressionError, Placeholder, parse, split_placeholders
from studyapp.formula.definitions import read_head
from studyapp.locale.message import Message

_WRONG_ANSWER = Message("wrong answer")
_TEXT = Message("this text")
_WHOLE_NUMBER = Message("is not a whole number")
_DRAWN = Message("is not drawn")
_BEFORE = Message(" before it")

_SIZE = Message("the size {entry} {what}{before}")
_THERE_EARLIER = Message("there is an earlier {what} with {name}")
_NAME_MEANS_SOMETHING_EXPRESSIONS = Message("the name {name} means something in expressions already")


_SAME_NAMES = Message("every row has the same names: {names}")
_DEFINED_TWICE = Message("{name} stands there twice")
_DRAWN_TWICE = Message("{name} is drawn already")


class Finding(Struct, frozen=True):
    """One thing that is wrong in a card. ``at`` is the place inside the text at ``path``, from 0, where it is
    known."""

    path: NodePath
    code: str
    message: str
    hint: str = ""
    severity: Severity = "error"
    at: int = 0


def sizes(draws: Mapping[str, Draw], path: NodePath = ("draw",)) -> Iterator[Finding]:
    """Sizes may only name whole numbers that are drawn before them."""
    whole: list[str] = []
    for name, draw in draws.items():
        for entry in draw.size:
            if isinstance(entry, str) and entry not in whole:
                what = _WHOLE_NUMBER() if entry in draws else _DRAWN()
                before = _BEFORE() if entry in draws else ""
                yield Finding(
                    (*path, name, "size"),
                    "draw",
                    _SIZE(entry=quoted(entry), what=what, before=before),
                    did_you_mean(entry, whole),
                )
        if not draw.size and _is_count(draw):
            whole.append(name)


def drawn_names(card: DrawnCard) -> Generator[Finding, None, tuple[str, ...]]:
    """What is wrong with the names that a card draws and works out; gives these names."""
    for index, row in enumerate(card.rows):
        if set(row) != set(card.rows[0]):
            yield Finding(("rows", index), "rows", _SAME_NAMES(names=", ".join(card.rows[0])))
        yield from sizes(row, ("rows", index))
        yield from reserved(("rows", index), row)
    yield from sizes(card.draw)
    yield from reserved(("draw",), card.draw)
    known = yield from _definitions(card)
    for name in card.rows[0] if card.rows else ():
        if name in known:
            yield Finding(("rows", 0, name), "duplicate-name", _DRAWN_TWICE(name=quoted(name)))
        known.append(name)
    for name in card.draw:
        if name in known:
            yield Finding(("draw", name), "duplicate-name", _DRAWN_TWICE(name=quoted(name)))
        known.append(name)
    for name in card.let:
        if name in known:
            yield Finding(("let", name), "duplicate-name", _DRAWN_TWICE(name=quoted(name)))
    yield from reserved(("let",), card.let)
    for name, expression in card.let.items():
        yield from readable(("let", name), expression, known)
        known.append(name)
    return tuple(known)


def _definitions(card: DrawnCard) -> Generator[Finding, None, list[str]]:
    """What is wrong with the definitions of a card; gives the names by which expressions know them."""
    known: list[str] = []
    for text, expression in card.define.items():
        head, path = read_head(text), ("define", text)
        parameters = head.parameters or ()
        for one in reserved(("define",), [head.name]):
            yield Finding(path, one.code, one.message)
        if any(name.partition("/")[0] == head.name for name in known) or len(set(parameters)) < len(parameters):
            yield Finding(path, "duplicate-name", _DEFINED_TWICE(name=quoted(head.name)))
        for one in reserved(("define",), parameters):
            yield Finding(path, one.code, one.message)
        yield from readable(path, expression, (*(name for name in known if name not in parameters), *parameters))
        known.append(head.key)
    return known


def _is_count(draw: Draw) -> bool:
    if draw.rule == "integers":
        return int(draw.arguments[0]) >= 1  # type: ignore[arg-type]
    if draw.rule in ("value", "choice"):
        return all(type(value) is int and value >= 1 for value in draw.arguments)
    return False


def doubles(path: NodePath, key: str, values: Iterable[str], what: str) -> Iterator[Finding]:
    """Values that stand twice under ``key`` in a list."""
    seen: set[str] = set()
    for index, value in enumerate(values):
        if value in seen:
            name = quoted(value) if key == "id" else _TEXT()
            yield Finding((*path, index, key), "duplicate", _THERE_EARLIER(what=what, name=name))
        seen.add(value)


def mistakes(
    path: NodePath, wrong: Sequence[Misconception], names: Iterable[str] | None, says: bool = False
) -> Iterator[Finding]:
    """Wrong answers: no id twice, values that can be read (unless ``names`` is None: they are not known).

    ``says``: what is said then may hold placeholders.
    """
    yield from doubles(path, "id", [entry.id for entry in wrong], _WRONG_ANSWER())
    if names is None:
        return
    for index, entry in enumerate(wrong):
        yield from readable((*path, index, "value"), entry.value, names)
        if says:
            yield from placeholders((*path, index, "say"), entry.say, names)


def readable(path: NodePath, text: str, names: Iterable[str]) -> Iterator[Finding]:
    """An expression that cannot be read, or uses a name that means nothing."""
    try:
        parse(text, tuple(names))
    except ExpressionError as error:
        yield Finding(path, "expression", str(error), at=error.column)


def placeholders(path: NodePath, text: str, names: Iterable[str], doubles: bool = False) -> Iterator[Finding]:
    """Placeholders of a text that cannot be read; ``doubles`` as for `split_placeholders`."""
    if "{" not in text and "<<" not in text:
        return
    try:
        for piece in split_placeholders(text, doubles):
            if isinstance(piece, Placeholder):
                try:
                    parse(piece.expression, tuple(names))
                except ExpressionError as error:
                    yield Finding(path, "placeholder", str(error), at=piece.at + error.column)
    except ExpressionError as error:
        yield Finding(path, "placeholder", str(error), at=error.column)


def reserved(path: NodePath, names: Iterable[str]) -> Iterator[Finding]:
    """Names that already mean something, such as ``e`` or ``mean``."""
    from studyapp.formula.vocabulary import ARRAY_FUNCTIONS, CONSTANTS, ELEMENTARY

    for name in names:
        if name in CONSTANTS or name in ELEMENTARY or name in ARRAY_FUNCTIONS:
            place = path if path[-1] == "id" else (*path, name)
            yield Finding(place, "reserved-name", _NAME_MEANS_SOMETHING_EXPRESSIONS(name=name))
