"""The deck that a new author starts from: one card of each kind, with the keys explained where they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from .atomic import write_atomically
from .reader import DECK_NAME

_STARTER = r"""# A deck of question cards. Check it with:  studyapp check {file}
# Study it with:                            studyapp add {file}  and then  studyapp study {name}
#
# A card's id is its identity for life: change the text as often as you like, and its history stays.
# Maths stands between dollar signs. Put LaTeX in single quotes or after |, where a backslash is just a
# backslash, and put every text that contains ": " or begins with a special character in quotes.

deck: {name}                    # unique among all your decks
title: {title}
language: en
description: One card of each kind, to be replaced by your own.
order: 1000                     # decks with smaller numbers are studied first

cards:
  # recall: think, reveal, tick the points that you had.
  - id: {name}-recall
    kind: recall
    tags: [definition]
    question: What does mean squared error measure, and which errors dominate it?
    answer: |
      The mean of the squared residuals: $$\mathrm{{MSE}} = \frac1n \sum_i (y_i - p_i)^2$$
      Squaring makes the largest residuals dominate.
    points:
      - mean of squared residuals
      - large residuals dominate
    leads_to: [{name}-explain]  # what an interviewer would ask next

  # explain: type a free answer, then compare it with the model answer. `words` are looked for in the answer.
  - id: {name}-explain
    kind: explain
    tags: [trade-off]
    question: When would you train a regression with absolute error in place of squared error?
    answer: |
      When the targets hold outliers that should not steer the fit. The gradient of the absolute error does
      not grow with the residual, and its minimiser is the median, which outliers hardly move. The price is a
      kink at zero.
    points:
      - {{text: outliers should not steer the fit, words: [outlier, robust]}}
      - {{text: it is minimised by the median, words: [median]}}
      - {{text: it has a kink at zero, words: [kink, not differentiable, subgradient]}}

  # cloze: fill the gaps; alternatives are parted by |, the first is the one that is shown.
  - id: {name}-cloze
    kind: cloze
    text: Squared error is minimised by the {{{{mean|average}}}}, absolute error by the {{{{median}}}}.

  # choice: exactly one option is right, or several with `multiple: true`. The options are shuffled.
  - id: {name}-choice
    kind: choice
    question: Which constant minimises the squared error on the targets 1, 2 and 9?
    options:
      - {{text: '4', correct: true, why: 'It is the mean: (1 + 2 + 9) / 3.'}}
      - {{text: '2', why: That is the median; it minimises the absolute error.}}
      - {{text: '5', why: That is the middle of the range; it minimises the largest error.}}

  # compute: fresh numbers every time. {{name}} shows a value; inside of maths write <<name>>.
  - id: {name}-compute
    kind: compute
    tags: [compute]
    loss: mse
    question: What is the mean squared error of the predictions p = {{p}} for the targets y = {{y}}?
    draw:
      y: {{integers: [0, 9], size: 3}}
      p: {{grid: [0.5, 8.5, 0.5], size: 3}}
    where: min(abs(y - p)) > 0.4
    answer: mse(y, p)           # an expression over the reference losses and the drawn names
    wrong:
      - {{id: sum-not-mean, value: sum((y - p)^2), say: 'That is the sum; divide by {{len(y)}}.'}}
      - {{id: not-squared, value: mean(abs(y - p)), say: That is the mean absolute error.}}
    hints:
      - Take the residuals first.
      - 'The first one is {{y[0]}} − {{p[0]}} = {{y[0] - p[0]}}.'
    solution: |
      The squared residuals are {{(y - p)^2}}.
      Their mean is $\frac{{<<sum((y - p)^2)>>}}{{<<len(y)>>}} = <<mse(y, p):4>>$.

  # formula: any expression that equals the answer is right. A variable has an interval or a choice of values; an end of
  # an interval may be an expression of variables above, [0, 1 - p], and `where:` is a condition that all must meet.
  - id: {name}-formula
    kind: formula
    question: 'What is the derivative of $(y - p)^2$ with respect to $p$?'
    answer: 2*(p - y)
    variables:
      p: [-3, 3]
      y: {{choice: [-1, 0, 1, 2]}}
    wrong:
      - {{id: sign, value: 2*(y - p), say: The sign is reversed; the inner derivative of y − p is −1.}}

  # order: put the steps in order and leave out the distractors. `after:` where several orders are right.
  - id: {name}-order
    kind: order
    question: Derive the constant that minimises the squared error.
    steps:
      - {{id: start, text: 'Write the loss as $L(c) = \sum_i (y_i - c)^2$.'}}
      - {{id: slope, text: 'Its derivative is $-2 \sum_i (y_i - c)$.'}}
      - {{id: zero, text: 'Set the derivative to zero: $\sum_i y_i = n c$.'}}
      - {{id: result, text: 'So $c = \frac1n \sum_i y_i$, the mean.'}}
    distractors:
      - {{text: 'The derivative is $-\sum_i \mathrm{{sign}}(y_i - c)$.', why: That is for the absolute error.}}

  # code: the learner writes the function; it is tried on drawn inputs and on your cases.
  - id: {name}-code
    kind: code
    tags: [code]
    question: Write the mean squared error of two equally long lists of numbers.
    signature: def mse(y, p)
    reference: mse
    draw:
      y: {{grid: [-2, 2, 0.5], size: 4}}
      p: {{grid: [-2, 2, 0.5], size: 4}}
    cases:
      - {{args: [[1], [3]], why: a single entry}}
      - {{args: [[0.5, 1], [0.5, 1]], why: no error at all}}
"""


def starter_deck(name: str, file: str = "") -> str:
    """The YAML text of a commented deck called ``name``, whose head tells the shell's commands for ``file``.

    Raises ValueError for a name that no deck may
    have."""
    if DECK_NAME.pattern is None or not DECK_NAME.pattern.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of a deck: use {DECK_NAME.what.partition('(')[2].rstrip(')')}")
    title = name.rpartition("/")[2].replace("-", " ").replace("_", " ").replace(".", " ").capitalize()
    text = _STARTER.replace("{{", "\x00").replace("}}", "\x01")
    text = text.replace("{name}-", name.replace("/", "-") + "-")
    text = (
        text.replace("{name}", name)
        .replace("{title}", f"'{title}'")
        .replace("{file}", shlex.quote(file) if file.isprintable() and file else "FILE")
    )
    return text.replace("\x00", "{").replace("\x01", "}")


def deck_name_for(path: Path) -> str:
    """The name that a deck in the file ``path`` would naturally have. Raises ValueError where none can be
    made."""
    stem = path.name.removesuffix(".yaml").removesuffix(".yml").lower()
    name = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:60].strip("-")
    if not name:
        raise ValueError(f"no deck name can be made of {path.name!r}: use letters a to z, digits and hyphens")
    return name


def write_new_deck(path: Path) -> str:
    """Writes a starter deck to ``path``, whole or not at all; returns the deck's name.

    Raises FileExistsError where something is there already, ValueError for a file name that gives no deck
    name or that does not end in ``.yaml``, and other OSErrors with the reason.
    """
    if path.suffix not in (".yaml", ".yml"):
        raise ValueError(f"{path.name!r} should end in .yaml")
    name = deck_name_for(path)
    if path.exists() or path.is_symlink():
        raise FileExistsError(f"{path} exists already and is left as it is")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, starter_deck(name, str(path)), replace=False)
    return name
