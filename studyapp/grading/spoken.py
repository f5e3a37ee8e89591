"""Numbers and formulas said in words, put into signs: “one minus q”, “9 out of 10”, “九成”, “1 减 q”."""

from __future__ import annotations

import re

_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: value for value, word in enumerate(_UNITS)} | {word: 10 * place for place, word in enumerate(_TENS, 2)}
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
_CHINESE = dict(zip("零〇一二三四五六七八九", "00123456789", strict=True)) | {"两": "2"}

_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
_APPROXIMATELY = re.compile(
    r"^\s*(?:[≈~～∼]|(?:about|around|roughly|approximately|approx\.?|some|nearly|circa|ca\.)\b|大?约[为是]?|大概|近似?)\s*",
    re.IGNORECASE,
)
_TENS_AND_UNITS = re.compile(rf"\b({'|'.join(_TENS)})[-\s]({'|'.join(_UNITS[1:10])})\b", re.IGNORECASE)
_WORD = re.compile(rf"\b({'|'.join(_WORDS)})\b", re.IGNORECASE)
_PART = re.compile(rf"\b({_NUMBER}|an?)[-\s]+({'|'.join(_PARTS)})s?\b", re.IGNORECASE)
_BARE_HALF = re.compile(r"\bhalf\b", re.IGNORECASE)
_OUT_OF = re.compile(rf"\b({_NUMBER})\s+(?:out\s+of|in\s+every|in|of)\s+({_NUMBER})\b", re.IGNORECASE)
_PERCENT = re.compile(rf"({_NUMBER})\s*(?:per\s?cent|pct|pc|percentage points?)\b\.?", re.IGNORECASE)
_POWER = re.compile(
    r"\s*\bto\s+the\s+(?:power\s+(?:of\s+)?)?(minus\s+|negative\s+|[-−]\s*)?(\w+)(?:\s+power)?\b", re.IGNORECASE
)
_ORDINALS = {"second": "2", "third": "3", "fourth": "4"}
_EXP_OF = re.compile(r"\b(exp|ln|log)\s+of\s+(minus\s+|negative\s+)?([\w(][^,;]*)", re.IGNORECASE)
_ROOT_OF = re.compile(r"\b(?:the\s+)?square\s+root\s+of\s+", re.IGNORECASE)
_OPERATORS = (
    (re.compile(r"\b(?:minus|negative)\b", re.IGNORECASE), " - "),
    (re.compile(r"\bplus\b", re.IGNORECASE), " + "),
    (re.compile(r"\b(?:times|multiplied\s+by)\b", re.IGNORECASE), " * "),
    (re.compile(r"\b(?:over|divided\s+by)\b", re.IGNORECASE), " / "),
    (re.compile(r"\s*\bsquared\b", re.IGNORECASE), "^2"),
    (re.compile(r"\s*\bcubed\b", re.IGNORECASE), "^3"),
)
_CHINESE_OPERATORS = (
    (re.compile(r"\s*的?(?:平方|2\s*次[方幂])(?!根)"), "^2"), (re.compile(r"\s*的?(?:立方|3\s*次[方幂])(?!根)"), "^3"),
    (re.compile(r"减去?"), " - "), (re.compile(r"加上?"), " + "), (re.compile(r"乘以?"), " * "),
    (re.compile(r"除以"), " / "), (re.compile(r"负"), " -"),
)  # fmt: skip
_CHINESE_POWER = re.compile(r"([\w)]+)\s*的\s*(负|[-−])?\s*(\w+?)\s*次[方幂]")
_CHINESE_PERCENT = re.compile(rf"百分之\s*({_NUMBER})")
_CHINESE_PARTS = re.compile(rf"({_NUMBER})\s*分之\s*({_NUMBER})")
_TENTHS = re.compile(r"(\d)\s*成(?:\s*(\d))?")
_CHINESE_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百点]+")
_MULTIPLE = re.compile(
    rf"^\s*(?:[x×*]\s*({_NUMBER})|({_NUMBER})\s*(?:[x×*]|[-\s]?fold|times?(?:\s+as\s+(?:much|large|many|high|big))?|倍))"
    r"\s*$",
    re.IGNORECASE,
)
_MULTIPLES = {
    "twice": "2", "double": "2", "doubled": "2", "thrice": "3", "triple": "3", "tripled": "3", "quadruple": "4",
    "quadrupled": "4", "twofold": "2", "threefold": "3", "fourfold": "4", "fivefold": "5", "tenfold": "10",
    "加倍": "2", "翻倍": "2", "翻一番": "2",
}  # fmt: skip


