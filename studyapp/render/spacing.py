"""Where a formula takes spaces: the role of each node between its neighbours, and the gap before it."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.render.tree import Accent, Atom, Brace, Fenced, Fraction, Grid, Node, Root, Row, Scripts

_OPERANDS = frozenset(["ordinary", "close", "fraction", "fenced", "text", "command", "word"])
_BARS = frozenset(["|", "‖"])


def _plain_role(node: Node) -> str:
    match node:
        case Atom(_, role):
            return role
        case Scripts(base, _, _, _):
            return _plain_role(base)
        case Row((only,)):
            return _plain_role(only)
        case Accent(_, Row((only,))):
            return _plain_role(only)
        case Brace(Row((only,)), _, _):
            return _plain_role(only)
        case Fraction():
            return "fraction"
        case Fenced() | Grid():
            return "fenced"
        case Root():
            return "root"
        case _:
            return "ordinary"


def _base_text(node: Node) -> str:
    if isinstance(node, Scripts):
        return _base_text(node.base)
    return node.text if isinstance(node, Atom) else ""


def roles(items: Sequence[Node]) -> list[str]:
    """The role of each item in its place: a minus without left operand is a sign, a bar opens or closes."""
    result: list[str] = []
    open_bars: list[str] = []
    for index, item in enumerate(items):
        role = _plain_role(item)
        before = next((done for done in reversed(result) if done != "space"), None)
        after_operand = before in _OPERANDS or before == "root"
        if role == "binary" and not after_operand:
            role = "sign"
        elif role == "bar":
            text = _base_text(item)
            if after_operand and open_bars and open_bars[-1] == text:
                role = "close"
                open_bars.pop()
            elif not after_operand or _pairs_ahead(items, index):
                role = "open"
                open_bars.append(text)
            else:
                role = "ordinary"
        elif role == "open" and _base_text(item) in _BARS:
            open_bars.append(_base_text(item))
        elif role == "close" and open_bars and _base_text(item) == open_bars[-1]:
            open_bars.pop()
        result.append(role)
    return result


def _pairs_ahead(items: Sequence[Node], index: int) -> bool:
    """Whether this bar has a partner before its bracket ends, as in `2|A|` but not in `P(A|B)`."""
    depth, count = 0, 0
    for item in items[index:]:
        role = _plain_role(item)
        depth += (role == "open") - (role == "close")
        if depth < 0:
            break
        count += depth == 0 and role == "bar" and _base_text(item) == _base_text(items[index])
    return count % 2 == 0


def gaps(items: Sequence[Node], tight: bool) -> list[int]:
    """Cells of space before each item; `tight` inside scripts, where only words are kept apart."""
    kinds = roles(items)
    result = [0] * len(items)
    for index in range(1, len(items)):
        result[index] = _gap(items[index - 1], kinds[index - 1], items[index], kinds[index], tight)
    return result


def _gap(left: Node, left_role: str, right: Node, right_role: str, tight: bool) -> int:
    if "space" in (left_role, right_role):
        return 0
    if isinstance(left, Atom) and not left.text:
        return 1 if right_role in ("relation", "binary") and not tight else 0
    if left_role in ("text", "word") and right_role in ("text", "word"):
        return int(_both_letters(left, right))
    if left_role in ("function", "word"):
        if right_role in ("open", "close", "punctuation", "fenced"):
            return 0
        return 0 if tight and right_role in ("relation", "binary") else 1
    if right_role in ("function", "word"):
        if left_role in ("open", "sign") or (tight and left_role in ("relation", "binary", "punctuation")):
            return 0
        return 1
    if left_role == "command" and right_role not in ("close", "punctuation", "open"):
        return 1
    if tight:
        return int("text" in (left_role, right_role) and _both_letters(left, right))
    if "relation" in (left_role, right_role) or "binary" in (left_role, right_role):
        return 1
    if "text" in (left_role, right_role):
        return int(_both_letters(left, right))
    if left_role == "punctuation":
        return 0 if right_role == "close" else 1
    if left_role == "big":
        return 1
    if right_role == "big":
        return 0 if left_role in ("open", "sign") else 1
    return 0


def _both_letters(left: Node, right: Node) -> bool:
    return _edge(left, -1).isalnum() and _edge(right, 0).isalnum()


def _edge(node: Node, end: int) -> str:
    """The first (0) or last (-1) character of a node, as far as it is text."""
    match node:
        case Atom(text, _):
            return text[end] if text else ""
        case Row(items):
            return _edge(items[end], end) if items else ""
        case Scripts(base, _, _, _):
            return _edge(base, end)
        case Accent(_, body):
            return _edge(body, end)
        case _:
            return ""
