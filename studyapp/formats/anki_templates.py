"""Anki's templates: ``{{Field}}``, conditions ``{{#Field}}…{{/Field}}``, and the filters that change a field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from studyapp.formats import anki_cloze
from studyapp.formats.html import CLOSE, OPEN, Converted, clean, marked_to_markdown, to_markdown

_TOKEN = re.compile(r"\{\{\{?\s*(?P<sign>[#^/!=]?)\s*(?P<name>[^{}]*?)\s*\}?\}\}")
_EMPTY = re.compile(r"<(?!img|audio|video|object)[^>]*>|&nbsp;|\s", re.IGNORECASE)
_FIELD = re.compile("\ue010(\\d+)\ue011")
_DEEPEST = 50


class Piece(Struct, frozen=True):
    """Part of a template: text (``sign`` empty, ``name`` None), a field with its filters, or a condition with what
    stands under it."""

    text: str = ""
    sign: str = ""
    name: str | None = None
    filters: tuple[str, ...] = ()
    inner: tuple[Piece, ...] = ()


@lru_cache(maxsize=2000)
def parsed(template: str) -> tuple[Piece, ...]:
    """A template in its parts; conditions that are not closed hold to the end."""
    pieces, _ = _parse(template, 0, "", 0)
    return pieces


def _parse(template: str, position: int, until: str, depth: int) -> tuple[tuple[Piece, ...], int]:
    found: list[Piece] = []
    while True:
        token = _TOKEN.search(template, position)
        if token is None:
            found.append(Piece(text=template[position:]))
            return tuple(found), len(template)
        if token.start() > position:
            found.append(Piece(text=template[position : token.start()]))
        position = token.end()
        sign, name = token["sign"], token["name"]
        if sign in ("#", "^") and depth < _DEEPEST:
            inner, position = _parse(template, position, name, depth + 1)
            found.append(Piece(sign=sign, name=name, inner=inner))
        elif sign == "/":
            if name == until:
                return tuple(found), position
        elif not sign:
            *filters, field = name.split(":")
            found.append(Piece(name=field.strip(), filters=tuple(one.strip().lower() for one in filters)))


def is_empty(field: str) -> bool:
    """Whether nothing is seen of a field."""
    return not _EMPTY.sub("", field)


def uses(template: str, filter_name: str) -> list[str]:
    """The fields that a template uses through a filter, in order."""
    return [piece.name for piece in _all(parsed(template)) if piece.name and filter_name in piece.filters]


def fields_used(template: str) -> list[str]:
    """The fields that a template shows, in order."""
    return [piece.name for piece in _all(parsed(template)) if piece.name is not None and not piece.sign]


def _all(pieces: Sequence[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for piece in pieces:
        found.append(piece)
        found += _all(piece.inner)
    return found


class Fields:
    """The fields of one note, each converted once."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self._converted: dict[str, Converted] = {}

    def markdown(self, name: str) -> Converted:
        """A field as Markdown."""
        if name not in self._converted:
            self._converted[name] = to_markdown(self.values.get(name, ""))
        return self._converted[name]


def shown(template: str, fields: Fields, *, without: frozenset[str] = frozenset(), gap: int = 0) -> Converted:
    """A side of a card as Markdown.

    ``without`` are fields that are not shown (and filters, written ``type:``). Of gaps those of the number ``gap`` stay
    marked.
    """
    parts: list[tuple[str, tuple[str, ...]]] = []
    html = "".join(_flat(parsed(template), fields, without, parts))
    if not parts:
        return to_markdown(html)
    skeleton = _skeleton(html)
    pieces: list[str] = []
    media = list(skeleton.media)
    dropped = set(skeleton.dropped)
    lines = {line for line in skeleton.text.split("\n")}
    position = 0
    for match in _FIELD.finditer(skeleton.text):
        name, filters = parts[int(match[1])]
        converted = _filtered(fields, name, filters, gap)
        if "\n" in converted.text and match[0] not in lines and match[0] + "  " not in lines:
            return _slow(html, parts, fields, gap)
        pieces += [skeleton.text[position : match.start()], converted.text]
        position = match.end()
        media += converted.media
        dropped |= converted.dropped
    text = re.sub(r"[ \t]*\n(?:[ \t]*\n){2,}", "\n\n", "".join([*pieces, skeleton.text[position:]])).strip()
    return Converted(text, tuple(dict.fromkeys(media)), frozenset(dropped))


def _flat(
    pieces: Sequence[Piece], fields: Fields, without: frozenset[str], parts: list[tuple[str, tuple[str, ...]]]
) -> list[str]:
    """The template with marks for its fields, and conditions decided."""
    found: list[str] = []
    for piece in pieces:
        if piece.name is None:
            found.append(piece.text)
        elif piece.sign:
            if is_empty(fields.values.get(piece.name, "")) == (piece.sign == "^"):
                found += _flat(piece.inner, fields, without, parts)
        elif piece.name in without or any(f"{one}:" in without for one in piece.filters):
            continue
        elif piece.name in fields.values:
            found.append(f"\ue010{len(parts)}\ue011")
            parts.append((piece.name, piece.filters))
    return found


@lru_cache(maxsize=5000)
def _skeleton(html: str) -> Converted:
    return marked_to_markdown(clean(html))


def _filtered(fields: Fields, name: str, filters: tuple[str, ...], gap: int) -> Converted:
    if "cloze" in filters:
        return marked_to_markdown(clean(_cloze(fields.values[name], gap)))
    if any(one in ("furigana", "kanji", "kana") for one in filters):
        return to_markdown(_readings(fields.values[name], filters))
    return fields.markdown(name)


def _cloze(value: str, gap: int) -> str:
    marked, _ = anki_cloze.marked(re.sub("[\ue000-\ue01f]", "", value), gap)
    return marked


def _readings(value: str, filters: tuple[str, ...]) -> str:
    """`` 漢字[かんじ]``: characters with their reading."""
    found = re.compile(r" ?([^ >\[\]]+?)\[(?!sound:)([^\]]*)\]")
    if "kanji" in filters:
        return found.sub(r"\1", value)
    return found.sub(r"\2" if "kana" in filters else r"\1(\2)", value)


def _slow(html: str, parts: Sequence[tuple[str, tuple[str, ...]]], fields: Fields, gap: int) -> Converted:
    """A side whose fields have lines of their own inside of other elements: converted as a whole."""

    def raw(match: re.Match[str]) -> str:
        name, filters = parts[int(match[1])]
        value = re.sub("[\ue000-\ue01f]", "", fields.values[name])
        if "cloze" in filters:
            return _cloze(value, gap)
        return _readings(value, filters) if {"furigana", "kanji", "kana"} & set(filters) else value

    return marked_to_markdown(clean(_FIELD.sub(raw, html)))


def without_marks(text: str) -> str:
    """Text in which gaps are filled in."""
    return text.replace(OPEN, "").replace(CLOSE, "")
