"""Words that people write before and after an answer and that are no part of it: “the answer is”, “约”, “梯度：”."""

from __future__ import annotations

import re

_HAN = "\u4e00-\u9fff"
_LEAD = re.compile(
    rf"""\s*(?:[≈~～∼]
    |(?:(?:so|thus|hence|therefore)\s*,?\s+)?(?:(?:(?:the|my|final)\s+)*(?:answer|result|value)(?:\s+is|\s*:)?
        |it(?:\s+is|'s)|i\s+get|approximately|approx\.?|about|roughly|around|ca\.|circa|equals|is)(?![A-Za-z])
    |(?![{_HAN}]*[不非没无未负])(?:[{_HAN}]{{0,8}}?(?:等于|约为|约是|约|是|为|得|答案|大概)|[{_HAN}]{{1,8}}\s*[:：])[:：]?
    |(?!lambda\b)[a-z][a-z ]{{0,24}}[:：]
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_TRAIL = re.compile(r"\s*(?:左右|上下|[;；吧哦呢])\s*$")


def without_lead_in(text: str, start: int = 0) -> int:
    """Where the answer itself begins, at or after ``start``.

    >>> [text[without_lead_in(text):] for text in ("the answer is 3", "大约 3", "平均值为3", "不是3")]
    ['3', '3', '3', '不是3']
    """
    while (lead := _LEAD.match(text, start)) is not None and lead.end() > start:
        start = lead.end()
    return start


def without_trail(text: str, end: int) -> int:
    """Where the answer itself ends, at or before ``end``.

    >>> "0.3 左右"[: without_trail("0.3 左右", 6)]
    '0.3'
    """
    trail = _TRAIL.search(text, 0, end)
    return end if trail is None else trail.start()
