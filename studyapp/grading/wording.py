"""When two wordings are the same: case, blanks, plural, British and American spelling, Chinese and Latin signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_PUNCTUATION = {ord(sign): " " for sign in "-−‐‑–—_/.,;:!?'’\"“”()[]{}·、。，；：！？「」『』《》…*`$\\"}
_ARTICLES = frozenset({"the", "a", "an"})
_IRREGULAR = {
    "indices": "index", "matrices": "matrix", "vertices": "vertex", "axes": "axis", "maxima": "maximum",
    "minima": "minimum", "optima": "optimum", "criteria": "criterion", "hypotheses": "hypothesis", "data": "datum",
    "biases": "bias", "bias": "bias", "classes": "class", "logits": "logit", "modelled": "modeled",
    "labelled": "labeled", "labelling": "labeling", "modelling": "modeling", "grey": "gray", "programme": "program",
    "artefact": "artifact", "defence": "defense", "analyse": "analyze", "analysed": "analyzed", "penalise": "penalize",
}  # fmt: skip
_BRITISH = (
    (re.compile(r"is(ation|ations|e|ed|es|er|ers|ing)$"), r"iz\1"),
    (re.compile(r"^(centre|metre|fibre)"), lambda match: match[0][:-2] + "er"),
    (re.compile(r"^(behavi|neighb|col|fav)our"), r"\1or"),
)
_KEEP_ISE = frozenset({
    "otherwise", "likewise", "precise", "concise", "noise", "raise", "rise", "wise", "exercise", "promise",
    "pairwise", "stepwise", "elementwise",
})  # fmt: skip
_NUMBER_WORDS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "half": "1/2", "一半": "1/2", "零": "0", "一": "1", "二": "2", "两": "2",
    "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9", "十": "10",
}  # fmt: skip

_CONFUSABLE = (
    {"quantile", "quartile"}, {"causal", "casual"}, {"variance", "variants"}, {"discrete", "discreet"},
    {"complement", "compliment"}, {"convex", "convey"}, {"minimum", "minimal"}, {"maximum", "maximal"},
    {"recall", "recalls"}, {"logistic", "logistics"}, {"prior", "priors"}, {"triplet", "triples"},
    {"trained", "strained"}, {"statistic", "statistics"}, {"underfit", "underfits"}, {"forward", "foreward"},
    {"quantile", "quintile"}, {"quartile", "quintile"}, {"covariance", "covariant"}, {"continuous", "continuum"},
    {"marginal", "margin"}, {"inductive", "deductive"}, {"logistic", "logistical"}, {"variance", "variants"},
    {"estimator", "estimates"}, {"sigmoid", "sigmoids"}, {"less", "loss"}, {"lost", "loss"}, {"mean", "men"},
    {"there", "three"}, {"form", "from"}, {"four", "for"}, {"median", "medium"}, {"descent", "descend"},
)  # fmt: skip
"""Pairs one letter apart of which neither is a typing slip for the other."""


def has_chinese(text: str) -> bool:
    """Whether the text holds Chinese characters."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)


@lru_cache(maxsize=64)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in their plainest form; a run of Chinese characters is one word."""
    return tuple(base_form(word) for word in _plain_words(text))


def tokens_of(text: str) -> list[str]:
    """The words of a text as ``words_of`` has them, without articles, every Chinese character on its own."""
    return [
        token for word in words_of(text) if word not in _ARTICLES for token in (word if has_chinese(word) else (word,))
    ]


def visible(text: str) -> str:
    """The text without characters of no width, such as a paste from a PDF carries, and with plain blanks."""
    shown = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in shown)


def _plain_words(text: str) -> list[str]:
    """The words of a text in small letters, without punctuation, accents and characters of no width."""
    plain = unicodedata.normalize("NFKC", visible(text)).casefold().translate(_PUNCTUATION)
    if not plain.isascii():
        apart = unicodedata.normalize("NFD", plain)
        plain = unicodedata.normalize("NFC", "".join(sign for sign in apart if unicodedata.category(sign) != "Mn"))
    plain = re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", plain)
    plain = re.sub(r"(?<=[\u4e00-\u9fff])(?=[a-z0-9])|(?<=[a-z0-9])(?=[\u4e00-\u9fff])", " ", plain)
    return plain.split()


@lru_cache(maxsize=8_192)
def base_form(word: str) -> str:
    """A word without plural and in American spelling; other words only ever lose the same letters on both sides."""
    word = _NUMBER_WORDS.get(word, word)
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 3 and word.isalpha() and word.isascii():
        if word.endswith("ies") and len(word) > 4:
            word = word[:-3] + "y"
        elif word.endswith(("sses", "xes", "ches", "shes", "zzes")):
            word = word[:-2]
        elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
            word = word[:-1]
        if word not in _KEEP_ISE:
            for pattern, replacement in _BRITISH:
                word = pattern.sub(replacement, word)
    return _IRREGULAR.get(word, word)


@lru_cache(maxsize=1_024)
def phrase_key(text: str) -> str:
    """What all accepted writings of a phrase share: its words without articles, run together, in Chinese without
    particles."""
    words = words_of(text)
    kept = "".join([word for word in words if word not in _ARTICLES] or words)
    return re.sub(r"(?<=[\u4e00-\u9fff])[的之个](?=[\u4e00-\u9fff])", "", kept)


def letters_of(text: str) -> str:
    """The words of a text run together as they are written: “one-hot” and “onehot” are the same."""
    return "".join(word for word in _plain_words(text) if word not in _ARTICLES)


def signs_of(text: str) -> str:
    """The signs that carry meaning in a phrase; the rest of the punctuation does not count."""
    kept = re.sub(r"(?<=\w)[-‐‑–](?=\w)", "", unicodedata.normalize("NFKC", text))
    return "".join(re.findall(r"[+\-−*/<>=≤≥≠^%]", kept))


def is_slip(typed: str, meant: str) -> bool:
    """Whether the typed phrase is the meant one but for one slip of the finger in one word.

    In words of six letters or more that is a letter too few, too many or another one, or two changed round; in words of
    four and five only a letter too few or too many, or two changed round. A slip never touches the first letter (so
    that “asymmetric” is not “symmetric”), never a sign, and never makes another word that is known to be confused with
    the meant one.
    """
    return signs_of(typed) == signs_of(meant) and any(
        _is_slip(
            [word for word in read(typed) if word not in _ARTICLES], [w for w in read(meant) if w not in _ARTICLES]
        )
        for read in (words_of, _plain_words)
    )


def _is_slip(typed: Sequence[str], meant: Sequence[str]) -> bool:
    if len(typed) != len(meant):
        return False
    different = [(one, other) for one, other in zip(typed, meant, strict=True) if one != other]
    if len(different) != 1:
        return False
    ((one, other),) = different
    if len(other) < 4 or len(one) < 3 or not (one.isalpha() and other.isalpha()) or one[0] != other[0]:
        return False
    if any({one, other} <= pair for pair in _CONFUSABLE) or has_chinese(one + other):
        return False
    if len(other) < 6 and len(one) == len(other) and sorted(one) != sorted(other):
        return False
    return one_edit_apart(one, other)


def one_edit_apart(a: str, b: str) -> bool:
    """Whether one letter inserted, left out, replaced or two neighbours swapped turns one word into the other."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    if len(a) == len(b):
        swapped = len(rest_a) > 1 and rest_a[0] == rest_b[1] and rest_a[1] == rest_b[0] and rest_a[2:] == rest_b[2:]
        return swapped or rest_a[1:] == rest_b[1:]
    return rest_a[1:] == rest_b if len(a) > len(b) else rest_a == rest_b[1:]
