"""How many terminal cells text takes, where its graphemes end, and how control characters are shown.

Widths are rich's, with which Textual paints: wide and fullwidth characters take two cells, combining marks none, all
others one (ambiguous ones, such as Greek letters, too: that is what terminals do outside legacy CJK modes).
"""

from __future__ import annotations

import re
import unicodedata

from rich.cells import cell_len, split_graphemes

ZERO_WIDTH_JOINER = "\u200d"
ZERO_WIDTH_NON_JOINER = "\u200c"
TAB_STOP = 4

_PRINTABLE_ASCII = re.compile(r"[\x20-\x7e]*\Z")
_SUSPICIOUS = re.compile(r"[^\n\x20-\x7e\xa1-\xac\xae-\u02ff\u0370-\u03ff\u3000-\u3029\u4e00-\u9fff\uff00-\uffef]")


def graphemes(text: str) -> list[str]:
    """The user-perceived characters of `text`: a base with its marks, a joined emoji, a flag."""
    if text.isascii():
        return list(text)
    result: list[str] = []
    for start, end, _ in split_graphemes(text)[0]:
        grapheme = text[start:end]
        if result and _is_regional(grapheme) and _is_regional(result[-1]):
            result[-1] += grapheme  # a flag is written with two letters
        else:
            result.append(grapheme)
    return result


def _is_regional(grapheme: str) -> bool:
    return len(grapheme) == 1 and 0x1F1E6 <= ord(grapheme) <= 0x1F1FF


def cell_width(text: str) -> int:
    """Terminal cells that one line of text takes."""
    return cell_len(text)


def is_wide(grapheme: str) -> bool:
    """Whether a grapheme is of the kind that Chinese, Japanese and Korean set without spaces between."""
    return unicodedata.east_asian_width(grapheme[0]) in ("W", "F")


def pad(text: str, width: int, align: str = "left") -> str:
    """`text` filled with spaces to `width` cells; longer text is returned as it is."""
    missing = max(0, width - cell_width(text))
    if align == "right":
        return " " * missing + text
    if align == "center":
        return " " * (missing // 2) + text + " " * (missing - missing // 2)
    return text + " " * missing


def _shown(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if character in (ZERO_WIDTH_JOINER, ZERO_WIDTH_NON_JOINER):
        return character
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return f"\u2039U+{code:04X}\u203a"
    if code == 0xA0 or character in "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f":
        return "\u00a0"
    return character


def visible(text: str) -> str:
    """`text` made harmless for a terminal: what would steer or hide something is shown instead.

    Escape becomes ␛ and so on; direction overrides, other format characters, C1 controls and lone
    surrogates become ‹U+202E›. Line endings become line feeds, tabs go to the next multiple of four
    columns.
    """
    if _PRINTABLE_ASCII.match(text):
        return text
    text = text.replace("\r\n", "\n")
    if "\t" in text:
        text = "\n".join(_expanded(line) for line in text.split("\n"))
    return _SUSPICIOUS.sub(_shown, text)


def _expanded(line: str) -> str:
    first, *others = line.split("\t")
    for part in others:
        first += " " * (TAB_STOP - cell_width(first) % TAB_STOP) + part
    return first
