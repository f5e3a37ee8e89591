"""Rubrics: which points of the rubric a text seems to hold. The learner decides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from studyapp.cards.card import Point
from studyapp.grading.contradiction import contradiction, denial
from studyapp.grading.verdict import Detail, Outcome, Verdict
from studyapp.grading.wording import base_form, has_chinese, visible, words_of
from studyapp.locale.message import Message

_COMPARE = Message("Compare with the answer and tick what you had.")
_SEEM_THERE = Message("{found} of {count} points seem to be there: check the ticks against your own words.")
_CONTRADICTS = Message(
    "Nothing is ticked: “{words}” seems to say the opposite of the model answer. Compare and tick what you had."
)
_SAID = Message("{point} (you wrote “{words}”)")
_TICKED = Message("{ticked} of {count} points.")
_RATE = Message("Rate how well you knew it.")

_SHARE = 0.6
"""Of the telling words of a point without declared ``words``, this share must be found."""

_COMMON = frozenset({
    "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "from", "with", "and", "or", "not", "no",
    "is", "are", "was", "be", "been", "it", "its", "this", "that", "these", "those", "as", "than", "then",
    "so", "such", "which", "who", "what", "when", "where", "while", "if", "but", "more", "most", "less",
    "least", "very", "can", "may", "will", "would", "should", "must", "do", "does", "did", "has", "have",
    "had", "one", "each", "every", "all", "any", "both", "only", "also", "into", "over", "under", "between",
    "per",
})  # fmt: skip

_TOPICS = frozenset({
    "above", "absolute", "accuracy", "average", "batch", "both", "bound", "bounded", "capacity", "certain",
    "complex", "complexity", "constant", "converge", "convergence", "convex", "correct", "data", "derivative",
    "differ", "difference", "direction", "distance", "distribution", "error", "expected", "far", "finite", "fit",
    "fitting", "fix", "fixed", "flat", "flexible", "forward", "gap", "gradient", "grow", "height", "identical",
    "increase", "independent", "index", "infinite", "inside", "label", "large", "larger", "least", "limit", "line",
    "linear", "look", "margin", "max", "maximum", "mean", "measure", "min", "minimum", "missed", "mode", "model",
    "multiply", "noise", "noisy", "normal", "number", "overlap", "penalty", "position", "positive", "predicted",
    "prediction", "product", "proportional", "quadratic", "real", "reference", "region", "regression", "reverse",
    "role", "scale", "score", "second", "sensitive", "settle", "shape", "shift", "sign", "simple", "simpler",
    "size", "slope", "small", "smaller", "smooth", "squared", "stability", "stable", "step", "sum", "sure",
    "symmetric", "target", "test", "threshold", "together", "train", "training", "truth", "uniform", "union",
    "unit", "validation", "vanish", "variance", "weighted", "when", "width", "zero",
})  # fmt: skip
"""Single words that name a topic. They count only beside another telling word of their point."""

_CHINESE_TOPICS = frozenset({
    "为0", "为零", "优化", "依赖", "全局", "准确率", "凸", "区域", "噪声", "回归", "固定", "均匀", "对称", "导数",
    "常数", "平滑", "度量", "得分", "恒定", "拟合", "指数", "指标", "排序", "收敛", "数据", "整体", "方向", "方差",
    "有限", "标签", "梯度", "模型", "正则", "测试", "温度", "目标", "真实", "程度", "稳定", "符号", "角色", "训练",
    "误差", "间隔", "预测", "验证",
})  # fmt: skip

_SENTENCE = re.compile(r"[.!?](?=\s|$)|[;\n。！？；]")
_MOST_SHOWN = 80

_SMALL = frozenset({
    "a", "an", "the", "of", "is", "are", "was", "be", "it", "its", "that", "this", "these", "those", "to", "in",
    "on", "at",
})  # fmt: skip

_FORMULA_SIGN = re.compile(r"[\\=+*/^_(){}<>|−·]|\s-\s|\d")
_FORMULA_SPELLINGS = (
    ("−", "-"), ("∑", "σ"), ("·", "*"), ("\\cdot", "*"), ("×", "*"), ("\\times", "*"), ("\\log", "ln"), ("log", "ln"),
    ("\\sum", "σ"), ("\\sigma", "σ"), ("sigma", "σ"), ("sigmoid", "σ"), ("\\lambda", "λ"), ("lambda", "λ"),
    ("\\frac", ""), ("\\left", ""), ("\\right", ""),
)  # fmt: skip


def suggested(points: Sequence[Point], reference: str, answer: str, question: str = "") -> Verdict:
    """The rubric with a suggestion of what was said and by which words; ``passed`` is None where nothing was found.

    An answer that says the opposite of the model answer gets no suggestion at all: who turns one thing round has often
    turned round more.
    """
    said = [reference, *(point.text for point in points), *(word for point in points for word in point.words)]
    against = contradiction(answer, said) or _denied(points, answer, said)
    found = ["" if against else evidence(point, answer, question) for point in points]
    details = tuple(
        Detail(str(place + 1), True if words else None, _SAID(point=point.text, words=words) if words else point.text)
        for place, (point, words) in enumerate(zip(points, found, strict=True))
    )
    count = sum(map(bool, found))
    message = _SEEM_THERE(found=count, count=len(found)) if count else _COMPARE()
    if against:
        message = _CONTRADICTS(words=against)
    return Verdict(
        Outcome.SELF_RATED,
        count / len(found) if found else 0.0,
        message,
        None,
        None,
        reference,
        details,
        suggested=True,
    )


def _denied(points: Sequence[Point], answer: str, said: Sequence[str]) -> str:
    """The words of the answer that deny a declared spelling of a point."""
    if not answer.strip():
        return ""
    sentences = [one for one in _SENTENCE.split(visible(answer)) if one.strip()]
    known = [one for text in said for one in _SENTENCE.split(text)]
    spellings = {word for point in points for word in point.words if len(word) > (1 if has_chinese(word) else 3)}
    return next((found for one in sentences for word in sorted(spellings) if (found := denial(word, one, known))), "")


def ticked(points: Sequence[Point], reference: str, places: set[int]) -> Verdict:
    """The learner's own judgement: the places, from 0, of the points that were there.

    Raises:
        ValueError: a place that the rubric does not have.
    """
    unknown = sorted(place for place in places if not 0 <= place < len(points))
    if unknown:
        raise ValueError(f"there is no point {unknown[0]}: the rubric has {len(points)}")
    details = tuple(Detail(str(place + 1), place in places, point.text) for place, point in enumerate(points))
    score = len(places) / len(points) if points else 1.0
    message = _TICKED(ticked=len(places), count=len(points)) if points else _RATE()
    return Verdict(Outcome.SELF_RATED, score, message, None, None, reference, details)


def evidence(point: Point, answer: str, question: str = "") -> str:
    """The words of the text that say the point: a declared spelling, its formula, or a sentence that holds most of its
    telling words; empty where nothing does. What the question says already counts for nothing.
    """
    if not answer.strip():
        return ""
    sentences = [one for one in _SENTENCE.split(visible(answer)) if one.strip()]
    for word in point.words:
        if not _is_weak(word) and _occurs(word, answer) and not _occurs(word, question):
            return _shown(word, sentences)
    for sentence in sentences:
        hits = [
            word for word in point.words if _is_weak(word) and _occurs(word, sentence) and not _occurs(word, question)
        ]
        if hits and (len({base_form(word) for word in hits}) > 1 or _supports(point, hits[0], sentence, question)):
            return sentence.strip()
    typed = _formula_key(answer)
    for formula in re.findall(r"\$([^$]+)\$", point.text):
        if (
            len(_formula_key(formula)) > 2
            and _formula_key(formula) in typed
            and (_formula_key(formula) not in _formula_key(question))
        ):
            return str(formula)
    prose = re.sub(r"\$[^$]*\$", " ", point.text)
    for sentence in sentences:
        if has_chinese(prose):
            if _chinese_share(prose, sentence) >= _SHARE > _chinese_share(prose, question):
                return sentence.strip()
            continue
        telling, said = _telling(prose) - set(words_of(question)), set(words_of(sentence))
        if len(telling) > 1 and sum(_said(word, said) for word in telling) >= _SHARE * len(telling):
            return sentence.strip()
    return ""


def _telling(text: str) -> set[str]:
    return {word for word in words_of(text) if word not in _COMMON and len(word) > 1}


def _is_weak(word: str) -> bool:
    """Whether a declared word only names a topic, about which the text may say anything."""
    return base_form(word.casefold()) in _TOPICS or word in _CHINESE_TOPICS


def _supports(point: Point, word: str, sentence: str, question: str) -> bool:
    """Whether the sentence has another telling word of the point beside the one found."""
    if has_chinese(sentence):
        rest = sentence.replace(word, " ")
        runs = re.findall(r"[\u4e00-\u9fff]+|[A-Za-z0-9]{2,}", point.text.replace(word, " "))
        pairs = {run[start : start + 2] for run in runs for start in range(max(1, len(run) - 1))}
        return any(pair.casefold() in rest.casefold() and pair not in question for pair in pairs)
    own = set(words_of(word)) | set(words_of(question))
    said = set(words_of(sentence)) - own
    return any(_said(other, said) for other in _telling(point.text) - own)


def _shown(word: str, sentences: Sequence[str]) -> str:
    """The sentence in which a spelling stands, cut short around it; the spelling alone where it spans two."""
    for sentence in sentences:
        if _occurs(word, sentence):
            plain = sentence.strip()
            return plain if len(plain) <= _MOST_SHOWN else word
    return word


def _said(word: str, said: set[str]) -> bool:
    """Whether a word or one with the same stem was said: “robust” for “robustness”."""
    if word in said:
        return True
    return len(word) > 5 and any(other[:5] == word[:5] for other in said if len(other) > 4)


def _occurs(phrase: str, answer: str) -> bool:
    """Whether the phrase stands in the text, as words, as Chinese characters or as a formula."""
    if has_chinese(phrase):
        return "".join(words_of(phrase)) in "".join(words_of(answer))
    plain = words_of(phrase)
    read = _all_stems if not plain or plain[0] in _SMALL or plain[-1] in _SMALL else _stems
    wanted, said = read(phrase), read(answer)
    if wanted and any(said[start : start + len(wanted)] == wanted for start in range(len(said) - len(wanted) + 1)):
        return True
    if len(wanted) > 1 and "".join(wanted) in said:
        return True
    key = _formula_key(phrase)
    return bool(_FORMULA_SIGN.search(phrase)) and len(key) > 1 and key in _formula_key(answer)


@lru_cache(maxsize=4_096)
def _stems(text: str) -> tuple[str, ...]:
    """The words of a text without inflection and without the small words between them."""
    words = words_of(text)
    return tuple(_stem(word) for word in words if word not in _SMALL) or words


@lru_cache(maxsize=4_096)
def _all_stems(text: str) -> tuple[str, ...]:
    return tuple(map(_stem, words_of(text)))


def _stem(word: str) -> str:
    for ending in ("ation", "ing", "ed", "ly", "es", "s", "e"):
        if len(word) > len(ending) + 3 and word.endswith(ending) and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


def _formula_key(text: str) -> str:
    """Formulas without blanks, braces and the marks of LaTeX, ``\\cdot`` and ``·`` alike."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for old, new in _FORMULA_SPELLINGS:
        plain = plain.replace(old, new)
    return re.sub(r"[\s{}\\$_*]", "", plain)


def _chinese_share(prose: str, answer: str) -> float:
    """The share of neighbouring character pairs of the point that the text holds."""
    pairs: set[str] = set()
    for run in re.findall(r"[\u4e00-\u9fff]+|[A-Za-z]{2,}", prose):
        pairs |= {run[start : start + 2] for start in range(len(run) - 1)} if has_chinese(run) else {run}
    return sum(pair.casefold() in answer.casefold() for pair in pairs) / len(pairs) if pairs else 0.0
