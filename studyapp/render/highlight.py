"""Fenced Python as styled lines, with the tokenizer of the standard library."""

from __future__ import annotations

import io
import keyword
import tokenize

from studyapp.render.spans import Line, Span, merged

PYTHON_NAMES = frozenset(["python", "py", "python3", "pycon"])

_STYLES = {tokenize.STRING: "string", tokenize.NUMBER: "number", tokenize.COMMENT: "comment"}


def code_lines(source: list[str], language: str) -> tuple[Line, ...]:
    """Lines of code, unwrapped. In Python, keywords, strings, numbers and comments are marked."""
    styles = [["code"] * len(line) for line in source]
    if language.lower() in PYTHON_NAMES:
        _mark_python(source, styles)
    return tuple(
        merged(Span(character, style) for character, style in zip(line, marks, strict=True))
        for line, marks in zip(source, styles, strict=True)
    )


def _mark_python(source: list[str], styles: list[list[str]]) -> None:
    reader = io.StringIO("\n".join(source) + "\n")
    try:
        for token in tokenize.generate_tokens(reader.readline):
            style = _STYLES.get(token.type)
            if token.type == tokenize.NAME and keyword.iskeyword(token.string):
                style = "keyword"
            elif tokenize.tok_name[token.type].startswith("FSTRING"):
                style = "string"
            if style:
                _mark(styles, token.start, token.end, style)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return  # unfinished code: what was read keeps its marks


def _mark(styles: list[list[str]], start: tuple[int, int], end: tuple[int, int], style: str) -> None:
    for line in range(start[0] - 1, min(end[0], len(styles))):
        first = start[1] if line == start[0] - 1 else 0
        last = end[1] if line == end[0] - 1 else len(styles[line])
        for column in range(first, min(last, len(styles[line]))):
            styles[line][column] = style
