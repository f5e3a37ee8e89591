r"""Markup inside a line: `**bold**`, `*italic*`, `_italic_`, `` `code` ``, `$formula$`.

Everything else is literal: brackets, tags, ampersands and links stay as typed. A backslash escapes `$`,
`*`, `_`, the backquote and itself before one of these; elsewhere it is a backslash.

A `$` opens a formula if a `$` further on closes it: no white space inside next to either sign, no digit
right after the closing one. So "from $5 to $10" holds two dollar signs and no formula. An emphasis mark
opens next to text and closes next to text; `*` and `_` never inside a word, so `y_i` survives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct, field

from studyapp.render.cells import cell_width, is_wide
from studyapp.render.linear import formula_inline
from studyapp.render.spans import Span
from studyapp.render.wrap import NO_BREAK_SPACE

LONGEST_UNBROKEN_FORMULA = 18
"""Inline formulas up to so many cells are kept on one line."""

_ESCAPABLE = "$*_`"
_FORMULA_OR_CODE = re.compile(r"[$`\\]")
_BACKQUOTES = re.compile(r"`+")


def inline_spans(text: str, style: str = "") -> list[Span]:
    """Text with its markup read, as spans in `style` or the style of the markup."""
    return list(_Inline(text).spans(0, len(text), style))


class _Inline(Struct):
    text: str
    hopeless: dict[str, int] = field(default_factory=dict)  # marker → place from which on nothing closes it

    def spans(self, start: int, end: int, style: str) -> Iterator[Span]:
        text, position, plain_from = self.text, start, start
        while position < end:
            found = self._construct(position, end, style)
            if found is None:
                position += 1
                continue
            inner, after = found
            if plain_from < position:
                yield Span(text[plain_from:position], style)
            yield from inner
            position = plain_from = after
        if plain_from < end:
            yield Span(text[plain_from:end], style)

    def _construct(self, at: int, end: int, style: str) -> tuple[list[Span], int] | None:
        """The markup that starts at `at` as spans and the place after it, or None if none starts there."""
        sign = self.text[at]
        if sign == "\\" and at + 1 < end and self._escape_at(at):
            return [Span(self.text[at + 1], style)], at + 2
        if sign == "`":
            return self._code(at, end, style)
        if sign == "$":
            close = self._formula_end(at, end)
            if close is not None:
                return [_formula(self.text[at + 1 : close])], close + 1
            return None
        if sign in "*_":
            return self._emphasis(at, end, style)
        return None

    def _escape_at(self, at: int) -> bool:
        return self.text[at + 1] in _ESCAPABLE

    def _code(self, at: int, end: int, style: str) -> tuple[list[Span], int] | None:
        opening = _BACKQUOTES.match(self.text, at, end)
        if opening is None:
            return None
        close = self._code_end(at, end)
        if close is None:
            return [Span(opening[0], style)], opening.end()
        content = self.text[opening.end() : close - len(opening[0])]
        if len(content) > 2 and content[0] == content[-1] == " ":
            content = content[1:-1]
        return [Span(content, "code")], close

    def _code_end(self, at: int, end: int) -> int | None:
        """The place after the code span that opens at `at`."""
        opening = _BACKQUOTES.match(self.text, at, end)
        if opening is None or at >= self.hopeless.get(opening[0], len(self.text) + 1):
            return None
        for closing in _BACKQUOTES.finditer(self.text, opening.end(), end):
            if len(closing[0]) == len(opening[0]):
                return closing.end()
        self.hopeless[opening[0]] = min(at, self.hopeless.get(opening[0], at))
        return None

    def _formula_end(self, at: int, end: int) -> int | None:
        """The place of the dollar sign that closes the one at `at`."""
        text = self.text
        if at + 1 >= end or text[at + 1].isspace() or text[at + 1] == "$":
            return None
        if at >= self.hopeless.get("$", end + 1):
            return None
        position = at + 1
        while (position := text.find("$", position, end)) >= 0:
            escaped = (position - len(text[:position].rstrip("\\"))) % 2 if text[position - 1] == "\\" else 0
            before, after = text[position - 1], text[position + 1 : position + 2]
            if not escaped and not before.isspace() and not after.isdigit() and after != "$" and before != "$":
                return position
            position += 1
        self.hopeless["$"] = min(at, self.hopeless.get("$", at))
        return None

    def _emphasis(self, at: int, end: int, style: str) -> tuple[list[Span], int] | None:
        text = self.text
        sign = text[at]
        mark = sign * 2 if text.startswith(sign * 2, at, end) else sign
        if mark == "__" or text.startswith(sign * 4, at, end):
            run = len(text[at:end]) - len(text[at:end].lstrip(sign))
            return [Span(sign * run, style)], at + run
        if text.startswith("***", at, end):
            close = self._emphasis_end("***", at, end)
            if close is not None:
                return list(self.spans(at + 3, close, _combined(_combined(style, "bold"), "italic"))), close + 3
        if not self._opens(mark, at, end):
            return [Span(mark, style)], at + len(mark)
        close = self._emphasis_end(mark, at, end)
        if close is None:
            return [Span(mark, style)], at + len(mark)
        inner = _combined(style, "bold" if mark == "**" else "italic")
        return list(self.spans(at + len(mark), close, inner)), close + len(mark)

    def _opens(self, mark: str, at: int, end: int) -> bool:
        after = self.text[at + len(mark) : at + len(mark) + 1] if at + len(mark) < end else ""
        before = self.text[at - 1] if at else ""
        if not after or after.isspace():
            return False
        return mark == "**" or not _in_word(before)

    def _emphasis_end(self, mark: str, at: int, end: int) -> int | None:
        text = self.text
        if at >= self.hopeless.get(mark, end + 1):
            return None
        position = at + len(mark)
        while position < end:
            sign = text[position]
            if sign == "\\":
                position += 2
                continue
            skipped = self._code_end(position, end) if sign == "`" else None
            if sign == "$" and (formula := self._formula_end(position, end)) is not None:
                skipped = formula + 1
            if skipped is not None:
                position = skipped
                continue
            if sign == mark[0]:
                run = len(text[position:end]) - len(text[position:end].lstrip(sign)) if mark[0] == sign else 0
                if run == len(mark) and self._closes(mark, position, at, end):
                    return position
                position += run
                continue
            position += 1
        if end == len(text):
            self.hopeless[mark] = min(at, self.hopeless.get(mark, at))
        return None

    def _closes(self, mark: str, position: int, at: int, end: int) -> bool:
        before = self.text[position - 1]
        after = self.text[position + len(mark) : position + len(mark) + 1] if position + len(mark) < end else ""
        if position == at + len(mark) or before.isspace():
            return False
        return len(mark) > 1 or not _in_word(after)


def _in_word(character: str) -> bool:
    """Letters and digits of scripts with spaces between words, in which emphasis marks are literal."""
    return bool(character) and (character.isalnum() or character == "_") and not is_wide(character)


def _combined(style: str, added: str) -> str:
    if style in ("", added, "quote", "heading"):
        return style if style == "heading" else added
    return "bold italic"


@lru_cache(maxsize=4096)
def _formula(latex: str) -> Span:
    text = formula_inline(latex) or f"${latex}$"
    if cell_width(text) <= LONGEST_UNBROKEN_FORMULA:
        return Span(text.replace(" ", NO_BREAK_SPACE), "math")
    return Span(_breakable(text), "math")


_RELATIONS = frozenset("=≠<>≤≥≈∼∝≡→⇒⇔∈")
_SIGNS = frozenset("+−")


def _breakable(formula: str) -> str:
    """A long formula that breaks only outside brackets: after commas, before relations and sums."""
    result, depth = [], 0
    for index, sign in enumerate(formula):
        depth += (sign in "([{⟨⌊⌈") - (sign in ")]}⟩⌋⌉")
        if sign == " " and (depth > 0 or not _breaks(formula[index - 1], formula[index + 1 : index + 3])):
            sign = NO_BREAK_SPACE
        result.append(sign)
    return "".join(result)


def _breaks(before: str, after: str) -> bool:
    sum_sign = after[:1] in _SIGNS and after.endswith(" ") and before not in _RELATIONS
    return before in ",;" or after[:1] in _RELATIONS or sum_sign


def formula_places(text: str) -> list[tuple[int, int]]:
    """Where `$$…$$` stands in a paragraph, outside code spans: start and end, both signs included."""
    reader = _Inline(text)
    places: list[tuple[int, int]] = []
    position = 0
    while (next_sign := _FORMULA_OR_CODE.search(text, position)) is not None:
        position = next_sign.start()
        sign = text[position]
        if sign == "\\" and position + 1 < len(text):
            position += 2
        elif sign == "`":
            opening = _BACKQUOTES.match(text, position)
            position = reader._code_end(position, len(text)) or (opening.end() if opening else position + 1)
        elif text.startswith("$$", position):
            close = text.find("$$", position + 2)
            if close < 0:
                break
            if text[position + 2 : close].strip():
                places.append((position, close + 2))
            position = close + 2
        else:
            position += 1
    return places


def formulas(text: str) -> tuple[str, ...]:
    """The LaTeX of every formula of a text, of `$…$` and `$$…$$`, in order; code spans hold none.

    >>> formulas("$a$ is a formula, `$b$` is code, and $$c$$ stands alone")
    ('a', 'c')
    """
    reader = _Inline(text)
    blocks = dict(formula_places(text))
    found: list[str] = []
    position = 0
    while (next_sign := _FORMULA_OR_CODE.search(text, position)) is not None:
        position = next_sign.start()
        after = position + 1
        if position in blocks:
            after = blocks[position]
            found.append(text[position + 2 : after - 2])
        elif text[position] == "\\" and text[after : after + 1] in _ESCAPABLE:
            after += 1
        elif text[position] == "`":
            after = reader._code_end(position, len(text)) or after
        elif text[position] == "$" and (close := reader._formula_end(position, len(text))) is not None:
            found.append(text[after:close])
            after = close + 1
        position = after
    return tuple(found)
