"""Retrieval and contrast: losses on distances and similarities between items.

Gradients are with respect to the first argument unless `wrt` names another.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import numerics
from .conversion import Array
from .domain import KEYS, POSITIVE_KEY, SIMILARITY, VECTOR
from .errors import LossError
from .loss import loss
from .parameter import Flag, Number, Option

FIRST = np.zeros(())
"""The place of the positive among the keys, unless it is given."""

MARGIN = Number("by how much the positive must win", low=0.0)


# -------------------------------------------------------------------- distances


@loss(
    title="Triplet loss",
    formula=r"\max\bigl(0,\ \lVert a - p\rVert - \lVert a - n\rVert + m\bigr)",
    family="retrieval",
    domain={"anchor": VECTOR, "positive": VECTOR, "negative": VECTOR},
    parameters={
        "margin": MARGIN,
        "p": Number("order of the norm", low=1.0),
        "squared": Flag("whether distances are squared, as in FaceNet"),
        "wrt": Option("the argument to differentiate in", choices=("anchor", "positive", "negative")),
    },
    aliases=("triplet margin loss", "FaceNet loss"),
    relations=("0 once the negative is farther by the margin",),
    sections=("002 triplet",),
    kinks="a margin met exactly, or two equal vectors",
)
def triplet(
    anchor: Array, positive: Array, negative: Array, *, margin: float = 1.0, p: float = 2.0, squared: bool = False
) -> Any:
    """The negative must be farther from the anchor than the positive, by the margin.

        max(0, d(a, p) - d(a, n) + margin),  d = ‖·‖_p, or ‖·‖_p² if squared

    Shapes: anchor, positive, negative (…, D).
    Kink: a margin met exactly counts as met; the norm of a zero vector has the subgradient 0.
    Relation: random triplets soon cost nothing, hence the mining of hard ones.
    Pitfall: torch adds 1e-6 to the difference; FaceNet squares the distances; some average active triplets only.
    Source: Schroff et al., "FaceNet", 2015; 002 triplet.

    >>> losses.triplet([0, 0], [0, 1], [3, 4], margin=5)
    1.0
    """
    return np.maximum(_gap(_norm(anchor - positive, p), _norm(anchor - negative, p), margin, squared), 0.0)


@triplet.gradient
def _(
    anchor: Array,
    positive: Array,
    negative: Array,
    *,
    margin: float = 1.0,
    p: float = 2.0,
    squared: bool = False,
    wrt: str = "anchor",
) -> Any:
    """d'(a, p) - d'(a, n) where the triplet is active; for p = 2 the unit vectors from positive and negative."""
    to_positive, to_negative = anchor - positive, anchor - negative
    near, far = _norm(to_positive, p), _norm(to_negative, p)
    active = np.asarray(_gap(near, far, margin, squared) > 0.0)[..., None]
    if wrt == "positive":
        return active * -_distance_slope(to_positive, near, p, squared)
    if wrt == "negative":
        return active * _distance_slope(to_negative, far, p, squared)
    return active * (_distance_slope(to_positive, near, p, squared) - _distance_slope(to_negative, far, p, squared))


@triplet.distance_to_kink
def _(
    anchor: Array, positive: Array, negative: Array, *, margin: float = 1.0, p: float = 2.0, squared: bool = False
) -> Any:
    distance = np.abs(_gap(_norm(anchor - positive, p), _norm(anchor - negative, p), margin, squared))
    if squared and p == 2.0:
        return distance
    for difference in (anchor - positive, anchor - negative):
        # Away from order 2 the norm may bend wherever a coordinate of the difference is 0.
        near = _norm(difference, p) if p == 2.0 else np.min(np.abs(difference), axis=-1, initial=np.inf)
        distance = np.minimum(distance, near)
    return distance


def _gap(near: Any, far: Any, margin: float, squared: bool) -> Any:
    """d(a, p) - d(a, n) + margin, before it is cut at 0."""
    return near * near - far * far + margin if squared else near - far + margin


def _norm(x: Array, p: float) -> Any:
    if p == 2.0:
        squared = numerics.row_sums(x * x)
        if np.count_nonzero((squared > 1e-280) & (squared < 1e280)) == squared.size:
            return np.sqrt(squared)
    if p == 1.0:
        return numerics.row_sums(np.abs(x))
    largest = np.maximum.reduce(np.abs(x), axis=-1, initial=0.0, keepdims=True)
    scaled = np.abs(x) / np.where(largest == 0.0, 1.0, largest)  # so that no power overflows or vanishes
    return largest[..., 0] * numerics.row_sums(scaled**p) ** (1.0 / p)


def _distance_slope(x: Array, norm: Any, p: float, squared: bool) -> Any:
    """sign(x) (|x| / ‖x‖)^(p-1), times 2‖x‖ if squared; 0 for the zero vector."""
    norm = np.asarray(norm)[..., None]
    direction = x / np.where(norm == 0.0, 1.0, norm)
    slope = direction if p == 2.0 else np.sign(x) * np.abs(direction) ** (p - 1.0)
    return 2.0 * norm * slope if squared else slope


# -------------------------------------------------------------------- similarity matrices


@loss(
    title="Sum hinge loss",
    formula=r"\sum_i\sum_{j\ne i}\bigl[(m + s_{ij} - s_{ii})_+ + (m + s_{ji} - s_{ii})_+\bigr]",
    family="retrieval",
    domain={"similarity": SIMILARITY},
    parameters={"margin": MARGIN},
    aliases=("VSE loss", "sum of hinges"),
    relations=("max_hinge <= sum_hinge", "equal for two pairs"),
    sections=("002 sum/max hinge",),
    kinks="a margin met exactly",
)
def sum_hinge(similarity: Array, *, margin: float = 0.2) -> Any:
    """Every wrong pair, in both directions, must be less similar than the right one by the margin.

        Σ_i Σ_{j≠i} [margin + s_ij - s_ii]₊ + [margin + s_ji - s_ii]₊

    Shapes: similarity (…, N, N), the right pairs on the diagonal. One matrix is a sample: it is summed over its
    pairs, never averaged.
    Kink: a margin met exactly counts as met.
    Relation: similarities, not distances, so the signs are those of triplet reversed.
    Pitfall: cosine similarities need rows of length 1 beforehand.
    Source: Kiros et al., 2014; 002 sum hinge.

    >>> round(losses.sum_hinge([[0.9, 0.8], [0.1, 0.5]]), 4)
    0.6
    """
    along_rows, along_columns = _hinges(similarity, margin)
    return np.add.reduce(along_rows + along_columns, axis=(-2, -1))


@sum_hinge.gradient
def _(similarity: Array, *, margin: float = 0.2) -> Any:
    """+1 for each hinge that an entry is too large in; on the diagonal -1 for each that it is too small in."""
    along_rows, along_columns = _hinges(similarity, margin)
    return _hinge_slope(along_rows > 0.0, along_columns > 0.0)


@sum_hinge.distance_to_kink
def _(similarity: Array, *, margin: float = 0.2) -> Any:
    along_rows, along_columns = _raw_hinges(similarity, margin)
    off_diagonal = ~np.eye(similarity.shape[-1], dtype=bool)
    return np.where(off_diagonal, np.minimum(np.abs(along_rows), np.abs(along_columns)), np.inf)


@loss(
    title="Max hinge loss",
    formula=r"\sum_i\Bigl[\max_{j\ne i}(m + s_{ij} - s_{ii})_+ + \max_{j\ne i}(m + s_{ji} - s_{ii})_+\Bigr]",
    family="retrieval",
    domain={"similarity": SIMILARITY},
    parameters={"margin": MARGIN},
    aliases=("VSE++ loss", "MH loss", "hardest negative hinge"),
    relations=("max_hinge <= sum_hinge",),
    sections=("002 sum/max hinge",),
    kinks="a margin met exactly, or a tie of the hardest negatives",
)
def max_hinge(similarity: Array, *, margin: float = 0.2) -> Any:
    """Only the hardest negative of each row and of each column counts.

        Σ_i max_{j≠i} [margin + s_ij - s_ii]₊ + max_{j≠i} [margin + s_ji - s_ii]₊

    Shapes: similarity (…, N, N), the right pairs on the diagonal. One matrix is a sample.
    Kink: a margin met exactly counts as met; of tied negatives the first takes the gradient.
    Relation: stronger signal than sum_hinge, and more easily misled by false negatives.
    Pitfall: slicing the row maxima with [:1] keeps the first row only.
    Source: Faghri et al., "VSE++", 2018; 002 max hinge.

    >>> round(losses.max_hinge([[0.9, 0.8, 0.75], [0.1, 0.5, 0.2], [0.3, 0.4, 0.6]]), 4)
    0.95
    """
    along_rows, along_columns = _hinges(similarity, margin)
    return np.add.reduce(
        np.max(along_rows, axis=-1, initial=0.0) + np.max(along_columns, axis=-2, initial=0.0), axis=-1
    )


@max_hinge.gradient
def _(similarity: Array, *, margin: float = 0.2) -> Any:
    """As for sum_hinge, with the hardest negative of each row and column alone."""
    along_rows, along_columns = _hinges(similarity, margin)
    places = np.arange(similarity.shape[-1])
    if not places.size:
        return np.zeros_like(similarity)
    hardest_in_row = places == along_rows.argmax(axis=-1)[..., :, None]
    hardest_in_column = places[:, None] == along_columns.argmax(axis=-2)[..., None, :]
    return _hinge_slope((along_rows > 0.0) & hardest_in_row, (along_columns > 0.0) & hardest_in_column)


@max_hinge.distance_to_kink
def _(similarity: Array, *, margin: float = 0.2) -> Any:
    along_rows, along_columns = _raw_hinges(similarity, margin)
    diagonal = np.eye(similarity.shape[-1], dtype=bool)
    rows = np.where(diagonal, -np.inf, along_rows)
    columns = np.where(diagonal, -np.inf, along_columns)
    return np.minimum(_gap_of_largest(rows), _gap_of_largest(np.swapaxes(columns, -1, -2)))


def _raw_hinges(similarity: Array, margin: float) -> tuple[Any, Any]:
    """margin + s_ij - s_ii, and margin + s_ij - s_jj, before they are cut at 0."""
    diagonal = np.diagonal(similarity, axis1=-2, axis2=-1)
    raised = similarity + margin
    return raised - diagonal[..., :, None], raised - diagonal[..., None, :]


def _hinges(similarity: Array, margin: float) -> tuple[Any, Any]:
    """Violations against the right pair of the row, and of the column; 0 on the diagonal."""
    along_rows, along_columns = _raw_hinges(similarity, margin)
    off_diagonal = ~np.eye(similarity.shape[-1], dtype=bool)
    return np.maximum(along_rows, 0.0) * off_diagonal, np.maximum(along_columns, 0.0) * off_diagonal


def _hinge_slope(in_row: Any, in_column: Any) -> Any:
    """From which hinges are active to the gradient in the similarity matrix."""
    slope = in_row.astype(np.float64) + in_column
    lost = numerics.row_sums(in_row) + np.add.reduce(in_column, axis=-2)
    places = np.arange(slope.shape[-1])
    slope[..., places, places] -= lost
    return slope


def _gap_of_largest(rows: Any) -> Any:
    """How far each row is from a tie of its two largest entries, if positive, or from 0."""
    if rows.shape[-1] < 2:
        return np.full(rows.shape[:-1], np.inf)
    best = np.sort(rows, axis=-1)[..., -2:]
    tie = np.where(best[..., 1] > 0.0, best[..., 1] - best[..., 0], np.inf)
    return np.minimum(np.abs(best[..., 1]), tie)


# -------------------------------------------------------------------- contrast


@loss(
    title="InfoNCE",
    formula=r"-\ln\frac{e^{q\cdot k_+/\tau}}{\sum_{i=0}^{K} e^{q\cdot k_i/\tau}}",
    family="retrieval",
    domain={"query": VECTOR, "keys": KEYS, "positive": POSITIVE_KEY},
    parameters={
        "temperature": Number(
            "divisor τ of the similarities; small values stress hard negatives", low=0.0, low_open=True
        ),
        "wrt": Option("the argument to differentiate in", choices=("query", "keys")),
    },
    aliases=("info nce", "contrastive loss (InfoNCE)", "NT-Xent", "MoCo loss"),
    relations=(
        "sparse_cross_entropy(positive, keys · query / temperature, from_logits=True)",
        "I(X; Y) >= ln K - info_nce",
    ),
    sections=("000 §13", "002 InfoNCE"),
    shared=("keys", "positive"),
)
def info_nce(query: Array, keys: Array, positive: Array = FIRST, *, temperature: float = 0.07) -> Any:
    """Softmax classification of the query to its positive key.

        -ln( e^(q·k₊/τ) / Σ_k e^(q·k/τ) )

    Shapes: query (…, D); keys (…, K, D), or (K, D) for all queries; positive (…), or one number for all: the place
    of the positive among the keys, the first by default. For a batch of pairs: keys = the other view, positive =
    np.arange(n).
    Relation: with K keys, ln K minus the loss bounds the mutual information from below.
    Pitfall: the logarithm takes the whole fraction, and every term below is exponentiated, the positive's too.
    Cosine similarities need vectors of length 1 beforehand.
    Source: van den Oord et al., "Contrastive predictive coding", 2018; 000 §13.

    >>> round(losses.info_nce([1, 0], [[1, 0], [0, 1]], temperature=1), 4)
    0.3133
    """
    logits = _similarities(query, keys) / temperature
    return -np.take_along_axis(numerics.log_softmax(logits), _places(positive, logits), axis=-1)[..., 0]


@info_nce.gradient
def _(
    query: Array,
    keys: Array,
    positive: Array = FIRST,
    *,
    temperature: float = 0.07,
    wrt: str = "query",
) -> Any:
    """With r = softmax(q·k/τ) - onehot: Σ_k r_k k / τ in the query, r_k q / τ in the keys (summed over the queries
    that share them)."""
    logits = _similarities(query, keys) / temperature
    excess = numerics.softmax(logits)
    places = _places(positive, logits)
    np.put_along_axis(excess, places, np.take_along_axis(excess, places, axis=-1) - 1.0, axis=-1)
    excess /= temperature
    if wrt == "query":
        return excess @ keys if keys.ndim == 2 else (excess[..., None, :] @ keys)[..., 0, :]
    if keys.ndim == query.ndim + 1:
        return excess[..., :, None] * query[..., None, :]
    return excess.reshape(-1, keys.shape[0]).T @ query.reshape(-1, query.shape[-1])


def _similarities(query: Array, keys: Array) -> Any:
    if keys.shape[-2] == 0:
        raise LossError("info_nce: keys holds no key at all; the positive must be among them")
    return query @ keys.T if keys.ndim == 2 else (keys @ query[..., :, None])[..., 0]


def _places(positive: Array, logits: Array) -> Any:
    """The place of the positive key for each query, as an index array (…, 1)."""
    count = logits.shape[-1]
    if np.any((positive < 0) | (positive >= count)):
        raise LossError(
            f"info_nce: positive must be a place among the {count} keys, 0 … {count - 1}; got {positive:.60}"
            if np.ndim(positive) == 0
            else f"info_nce: positive must hold places among the {count} keys, 0 … {count - 1}"
        )
    return np.broadcast_to(positive.astype(np.intp), logits.shape[:-1])[..., None]
