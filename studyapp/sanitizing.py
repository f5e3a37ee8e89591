"""Control characters, which steer a terminal or hide text: what is printed or painted is sanitized first."""

from __future__ import annotations

import re

CONTROL_CHARACTERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
"""Unicode's control and format characters, line separators and surrogates; tab, line feed and the joiners are none."""


def sanitize(text: str) -> str:
    """``text`` as it may reach a terminal: what would steer it is shown as a sign.

    >>> sanitize("a\\x1b[31m\\u202eb")
    'a␛[31m‹U+202E›b'
    """
    return CONTROL_CHARACTERS.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    code = ord(match.group())
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else f"‹U+{code:04X}›"
