"""What Python says of a source that it cannot read, in the learner's language.

The commonest slip under a Chinese input method is a sign of full width; it is told with the sign to write instead.
"""

from __future__ import annotations

import re
import unicodedata

from studyapp.locale.message import Message

_FULL_WIDTH = Message("“{sign}” is a full-width sign: write “{plain}”")
_OTHER_SPACE = Message("a space of another width stands here: use plain spaces")
_NO_SIGN = Message("“{sign}” has no meaning in Python")

_QUOTES = {"“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"', "、": ",", "。": ".", "【": "[", "】": "]",
           "《": "<", "》": ">", "—": "-", "–": "-", "−": "-", "×": "*", "÷": "/", "·": "*", "≤": "<=", "≥": ">=",
           "≠": "!="}  # fmt: skip
"""Signs with what is written for them, where their compatibility form is not that already."""

_SIGN = re.compile(r"invalid character '(.)' \(U\+[0-9A-F]+\)")
_SPACE = re.compile(r"invalid non-printable character U\+[0-9A-F]+")
_KNOWN: tuple[tuple[str, Message], ...] = (
    (r"'(?P<sign>.)' was never closed", Message("“{sign}” is never closed")),
    (r"unmatched '(?P<sign>.)'", Message("“{sign}” closes nothing")),
    (
        r"closing parenthesis '(?P<close>.)' does not match opening parenthesis '(?P<open>.)'.*",
        Message("“{close}” does not close “{open}”"),
    ),
    (r"unterminated (?:triple-quoted )?f?-?string literal.*", Message("the string is never closed")),
    (r"expected '(?P<sign>[^']+)'", Message("“{sign}” is missing here")),
    (r"expected an indented block.*", Message("an indented block is missing here")),
    (r"unexpected indent", Message("this line is indented without need")),
    (r"unindent does not match any outer indentation level", Message("the indentation fits no line above")),
    (r"inconsistent use of tabs and spaces in indentation", Message("tabs and spaces are mixed in the indentation")),
    (r"'(?P<word>return|yield|await)' outside .*function", Message("“{word}” stands outside the function")),
    (
        r"invalid syntax\. Perhaps you forgot a comma\?",
        Message("this is no valid Python: is a comma missing?"),
    ),
    (
        r"invalid syntax\. Maybe you meant '(?P<meant>[^']+)'.*",
        Message("this is no valid Python: was “{meant}” meant?"),
    ),
    (r"invalid syntax", Message("this is no valid Python")),
)


def explained(message: str) -> str:
    """The complaint of ``SyntaxError.msg``; what is not known here stays in Python's words.

    >>> explained("invalid character '：' (U+FF1A)")
    '“：” is a full-width sign: write “:”'
    """
    if found := _SIGN.fullmatch(message):
        sign = found[1]
        plain = _QUOTES.get(sign) or unicodedata.normalize("NFKC", sign)
        return _FULL_WIDTH(sign=sign, plain=plain) if plain.isascii() else _NO_SIGN(sign=sign)
    if _SPACE.fullmatch(message):
        return _OTHER_SPACE()
    for pattern, words in _KNOWN:
        if known := re.fullmatch(pattern, message):
            return words(**known.groupdict())
    return message
