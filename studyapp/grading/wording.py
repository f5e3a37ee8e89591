"""When two wordings are the same: case, blanks, plural, British and American spelling, Chinese and Latin signs."""

from __future__ import annotations

import re
import unicodedata
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
)  # fmt: skip
"""Pairs one letter apart of which neither is a typing slip for the other."""


def has_chinese(text: str) -> bool:
    """Whether the text holds Chinese characters."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)


@lru_cache(maxsize=64)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in their plainest form; a run of Chinese characters is one word."""
    return tuple(base_form(word) for word in _plain_words(text))


def _plain_words(text: str) -> list[str]:
    """The words of a text in small letters, without punctuation."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_PUNCTUATION)
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


def phrase_key(text: str) -> str:
    """What all accepted writings of a phrase share: its words without articles, run together."""
    words = words_of(text)
    kept = [word for word in words if word not in _ARTICLES] or words
    return "".join(kept)


def is_slip(typed: str, meant: str) -> bool:
    """Whether the typed phrase is the meant one but for one slip of the finger in a word of six letters or more.

    A slip never touches the first letter (so that “asymmetric” is not “symmetric”) and never makes another word that
    is known to be confused with the meant one.
    """
    return any(
        _is_slip(
            [word for word in read(typed) if word not in _ARTICLES], [w for w in read(meant) if w not in _ARTICLES]
        )
        for read in (words_of, _plain_words)
    )


def _is_slip(typed: list[str], meant: list[str]) -> bool:
    if len(typed) != len(meant):
        typed, meant = ["".join(typed)], ["".join(meant)]
    different = [(one, other) for one, other in zip(typed, meant, strict=True) if one != other]
    if len(different) != 1:
        return False
    ((one, other),) = different
    if len(other) < 6 or len(one) < 5 or not (one.isalpha() and other.isalpha()) or one[0] != other[0]:
        return False
    if any({one, other} <= pair for pair in _CONFUSABLE) or has_chinese(one + other):
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
