"""Where a free answer says the opposite of the model answer: “MAE is more sensitive than MSE”, “it is not convex”.

A text is read clause by clause. What is compared are poles: words of a pair of opposites (robust and sensitive, grow
and shrink), each with whom it is said of (MSE or MAE, large or small, near or far) and whether it is denied. Nothing is
understood beyond that: a text that contradicts in other words passes, and one that repeats the model answer never
fails.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

_OPPOSITES = """
convex: convex, 凸 / nonconvex, concave, 非凸
symmetric: symmetric, symmetrical, 对称 / asymmetric, unsymmetric, 不对称, 非对称
bound: bounded, saturates, clipped, clamped, finite, 有界, 有限, 截断 / unbounded, infinite, infinity,
  diverges, diverge, explodes, explode, 无界, 无穷, 爆炸
robust: robust, insensitive, 鲁棒, 稳健, 不敏感, 抗离群, 抗异常 / sensitive, drag, dominate, 敏感
shape: linear, linearly, 线性 / quadratic, quadratically, squares, squared, parabola, exponentially, 二次,
  平方, 指数增长
fit: overfit, overfits, overfitting, 过拟合 / underfit, underfits, underfitting, 欠拟合
centre: mean, 均值, 平均值 / median, 中位数
smooth: differentiable, smooth, continuous, 可微, 可导, 光滑 / kink, step, piecewise, discontinuous,
  nondifferentiable, jump, 不可微, 不可导, 不光滑, 分段常数, 阶梯
size: constant, ±1, 恒定, 恒为 / proportional, fades, fade, 成正比
sharp: sharp, sharper, peaked, concentrates, concentrate, focuses, 尖锐, 集中 / flat, flatter, equally, alike,
  uniform, 平坦, 均匀, 一视同仁, 同等
sparse: sparse, zeros, 稀疏 / dense, 非零, 稠密
prior: laplace, 拉普拉斯 / gaussian, 高斯
confidence: overconfident, confident, overconfidence / underconfident
speed: faster, quicker, quickly, 更快, 较快, 收敛快 / slower, slowly, 更慢, 较慢, 收敛慢
factor: carries, contains, 含有, 带有 / cancels, cancel, cancelled, 约掉, 约去, 抵消
change: grows, grow, rises, rise, raise, raises, increases, increase, increasing, larger, bigger, higher,
  gain, 上升, 增大, 变大, 提高, 升高, 递增 / shrinks, shrink, falls, fall, drops, drop, decreases, decrease,
  decreasing, smaller, lower, lowers, reduces, vanishes, vanish, 下降, 减小, 变小, 降低, 递减
order: decreasing, descending, largest first, 从大到小, 降序 / increasing, ascending, smallest first,
  从小到大, 升序
errors: false positives, false positive, fp, 假正例, 误报 / false negatives, false negative, fn, missed,
  假负例, 漏检, 漏报
near: closer, nearer, 更近 / farther, further, 更远
good: better, improve, improves, 更准, 更好 / worse, hurts, hurt, 更差
noise: irreducible, unavoidable, 不可约, 不可避免 / disappears, reducible, removed, 消除, 消失
extreme: smallest, least, minimum, 最小 / largest, greatest, maximum, 最大
sum: plus, adds, 加上 / minus, 减去
way: covers, covering, 覆盖 / mode, 众数
likely: uniform, equally, 均匀, 等可能 / certain, deterministic, 确定
ease: simple, too simple, 简单 / flexible, complex, complicated, 灵活, 复杂
easy: easy, easiest, 简单负样本, 易分 / hard, hardest, 难负样本, 最难
stable: stable, 稳定 / unstable, noisy, 不稳定
same: same, equal, identical, agree, coincide, 相同, 一样, 相等 / different, differ, 不同, 不等
"""
"""Dimensions of what is said: one pole, the other."""

_OWNERS = """
loss: mse, squared error, 均方误差 / mae, absolute error, 平均绝对误差 / cross-entropy, ce, bce, 交叉熵 /
  accuracy, 准确率 / hinge, 铰链, 合页 / logistic, 逻辑损失 / exponential, 指数损失 / dice / surrogate, 代理 /
  0-1, zero-one / huber / quantile, pinball
