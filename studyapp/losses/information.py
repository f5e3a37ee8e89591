"""Information theory: entropies and divergences of distributions, in nats unless `base` is given.

One row (or one joint table) is a sample. 0 · ln 0 = 0 throughout. Gradients are partial derivatives with respect
to the last distribution given, each entry on its own, as if the sum of 1 did not bind them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import numerics
from .conversion import Array
from .domain import PROBABILITY, ROW, TABLE
from .loss import loss
from .parameter import BASE, Option

GIVEN = Option("the variable that is known: x, the rows, or y, the columns", choices=("x", "y"))


@loss(
    title="Self-information",
    formula=r"I(x) = -\log_b p(x)",
    family="information",
    domain={"p": PROBABILITY},
    parameters={"base": BASE},
    aliases=("surprisal", "information content"),
    relations=("its expectation is entropy",),
    sections=("002 §12",),
    reduction="none",
)
def self_information(p: Array, *, base: float | None = None) -> Any:
    """How surprising an event of probability p is.

        -log_b p

    Shapes: p (…), each number one event; every value is returned unless a reduction is asked for.
    Edges: p = 0 is inf.
    Relation: of two independent events together it is the sum of theirs.
    Pitfall: bits with base 2, nats with e: say which.
    Source: 002 §12.

    >>> losses.self_information([0.5, 0.25], base=2)
    array([1., 2.])
    """
    return -np.log(p) / numerics.nats(base)


@self_information.gradient
def _(p: Array, *, base: float | None = None) -> Any:
    """-1 / (p ln b)."""
    return -1.0 / (p * numerics.nats(base))


@loss(
    title="Entropy",
    formula=r"H(P) = -\sum_x p(x)\log_b p(x)",
    family="information",
    domain={"p": ROW},
    parameters={"base": BASE},
    aliases=("Shannon entropy",),
    relations=("cross_entropy_of(p, p)", "log C - kl(p, uniform)", "0 <= H <= log C"),
    sections=("002 §12", "000 §8"),
)
def entropy(p: Array, *, base: float | None = None) -> Any:
    """Expected self-information of a distribution.

        -Σ p log_b p

    Shapes: p (…, C).
    Edges: the derivative at p = 0 is +inf.
    Relation: largest, log C, for the uniform distribution; 0 for a certain event.
    Pitfall: some libraries normalise counts silently; here rows must sum to 1.
    Source: 002 §12.

    >>> losses.entropy([0.5, 0.25, 0.25], base=2)
    1.5
    """
    return -numerics.row_sums(numerics.xlogy(p, p)) / numerics.nats(base)


@entropy.gradient
def _(p: Array, *, base: float | None = None) -> Any:
    """-(ln p + 1) / ln b."""
    return -(np.log(p) + 1.0) / numerics.nats(base)


@loss(
    title="Cross-entropy of two distributions",
    formula=r"H(P, Q) = -\sum_x p(x)\log_b q(x)",
    family="information",
    domain={"p": ROW, "q": ROW},
    parameters={"base": BASE},
    aliases=("H(P, Q)",),
    relations=("entropy(p) + kl(p, q)", "cross_entropy(p, q) when base is e"),
    sections=("001 CE information", "002 §12"),
)
def cross_entropy_of(p: Array, q: Array, *, base: float | None = None) -> Any:
    """Expected code length when events of P are coded with a code made for Q.

        -Σ p log_b q

    Shapes: p (…, C), q (…, C).
    Edges: q = 0 where p > 0 is inf.
    Relation: H(P, Q) = H(P) + KL(P‖Q), and H(P) does not depend on the model.
    Pitfall: not symmetric, and not 0 for equal distributions.
    Source: 002 §12.

    >>> losses.cross_entropy_of([0.5, 0.5], [0.25, 0.75], base=2) > losses.entropy([0.5, 0.5], base=2)
    True
    """
    return -numerics.row_sums(numerics.xlogy(p, q)) / numerics.nats(base)


@cross_entropy_of.gradient
def _(p: Array, q: Array, *, base: float | None = None) -> Any:
    """-p / (q ln b), and 0 where p = 0."""
    return -numerics.ratio(p, q) / numerics.nats(base)


@loss(
    title="Kullback-Leibler divergence",
    formula=r"D_{\mathrm{KL}}(P\Vert Q) = \sum_x p(x)\log_b\frac{p(x)}{q(x)}",
    family="information",
    domain={"p": ROW, "q": ROW},
    parameters={"base": BASE},
    aliases=("KL", "KL divergence", "relative entropy"),
    relations=("cross_entropy_of(p, q) - entropy(p)", ">= 0, and 0 only if p = q", "kl(p, q) is not kl(q, p)"),
    sections=("000 §14", "001 KL", "002 §7", "004 KL"),
)
def kl(p: Array, q: Array, *, base: float | None = None) -> Any:
    """Expected extra code length of coding P with a code made for Q.

        Σ p log_b (p / q)

    Shapes: p (…, C), q (…, C). As a training loss p is the target and q the model.
    Edges: q = 0 where p > 0 is inf.
    Relation: not symmetric, so no metric.
    Pitfall: torch takes log q first and divides a plain mean by C too.
    Source: Kullback and Leibler 1951; 000 §14.

    >>> round(losses.kl([0.5, 0.5], [0.25, 0.75]), 4)
    0.1438
    >>> losses.kl([0.5, 0.5], [1, 0])
    inf
    """
    return numerics.row_sums(_xlog_ratio(p, q)) / numerics.nats(base)


@kl.gradient
def _(p: Array, q: Array, *, base: float | None = None) -> Any:
    """-p / (q ln b), and 0 where p = 0."""
    return -numerics.ratio(p, q) / numerics.nats(base)


@loss(
    title="Jensen-Shannon divergence",
    formula=(
        r"\mathrm{JS} = \tfrac12 D_{\mathrm{KL}}(P\Vert M) + \tfrac12 D_{\mathrm{KL}}(Q\Vert M),\quad "
        r"M = \tfrac12(P + Q)"
    ),
    family="information",
    domain={"p": ROW, "q": ROW},
    parameters={"base": BASE},
    aliases=("JS", "JS divergence", "JSD"),
    relations=("symmetric", "0 <= js <= log 2: ln 2 in nats, 1 in bits", "its square root is a metric"),
    sections=("002 §12", "002 §13"),
)
def js(p: Array, q: Array, *, base: float | None = None) -> Any:
    """A symmetric and always finite relative of KL.

        ½ KL(P‖M) + ½ KL(Q‖M),  M = (P + Q)/2

    Shapes: p (…, C), q (…, C).
    Relation: log 2 for distributions without common support, whatever their distance: no gradient there.
    Pitfall: SciPy's jensenshannon returns the square root of this.
    Source: 002 §12.

    >>> losses.js([1, 0], [0, 1], base=2)
    1.0
    """
    middle = 0.5 * (p + q)
    total = numerics.row_sums(_xlog_ratio(p, middle)) + numerics.row_sums(_xlog_ratio(q, middle))
    return np.maximum(0.5 * total, 0.0) / numerics.nats(base)


@js.gradient
def _(p: Array, q: Array, *, base: float | None = None) -> Any:
    """½ ln(q / m) / ln b; 0 where p = q = 0, -inf where q alone is 0."""
    return 0.5 * np.log(numerics.ratio(q, 0.5 * (p + q), empty=1.0)) / numerics.nats(base)


@loss(
    title="Joint entropy",
    formula=r"H(X, Y) = -\sum_{x,y} p(x, y)\log_b p(x, y)",
    family="information",
    domain={"p_xy": TABLE},
    parameters={"base": BASE},
    relations=("<= H(X) + H(Y), with equality if X and Y are independent",),
    sections=("002 §12",),
)
def joint_entropy(p_xy: Array, *, base: float | None = None) -> Any:
    """Entropy of two variables taken as one.

        -Σ_xy p(x, y) log_b p(x, y)

    Shapes: p_xy (…, X, Y), a table that sums to 1; rows are x, columns y.
    Relation: entropy of the table written as one row.
    Pitfall: a table of counts must be divided by its sum first.
    Source: 002 §12.

    >>> losses.joint_entropy([[0.25, 0.25], [0.25, 0.25]], base=2)
    2.0
    """
    return -np.add.reduce(numerics.xlogy(p_xy, p_xy), axis=(-2, -1)) / numerics.nats(base)


@joint_entropy.gradient
def _(p_xy: Array, *, base: float | None = None) -> Any:
    """-(ln p + 1) / ln b."""
    return -(np.log(p_xy) + 1.0) / numerics.nats(base)


@loss(
    title="Conditional entropy",
    formula=r"H(Y \mid X) = -\sum_{x,y} p(x, y)\log_b\frac{p(x, y)}{p(x)} = H(X, Y) - H(X)",
    family="information",
    domain={"p_xy": TABLE},
    parameters={"base": BASE, "given": GIVEN},
    relations=("H(X, Y) - H(X)", "H(Y) - mutual_information"),
    sections=("002 §12",),
)
def conditional_entropy(p_xy: Array, *, base: float | None = None, given: str = "x") -> Any:
    """What stays uncertain of one variable once the other is known.

        H(Y|X) = -Σ_xy p(x, y) log_b p(y|x);  H(X|Y) with given="y"

    Shapes: p_xy (…, X, Y), a table that sums to 1; rows are x, columns y.
    Relation: H(Y|X) ≤ H(Y), with equality if X and Y are independent.
    Pitfall: the variable named is the known one; H(X|Y) is another number.
    Source: 002 §12.

    >>> losses.conditional_entropy([[0.5, 0], [0.25, 0.25]], base=2)
    0.5
    """
    known = np.add.reduce(p_xy, axis=-1 if given == "x" else -2, keepdims=True)
    return -np.add.reduce(_xlog_ratio(p_xy, known), axis=(-2, -1)) / numerics.nats(base)


@conditional_entropy.gradient
def _(p_xy: Array, *, base: float | None = None, given: str = "x") -> Any:
    """-ln p(y|x) / ln b; +inf where only p(x, y) is 0, and 0 where p(x) is."""
    known = np.add.reduce(p_xy, axis=-1 if given == "x" else -2, keepdims=True)
    return -np.log(numerics.ratio(p_xy, known, empty=1.0)) / numerics.nats(base)


@loss(
    title="Mutual information",
    formula=r"I(X; Y) = \sum_{x,y} p(x, y)\log_b\frac{p(x, y)}{p(x)\,p(y)}",
    family="information",
    domain={"p_xy": TABLE},
    parameters={"base": BASE},
    aliases=("information gain",),
    relations=(
        "H(X) + H(Y) - H(X, Y)",
        "kl of the joint table from the product of its margins",
        "info_nce bounds it from below",
    ),
    sections=("002 §12", "000 §13"),
)
def mutual_information(p_xy: Array, *, base: float | None = None) -> Any:
    """How much knowing one variable tells of the other.

        Σ_xy p(x, y) log_b [p(x, y) / (p(x) p(y))]

    Shapes: p_xy (…, X, Y), a table that sums to 1.
    Relation: 0 if and only if X and Y are independent; symmetric.
    Pitfall: it wants the joint probabilities, not the two margins.
    Source: 002 §12.

    >>> losses.mutual_information([[0.5, 0], [0, 0.5]], base=2)
    1.0
    """
    product = numerics.row_sums(p_xy, keepdims=True) * np.add.reduce(p_xy, axis=-2, keepdims=True)
    return np.maximum(np.add.reduce(_xlog_ratio(p_xy, product), axis=(-2, -1)), 0.0) / numerics.nats(base)


@mutual_information.gradient
def _(p_xy: Array, *, base: float | None = None) -> Any:
    """(ln[p(x, y) / (p(x) p(y))] - 1) / ln b, with the ratio p(x, y)/p(x) = 1 in an empty row, likewise in columns."""
    p_x = numerics.row_sums(p_xy, keepdims=True)
    p_y = np.add.reduce(p_xy, axis=-2, keepdims=True)
    of_x = numerics.ratio(p_xy, np.broadcast_to(p_x, p_xy.shape), empty=1.0)
    # In an empty column that is not in an empty row, the same limit holds for p(x, y)/p(y).
    log_ratio = np.where((p_y == 0.0) & (p_x > 0.0), -np.log(p_x), np.log(of_x) - np.log(p_y))
    return (log_ratio - 1.0) / numerics.nats(base)


def _xlog_ratio(x: Array, y: Array) -> Any:
    """x ln(x / y), and 0 wherever x = 0; of the logarithms, not of the quotient, when that would overflow."""
    quotient = x / y
    extreme = ~(quotient > 0.0) | (quotient == np.inf)
    if not np.count_nonzero(extreme):
        return x * np.log(quotient)
    log_quotient = np.where(extreme, np.log(x) - np.log(y), np.log(quotient))
    return numerics.zero_for_nan(x * log_quotient)