def in_signs(text: str) -> str:
    """The text with numbers and operations in signs; what is no such word stays as it is.

    >>> in_signs("one minus q"), in_signs("nine tenths"), in_signs("about ninety per cent"), in_signs("十分之九")
    ('1 - q', '(9/10)', '90%', '(9/10)')
    """
    plain = _APPROXIMATELY.sub("", text).replace("²", "^2").replace("³", "^3")
    plain = _chinese(plain) if any("\u4e00" <= character <= "\u9fff" for character in plain) else plain
    plain = _TENS_AND_UNITS.sub(lambda match: str(_WORDS[match[1].lower()] + _WORDS[match[2].lower()]), plain)
    plain = _WORD.sub(lambda match: str(_WORDS[match[1].lower()]), plain)
    plain = _PART.sub(_part, plain)
    plain = _BARE_HALF.sub("(1/2)", plain)
    plain = _OUT_OF.sub(r"(\1/\2)", plain)
    plain = _PERCENT.sub(r"\1%", plain)
    plain = _ROOT_OF.sub("sqrt ", plain)
    plain = _EXP_OF.sub(lambda match: f"{match[1]}({'-' if match[2] else ''}{match[3]})", plain)
    plain = _POWER.sub(_power, plain)
    for pattern, sign in _OPERATORS:
        plain = pattern.sub(sign, plain)
    return " ".join(plain.split())


def multiple(text: str) -> str:
    """The number in “4x”, “fourfold”, “four times” or “4 倍”; empty where the text is no such multiple."""
    if (known := _MULTIPLES.get(text.strip().casefold())) is not None:
        return known
    words = re.sub(r"\btimes\b", "\0", text, flags=re.IGNORECASE)
    found = _MULTIPLE.match(in_signs(words).replace("\0", "times"))
    return (found[1] or found[2]) if found else ""


def _part(match: re.Match[str]) -> str:
    above = "1" if match[1].lower() in ("a", "an") else match[1]
    return f"({above}/{_PARTS[match[2].lower()]})"


def _power(match: re.Match[str]) -> str:
    exponent = _ORDINALS.get(match[2].lower(), match[2])
    return f"^(-{exponent})" if match[1] else f"^{exponent}"


def _chinese(text: str) -> str:
    plain = text.replace("一半", "(1/2)").replace("二分之一", "(1/2)")
    plain = _CHINESE_POWER.sub(lambda match: f"{match[1]}^({'-' if match[2] else ''}{match[3]})", plain)
    plain = _CHINESE_NUMBER.sub(lambda match: _chinese_number(match[0]), plain)
    plain = _CHINESE_PERCENT.sub(r"\1%", plain)
    plain = _CHINESE_PARTS.sub(r"(\2/\1)", plain)
    plain = _TENTHS.sub(lambda match: f"{match[1]}{match[2] or 0}%", plain)
    for pattern, sign in _CHINESE_OPERATORS:
        plain = pattern.sub(sign, plain)
    return plain


def _chinese_number(text: str) -> str:
    """``九十`` as 90, ``零点五`` as 0.5; the text itself where it is no number."""
    whole, point, decimals = text.partition("点")
    if point:
        if not decimals or any(one not in _CHINESE for one in decimals):
            return text
        left = _chinese_number(whole) if whole else "0"
        return f"{left}.{''.join(_CHINESE[one] for one in decimals)}" if left.isdigit() else text
    total, digit = 0, None
    for character in whole:
        if character in _CHINESE:
            if digit is not None and not ("十" in whole or "百" in whole):
                return "".join(_CHINESE[one] for one in whole)
            digit = int(_CHINESE[character])
        else:
            total += (1 if digit is None else digit) * (10 if character == "十" else 100)
            digit = None
    return str(total + (digit or 0))