norm: l1, lasso / l2, ridge, 岭 / smooth l1 / elastic
divergence: kl / js
size: large, big, high, huge, too large, 大, 高 / small, low, tiny, too small, 小, 低 / 0, zero, 零
place: near, inside, within, close to, 内, 附近, 以内, 接近 / far, far away, outside, beyond, 之外, 以外, 远处
time: early, early on, 早期 / late, late in, near the end, 后期
error: bias, 偏差 / variance, 方差 / noise, 噪声
rate: recall, 召回率 / precision, 精确率, 精度
letter: alpha, α / beta, β
phase: training, in training, 训练时 / test, at test, test time, 测试时
sample: positive, positives, 正样本, 正例 / negative, negatives, 负样本, 负例
pair: giou / diou / ciou
sign: index, 指数 / true negatives, 真负例
way: forward, 前向 / reverse, 反向
layer: hidden, 隐藏 / output, 输出
prob: softmax / sigmoid
part: first, 前者, 前一, 前一项 / second, 后者, 后一, 后一项
ease: simple, too simple, 简单 / flexible, too flexible, complex, 灵活, 复杂
easy: easy, easiest, 易分 / hard, hardest, 难负样本, 最难
likely: uniform, equally likely, 均匀, 等可能 / certain, deterministic, 确定
"""
"""Of whom something is said: groups of which one excludes the others."""

_NEGATORS = frozenset({
    "not", "no", "never", "neither", "nor", "without", "cannot", "none", "nothing", "isn", "aren", "doesn", "don",
    "won", "can't", "hardly",
})  # fmt: skip
_FLIPS = frozenset({"less", "least", "fewer", "stops", "prevents", "avoids"})
_CHINESE_NEGATION = re.compile(
    r"(?:并不|不会|不是|不再|没有|不(?!平衡|均衡)|无|未|非|(?<!类)别)(?:[\u4e00-\u9fff]{0,2})$"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CHINESE_DENIAL = re.compile(r"(?:(?:并不|不会|不是|不再|无需|不用|不必)[\u4e00-\u9fff]{0,1}|不)$")
_DENIAL = re.compile(
    r"\b(?:not|never|cannot|neither|nor|needs no|\w+n['’]t)\s+"
    r"(?:(?!only|just|match|equal|the|grow|get|have)[a-z]+\s+)?$"
)
_SENTENCE = re.compile(r"[.!?](?=\s|$)|[;\n。！？；]")
_CLAUSE = re.compile(
    r"[,，、:：()（）]|\b(?:but|while|whereas|and|although|though|so|which|because|as|since|than|unlike|if|when|hence)\b|而|但|所以|因此|比起"
)
_WORD = re.compile(r"[a-zα-ω0-9]+(?:-[a-z0-9α-ω]+)*|±1", re.I)


class Claim(Struct, frozen=True):
    """A pole of a dimension, of whom it is said, and the words."""

    dimension: str
    pole: int
    owners: tuple[tuple[str, int], ...]
    words: str


def _table(text: str) -> Iterator[tuple[str, int, str]]:
    """Name, place of the member and spelling; a line that begins with a blank goes on with the one before."""
    for line in re.sub(r"\n +", " ", text).strip().splitlines():
        name, _, members = line.partition(": ")
        for place, member in enumerate(members.split(" / ")):
            for spelling in member.split(", "):
                yield name, place, spelling


@lru_cache(maxsize=1)
def _lexicon() -> tuple[dict[str, list[tuple[str, str, int]]], int]:
    """Every spelling with what it stands for, and the length of the longest in words."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for kind, table in (("pole", _OPPOSITES), ("owner", _OWNERS)):
        for name, place, spelling in _table(table):
            found.setdefault(spelling, []).append((kind, name, place))
    return found, max(len(spelling.split()) for spelling in found)


@lru_cache(maxsize=1)
def _chinese() -> re.Pattern[str]:
    found = [spelling for spelling in _lexicon()[0] if re.search(r"[\u4e00-\u9fff]", spelling)]
    return re.compile("|".join(sorted(map(re.escape, found), key=len, reverse=True)))


