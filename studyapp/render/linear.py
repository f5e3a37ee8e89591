"""A formula on one line of Unicode text."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from studyapp.render import symbols
from studyapp.render.cells import graphemes, visible
from studyapp.render.latex import LatexError, parse
from studyapp.render.spacing import gaps, roles
from studyapp.render.tree import Accent, Atom, Brace, Fenced, Fraction, Grid, Node, Root, Row, Scripts

_DIFFERENTIALS = ("∂", "d", "Δ", "∇")


@lru_cache(maxsize=4096)
def formula_inline(latex: str) -> str:
    r"""A formula as one line: `\\frac{a+b}{c}` → (a + b)/c, `x_i^2` → xᵢ², `\\sum_{i=1}^n` → Σᵢ₌₁ⁿ.

    Scripts without Unicode form stay as `^(…)` and `_(…)`. Commands that are not known stay as typed; a
    formula that has no reading (unbalanced braces) is given back as its source on one line.
    """
    source = visible(latex)
    try:
        return linear(parse(source)).strip()
    except LatexError:
        return " ".join(source.split())


def linear(node: Node, tight: bool = False) -> str:
    """One node as text; `tight` inside scripts, where operators take no spaces."""
    match node:
        case Atom(text, _):
            return text
        case Row(items):
            return _row(items, tight)
        case Fraction():
            return _fraction(node, tight)
        case Root(body, degree):
            inner = linear(body, tight)
            return _degree(degree) + "√" + (inner if _is_single(body) else f"({inner})")
        case Accent(mark, body):
            return accented(linear(body, tight), mark)
        case Brace(body, label, _):
            inner = linear(body, tight)
            return inner if label is None else f"{inner} «{linear(label, tight)}»"
        case Scripts():
            return _scripts(node, tight)
        case Fenced(left, parts, middles, right):
            inner = linear(parts[0], tight)
            for middle, part in zip(middles, parts[1:], strict=True):
                inner += f" {middle} {linear(part, tight)}"
            return left + inner + right
        case Grid():
            return _grid(node)


def _row(items: tuple[Node, ...], tight: bool) -> str:
    kinds = roles(items)
    result = ""
    for index, (item, gap) in enumerate(zip(items, gaps(items, tight), strict=True)):
        text = linear(item, tight)
        if isinstance(item, Fraction) and not item.binomial and "/" in text:
            before, after = _neighbour(items, kinds, index, -1), _neighbour(items, kinds, index, 1)
            if before not in _LOOSE | {"open", "sign"} or after not in _LOOSE | {"close"}:
                text = f"({text})"
                gap = 0 if before == "function" else gap
        previous = items[index - 1] if index else None
        if not gap and text[:1].isalnum() and (_ends_in_open_script(previous) or _is_slashed(previous, result)):
            gap = 1
        result += " " * gap + text
    return result


_LOOSE = frozenset(["", "relation", "binary", "punctuation"])


def _neighbour(items: tuple[Node, ...], kinds: list[str], index: int, step: int) -> str:
    """The role of the next thing that is no thin space, "" at an end or a wide space."""
    index += step
    while 0 <= index < len(items):
        if kinds[index] != "space":
            return kinds[index]
        if len(linear(items[index])) > 1:
            return ""
        index += step
    return ""


def _is_slashed(node: Node | None, text: str) -> bool:
    return isinstance(node, Fraction) and text.endswith(")")


def _ends_in_open_script(node: Node | None) -> bool:
    """Whether a node ends in a full-size script (`∇_θ`), which the next letter would seem to continue."""
    if not isinstance(node, Scripts):
        return False
    last, raised = (node.upper, True) if node.upper is not None else (node.lower, False)
    text = _script(last, raised)
    return text[:1] in ("^", "_") and text[-1] != ")"


def _fraction(node: Fraction, tight: bool) -> str:
    upper, lower = linear(node.numerator, tight), linear(node.denominator, tight)
    if node.binomial:
        return f"binom({upper}, {lower})"
    if (upper, lower) in symbols.VULGAR_FRACTIONS:
        return symbols.VULGAR_FRACTIONS[upper, lower]
    if not _is_product(node.numerator):
        upper = f"({upper})"
    if not (_is_single(node.denominator) or _is_differential(node.denominator)):
        lower = f"({lower})"
    return f"{upper}/{lower}"


def _is_single(row: Row) -> bool:
    """One thing that needs no brackets: a letter with or without scripts, a number, a word, a fenced term."""
    if len(row.items) != 1:
        return bool(row.items) and (_is_enclosed(row.items) or _is_application(row.items))
    match row.items[0]:
        case Atom(text, role):
            return bool(text) and role != "space" and " " not in text
        case Scripts(base, _, _, _):
            return _is_single(Row((base,)))
        case Row() as inner:
            return _is_single(inner)
        case Accent() | Fenced():
            return True
        case Fraction() as fraction:
            return fraction.binomial or len(linear(fraction)) == 1
        case Root(_, degree):
            return degree is None
        case _:
            return False


def _is_application(items: tuple[Node, ...]) -> bool:
    """`P(x)`, `exp(…)`: a letter or word, then one pair of brackets to the end.

    A letter before a sum, `a(1 − a)`, may as well be a product: no application then.
    """
    kinds = roles(items)
    if len(items) < 2 or kinds[0] not in ("ordinary", "function", "word") or not _is_single(Row(items[:1])):
        return False
    if kinds[0] == "ordinary" and ("binary" in kinds or isinstance(items[1], Fenced)):
        return False
    return (isinstance(items[1], Fenced) and len(items) == 2) or _is_enclosed(items[1:])


def _is_enclosed(items: tuple[Node, ...]) -> bool:
    """Whether one pair of delimiters, |…| or (…), encloses the whole row."""
    kinds = roles(items)
    if kinds[0] != "open" or kinds[-1] != "close":
        return False
    depth = 0
    for index, kind in enumerate(kinds):
        depth += (kind == "open") - (kind == "close")
        if depth == 0 and index + 1 < len(kinds):
            return False
    return depth == 0


def _is_differential(row: Row) -> bool:
    if len(row.items) != 2 or not isinstance(row.items[0], Atom | Scripts):
        return False
    first = row.items[0].base if isinstance(row.items[0], Scripts) else row.items[0]
    return isinstance(first, Atom) and first.text in _DIFFERENTIALS and _is_single(Row(row.items[1:]))


def _is_product(row: Row) -> bool:
    """Factors without sums, relations or words: may stand over a slash without brackets."""
    if _is_single(row):
        return True
    return bool(row.items) and all(
        kind in ("ordinary", "word", "open", "close", "fenced", "root", "sign", "space")
        or (kind == "binary" and linear(item) in "·×")
        for item, kind in zip(row.items, roles(row.items), strict=True)
        if not _inside_brackets(row.items, item)
    )


def _inside_brackets(items: tuple[Node, ...], item: Node) -> bool:
    depth = 0
    for other, kind in zip(items, roles(items), strict=True):
        depth -= kind == "close"
        if other is item:
            return depth > 0
        depth += kind == "open"
    return False


def _degree(degree: Row | None) -> str:
    if degree is None:
        return ""
    text = linear(degree, tight=True)
    return symbols.small_script(text, raised=True) or f"[{text}]"


def accented(text: str, mark: str) -> str:
    """`text` with an accent: rules over or under every character, other marks over the middle one."""
    parts = graphemes(text)
    if not parts:
        return mark if mark in symbols.RULE_MARKS else ""
    if len(parts) == 1 and mark == "\u0305":
        mark = "\u0304"
    if mark in symbols.RULE_MARKS:
        return "".join(unicodedata.normalize("NFC", part + mark) if part != " " else part for part in parts)
    middle = (len(parts) - 1) // 2
    parts[middle] = unicodedata.normalize("NFC", parts[middle] + mark)
    return "".join(parts)


def _scripts(node: Scripts, tight: bool) -> str:
    base = linear(node.base, tight)
    if isinstance(node.base, Row | Fraction | Root | Grid) and not _is_single(Row((node.base,))):
        base = f"({base})"
    lower = _script(node.lower, raised=False)
    upper = _script(node.upper, raised=True)
    if lower.startswith("_") and upper and not upper.startswith("^"):
        return f"({base}{lower}){upper}" if not node.limits else base + lower + "^" + linear_group(node.upper)
    return base + lower + upper


def _script(row: Row | None, raised: bool) -> str:
    if row is None or not row.items:
        return ""
    text = linear(row, tight=True)
    small = symbols.small_script(text, raised)
    return small if small is not None else ("^" if raised else "_") + linear_group(row)


def linear_group(row: Row | None) -> str:
    """A row in brackets unless it is a single word, letter or number."""
    if row is None:
        return ""
    text = linear(row, tight=True)
    bare = text.isalnum() and len(row.items) == 1 and isinstance(row.items[0], Atom | Row)
    return text if bare or len(text) == 1 else f"({text})"


def _grid(node: Grid) -> str:
    left, right = symbols.ENVIRONMENTS.get(node.environment, ("", ""))
    if node.environment in symbols.CASES:
        rows = [", ".join(text.rstrip(",") for cell in row if (text := linear(cell).strip())) for row in node.rows]
        return f"{left or '{'} " + "; ".join(rows) + f" {right or '}'}"
    if node.environment in symbols.ALIGNED:
        rows = ["".join(_aligned_cell(cell, index) for index, cell in enumerate(row)).strip() for row in node.rows]
        return "; ".join(rows)
    if node.environment in symbols.CENTRED_ROWS or node.environment == "lines":
        return ", ".join(linear(row[0]).strip() for row in node.rows)
    left, right = (left, right) if left else ("[", "]")
    return left + "; ".join(", ".join(linear(cell).strip() for cell in row) for row in node.rows) + right


def _aligned_cell(cell: Row, index: int) -> str:
    return linear(Row((Atom("", "ordinary"), *cell.items))) if index % 2 else (" " if index else "") + linear(cell)