def contradiction(answer: str, said: Sequence[str]) -> str:
    """The words of the answer that say the opposite of what the texts say; empty if there are none."""
    references = [claim for text in said for claim in claims(text)]
    known: dict[tuple[str, tuple[str, int]], set[int]] = {}
    every: dict[str, set[int]] = {}
    for claim in references:
        every.setdefault(claim.dimension, set()).add(claim.pole)
        for owner in claim.owners:
            known.setdefault((claim.dimension, owner), set()).add(claim.pole)
    for claim in claims(answer):
        poles = every.get(claim.dimension, set())
        if not poles:
            continue
        if poles == {1 - claim.pole}:
            return claim.words
        for owner in claim.owners:
            own = known.get((claim.dimension, owner), set())
            if own == {1 - claim.pole}:
                return claim.words
    return ""


def denial(words: str, text: str, said: Sequence[str]) -> str:
    """The words of the text that deny what a spelling says, where no text that is said denies it; else empty."""
    place = _denied_place(words, text)
    if place is None or any(_denied_place(words, one) is not None for one in said):
        return ""
    start, end = place
    return text[start:end].strip()


def _denied_place(words: str, text: str) -> tuple[int, int] | None:
    """From the negation to the end of the first denied mention; None where a mention stands that is not denied."""
    plain, wanted = text.casefold(), words.casefold()
    first = None
    for match in re.finditer(re.escape(wanted) if _HAN.search(wanted) else rf"\b{re.escape(wanted)}", plain):
        before = plain[: match.start()]
        chinese = _CHINESE_DENIAL.search(before)
        latin = _DENIAL.search(before)
        if not chinese and not latin:
            return None
        if first is None:
            first = ((chinese or latin).start(), match.end())  # type: ignore[union-attr]
    return first


def claims(text: str) -> Iterator[Claim]:
    """What a text says, clause by clause; an owner holds until the sentence names another of its group."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("non-", "non").replace("$", " ").replace("*", " ")
    for sentence in _SENTENCE.split(plain):
        owners: dict[str, int] = {}
        for clause in _CLAUSE.split(sentence):
            yield from _clause_claims(clause or "", owners)


def _clause_claims(clause: str, owners: dict[str, int]) -> Iterator[Claim]:
    """The claims of a clause in its order: a pole is said of those named before it, else of those of
    earlier clauses."""
    here: dict[str, int] = {}
    for start, _, kind, name, place in sorted(_marks(clause), key=lambda mark: (mark[0], mark[2] != "pole")):
        if kind == "owner":
            owners[name] = here[name] = place
            continue
        pole = 1 - place if _is_denied(clause, start) else place
        held = tuple((group, member) for group, member in (here or owners).items() if group != name)
        yield Claim(name, pole, held, clause.strip(" ,.，。"))


def _marks(clause: str) -> Iterator[tuple[int, int, str, str, int]]:
    """The poles and owners of a clause with their places; the longest spelling wins."""
    lexicon, longest = _lexicon()
    words = list(_WORD.finditer(clause))
    taken = -1
    for place, word in enumerate(words):
        if place <= taken:
            continue
        for length in range(min(longest, len(words) - place), 0, -1):
            spelling = " ".join(one[0] for one in words[place : place + length])
            if spelling in lexicon:
                taken = place + length - 1
                for kind, name, pole in lexicon[spelling]:
                    yield word.start(), words[taken].end(), kind, name, pole
                break
    for match in _chinese().finditer(clause):
        for kind, name, pole in lexicon[match[0]]:
            yield match.start(), match.end(), kind, name, pole


def _is_denied(clause: str, start: int) -> bool:
    """Whether one of the words just before denies what follows; two denials are none."""
    before = clause[:start]
    if _CHINESE_NEGATION.search(before):
        return True
    words = [word for word in re.findall(r"[a-z]+", before)][-4:]
    return (sum(word in _NEGATORS or word in _FLIPS for word in words)) % 2 == 1
