"""Grading of formulas: equal if equal at random points of the declared domains, line by line for derivations."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from studyapp.cards.card import Domain
from studyapp.formula import FORMULA, Expression, ExpressionError, parse, spelling_key
from studyapp.formula.names import free_names
from studyapp.formula.tokens import Token, tokenize
from studyapp.formula.tree import (
    Binary,
    Comparison,
    Constant,
    Logical,
    Name,
    Node,
    Not,
    children,
    names_in,
    replace,
)
from studyapp.grading.equality import is_rounded, is_typed_back, same_at, value_at
from studyapp.grading.invalid import NOTHING, invalid
from studyapp.grading.lead_in import without_lead_in, without_trail
from studyapp.grading.reading import short_number
from studyapp.grading.verdict import RIGHT, Detail, Outcome, Verdict
from studyapp.kinds.formula.card import FormulaCard
from studyapp.kinds.formula.points import LEAST, POINTS, sample_points
from studyapp.locale.message import Message
from studyapp.locale.sentences import as_sentence, join_sentences

_TOLERANCE = 1e-8
_FLOOR = 1e-11
_MOST_EXPRESSIONS = 40
_MOST_UNDEFINED = 0.34

_TOO_MANY = Message("{count} formulas are too many: at most {most} are read")
_NO_CONDITION = Message("this is a condition, not a formula: it is true or false")
_EULER = Message("“e” is Euler's number here, 2.718…; this question has {known}")
_WRITE_OUT = Message("write out what {function} computes")
_HOLES = Message("this has no value at {point}, where the right formula has one: write it so that it holds there too")
_ROUNDED = Message("Right with a rounded constant. Exactly it is `{right}`.")
_RIGHT_AS = Message("Right, and this is the result alone: what stands above it was not judged.")

_NO_VARIABLE = Message("“{name}” is no variable of this question; it has {known}")
_UNGRADABLE = Message("this card declares domains on which its own answer has no value: it cannot be graded")
_IS_START = Message("this is where the derivation starts: go on to the result")
_ENDS_AT_START = Message("the last line is where the derivation starts: go on to the result")
_LINE = Message("line {number}")
_LINE_BY_LINE = Message("Right, line by line.")
_START = Message("the expression it starts from")
_RIGHT_FORMULA = Message("the right formula")
_BREAKS = Message("line {number} does not follow from {before}.")
_WHERE = Message("At {point}: {before} gives {earlier}, line {number} gives {later}.")
_RIGHT_RESULT = Message("The result is right, but the way is not: {where}")
_OPPOSITE_SIGN = Message("This looks like the right formula with the opposite sign.")
_DOUBLED = Message("This looks like the right formula doubled.")
_HALVED = Message("This looks like the right formula halved.")
_OTHER_BASE = Message("This differs by the factor ln {base}: another base of the logarithm, it seems.")
_MULTIPLE = Message("This is {ratio} times the right formula.")
_OFFSET = Message("This differs from the right formula by the constant {offset}.")
_NO_VALUE = Message("no value")
_OTHER_NUMBER = Message("It is {right}, yours gives {given}.")
_NOT_FINITE = Message("Your formula has no finite value at {point}; the right one gives {right}.")
_DIFFERS = Message("At {point}: yours gives {given}, right is {right}.")

Point = Mapping[str, float]


class Difference(Struct, frozen=True):
    """A point that tells two formulas apart, with the value of each there."""

    point: Point
    first: float
    second: float

    def __str__(self) -> str:
        """The point as ``a = 0.3, y = 1``."""
        return ", ".join(f"{name} = {short_number(value)}" for name, value in self.point.items())


class _Line(Struct, frozen=True):
    """One typed formula: where it begins in the answer, its expression and the number of its line."""

    at: int
    text: str
    expression: Expression
    number: int


class FormulaReader:
    """Reads what a learner types for a card, with all spellings that the card declares."""

    def __init__(self, card: FormulaCard) -> None:
        self.variables = tuple(card.variables)
        self.aliases: dict[str, Node] = {}
        self.phrases: list[tuple[list[Token], str]] = []
        self.patterns: list[tuple[Node, Node]] = []
        self.extra: set[str] = set()
        for meaning, spellings in card.symbols.items():
            target = parse(meaning, self.variables).tree
            for spelling in spellings:
                self._declare(spelling, target)

    def _declare(self, spelling: str, target: Node) -> None:
        """A name becomes an alias; what is more than a name is found by its tokens, and by its tree."""
        tokens = tokenize(spelling)[:-1]
        if len(tokens) == 1 and tokens[0].kind == "name":
            self.aliases[tokens[0].text] = target
            return
        stand_in = f"⟦{len(self.phrases)}⟧"
        self.aliases[stand_in] = target
        self.phrases.append((tokens, stand_in))
        extra = set(free_names(spelling)) - set(self.variables)
        self.patterns.append((parse(spelling, (*self.variables, *sorted(extra)), FORMULA).tree, target))
        self.extra |= extra

    def read(self, text: str) -> Expression:
        """The expression over the card's variables.

        Raises:
            ExpressionError: what cannot be read, or a name that the card does not have.
        """
        aliases = {**{name: Name(name) for name in self.extra}, **self.aliases}
        expression = parse(text, self.variables, FORMULA, aliases, self._with_stand_ins)
        tree = expression.tree
        for pattern, target in self.patterns:
            tree = replace(tree, pattern, target)
        for name in sorted(names_in(tree) - set(self.variables)):
            message = _NO_VARIABLE(name=name, known=", ".join(self.variables))
            raise ExpressionError(message, max(0, text.find(name)))
        return Expression(text, tree, names_in(tree))

    def _with_stand_ins(self, tokens: list[Token]) -> list[Token]:
        """The tokens with every declared phrase, such as ``σ'(z)``, as one name."""
        for phrase, stand_in in self.phrases:
            wanted = [_sameness(token) for token in phrase]
            place = 0
            while place + len(wanted) <= len(tokens):
                if [_sameness(token) for token in tokens[place : place + len(wanted)]] == wanted:
                    first = tokens[place]
                    stand = Token("name", stand_in, first.at, first.spaced)
                    tokens = [*tokens[:place], stand, *tokens[place + len(wanted) :]]
                place += 1
        return tokens


def _sameness(token: Token) -> tuple[str, str]:
    return token.kind, spelling_key(token.text) if token.kind == "name" else token.text


@lru_cache(maxsize=256)
def _points(card: _Declared) -> tuple[Point, ...]:
    return tuple(sample_points(dict(card.variables), "points", card.id, where=card.where))


class _Declared(Struct, frozen=True):
    """What the points of a card depend on."""

    id: str
    variables: tuple[tuple[str, Domain], ...]
    where: str


def points_of(card: FormulaCard, answer: Expression) -> list[Point]:
    """The points at which the right formula has a finite value, at most twelve of them."""
    points = _points(_Declared(card.id, tuple(card.variables.items()), card.where))
    usable = [point for point in points if math.isfinite(value_at(answer, point))]
    return usable[:POINTS] if card.variables else usable[:1]


def difference(first: Expression, second: Expression, points: list[Point]) -> Difference | None:
    """The most telling point at which two formulas differ; None if they agree everywhere.

    A formula without a value, or with an infinite one, where the other has a finite one differs there.
    """
    pairs = [(point, value_at(first, point), value_at(second, point)) for point in points]
    scale = max((abs(b) for _, _, b in pairs if math.isfinite(b)), default=1.0)
    apart = [Difference(point, a, b) for point, a, b in pairs if not same_at(first, second, point, scale)]
    if not apart:
        return None
    undefined = [one for one in apart if not math.isfinite(one.first)]
    return undefined[0] if undefined else max(apart, key=lambda one: abs(one.first - one.second))


def grade_formula(card: FormulaCard, answer: str) -> Verdict:
    """The verdict on a formula, or on a derivation of several lines.

    A card that asks for no derivation judges the last line only: what stands above it need not equal it.
    """
    right = parse(card.answer, card.variables)
    try:
        lines = read_lines(FormulaReader(card), answer)
    except ExpressionError as error:
        return invalid(error.message, error.column)
    if not lines:
        return invalid(NOTHING(), 0)
    points = points_of(card, right)
    if len(points) < (LEAST if card.variables else 1):
        return invalid(_UNGRADABLE())
    for line in lines:
        if isinstance(line.expression.tree, (Comparison, Logical, Not)) and not isinstance(right.tree, Comparison):
            return invalid(_NO_CONDITION(), line.at)
    alone = False
    if not card.lines:
        last = [line for line in lines if line.number == lines[-1].number]
        alone = len(last) < len(lines) and not _all_agree(lines, points)
        lines = last[-1:] if _all_agree(last, points) else last
    if len(lines) > 1:
        return _grade_derivation(card, right, lines, points)
    return _grade_line(card, right, lines[0], points, alone)


def _grade_line(card: FormulaCard, right: Expression, line: _Line, points: list[Point], alone: bool) -> Verdict:
    """The verdict on one formula; ``alone`` says that lines above it were left out."""
    typed, read_as, reference = line.expression, str(line.expression), str(right)
    if card.lines and _is_start(card, line):
        return invalid(_IS_START(), line.at, read_as)
    differing = difference(typed, right, points)
    if differing is None:
        if is_typed_back(typed, right):
            return invalid(_WRITE_OUT(function=read_as), line.at, read_as)
        return Verdict(Outcome.CORRECT, 1.0, _RIGHT_AS() if alone else RIGHT(), None, read_as, reference)
    undefined = [point for point in points if math.isnan(value_at(typed, point))]
    if 0 < len(undefined) <= _MOST_UNDEFINED * len(points):
        others = [point for point in points if point not in undefined]
        if difference(typed, right, others) is None:
            return invalid(_HOLES(point=str(differing)), line.at, read_as)
    if is_rounded(typed, right, points):
        return Verdict(Outcome.ROUNDED, 0.8, _ROUNDED(right=reference), None, read_as, reference)
    mistake, message = diagnose(card, right, typed, points)
    if mistake is None and _has_bare_e(typed.tree) and not _has_bare_e(right.tree):
        return invalid(_EULER(known=", ".join(card.variables)), line.at, read_as)
    outcome = Outcome.MISCONCEPTION if mistake else Outcome.WRONG
    full = join_sentences(message, _counterexample(differing))
    return Verdict(outcome, 0.0, full, mistake, read_as, reference)


def _has_bare_e(tree: Node) -> bool:
    """Whether Euler's number stands in the formula elsewhere than under an exponent."""
    if isinstance(tree, Binary) and tree.operator == "^" and tree.left == _E:
        return _has_bare_e(tree.right)
    return tree == _E or any(map(_has_bare_e, children(tree)))


_E = Constant("e")


def read_lines(reader: FormulaReader, answer: str) -> list[_Line]:
    """The expressions of an answer: one a line, and both sides of ``=``; what names a line before its ``=`` is a label.

    Raises:
        ExpressionError: what cannot be read, or too much of it.
    """
    lines: list[_Line] = []
    offset = 0
    for number, text in enumerate(answer.split("\n")):
        segments = list(_segments(text, offset))
        for place, (at, segment) in enumerate(segments):
            begin, end = without_lead_in(segment), without_trail(segment, len(segment.rstrip()))
            at, segment = at + begin, segment[begin:end]
            if not segment.strip():
                continue
            label = place == 0 and len(segments) > 1
            try:
                expression = reader.read(segment)
            except ExpressionError as error:
                if label:
                    continue
                raise ExpressionError(error.message, at + error.column) from None
            if label and isinstance(expression.tree, Name):
                continue
            if len(lines) >= _MOST_EXPRESSIONS:
                raise ExpressionError(_TOO_MANY(count=len(lines) + 1, most=_MOST_EXPRESSIONS), at)
            lines.append(_Line(at, segment.strip(), expression, number))
        offset += len(text) + 1
    return lines


def _segments(text: str, offset: int) -> Iterator[tuple[int, str]]:
    start = 0
    for match in re.finditer(r"(?<![<>!=])[=＝](?!=)|⇒|=>", text):
        yield offset + start, text[start : match.start()]
        start = match.end()
    yield offset + start, text[start:]


def _all_agree(lines: list[_Line], points: list[Point]) -> bool:
    last = lines[-1].expression
    return all(difference(line.expression, last, points) is None for line in lines[:-1])


def _is_start(card: FormulaCard, line: _Line) -> bool:
    """Whether the line only repeats what the derivation is given to start from."""
    if not card.start:
        return False
    try:
        return FormulaReader(card).read(card.start).tree == line.expression.tree
    except ExpressionError:
        return False


def _grade_derivation(card: FormulaCard, right: Expression, lines: list[_Line], points: list[Point]) -> Verdict:
    """Each line against the one before it (the first against the answer, which equals the start)."""
    read_as = "\n".join(str(line.expression) for line in lines)
    previous = right
    details: list[Detail] = []
    broken: tuple[int, Difference] | None = None
    for place, line in enumerate(lines):
        differing = difference(line.expression, previous, points)
        passed = differing is None if broken is None else None
        details.append(Detail(_LINE(number=place + 1), passed, str(line.expression)))
        if differing is not None and broken is None:
            broken = (place, differing)
        previous = line.expression
    reference = str(right)
    if broken is None:
        if card.lines and _is_start(card, lines[-1]):
            return invalid(_ENDS_AT_START(), lines[-1].at, read_as)
        return Verdict(Outcome.CORRECT, 1.0, _LINE_BY_LINE(), None, read_as, reference, tuple(details))
    place, differing = broken
    mistake, message = diagnose(card, right, lines[place].expression, points)
    before = (_START() if card.start else _RIGHT_FORMULA()) if place == 0 else _LINE(number=place)
    earlier, later = _told_apart(differing.second, differing.first)
    where = join_sentences(
        _BREAKS(number=place + 1, before=before),
        message,
        _WHERE(point=str(differing), before=before, earlier=earlier, number=place + 1, later=later),
    )
    arrives = difference(lines[-1].expression, right, points) is None
    if arrives and place < len(lines) - 1:
        said = _RIGHT_RESULT(where=where)
        return Verdict(Outcome.CLOSE, 0.5, said, mistake, read_as, reference, tuple(details))
    outcome = Outcome.MISCONCEPTION if mistake else Outcome.WRONG
    score = 0.5 * place / len(lines)
    return Verdict(outcome, score, as_sentence(where), mistake, read_as, reference, tuple(details))


def diagnose(card: FormulaCard, right: Expression, typed: Expression, points: list[Point]) -> tuple[str | None, str]:
    """The declared mistake or the general one that the formula shows: its id, if it has one, and what to say."""
    for wrong in card.wrong:
        if difference(typed, parse(wrong.value, card.variables), points) is None:
            return wrong.id, wrong.say
    ratio = _constant_ratio(typed, right, points)
    if ratio is not None and abs(ratio + 1) < _TOLERANCE:
        return "sign", _OPPOSITE_SIGN()
    if ratio is not None and any(abs(ratio - factor) < _TOLERANCE for factor in (2.0, 0.5)):
        return "factor-two", _DOUBLED() if ratio > 1 else _HALVED()
    for base in (2.0, 10.0):
        if ratio is not None and min(abs(ratio * math.log(base) - 1), abs(ratio / math.log(base) - 1)) < _TOLERANCE:
            return "log-base", _OTHER_BASE(base=f"{base:.0f}")
    if ratio is not None and ratio != 0 and short_number(ratio) != "1":
        return None, _MULTIPLE(ratio=short_number(ratio))
    offset = _constant_offset(typed, right, points)
    if offset is not None and ratio is None:
        return None, _OFFSET(offset=short_number(offset))
    return None, ""


def _constant_ratio(typed: Expression, right: Expression, points: list[Point]) -> float | None:
    pairs = [(value_at(typed, point), value_at(right, point)) for point in points]
    if not all(math.isfinite(a) for a, _ in pairs):
        return None
    ratios = [a / b for a, b in pairs if abs(b) > _FLOOR]
    if len(ratios) < min(4, len(points)) or any(abs(a) > _FLOOR for a, b in pairs if abs(b) <= _FLOOR):
        return None
    return ratios[0] if max(ratios) - min(ratios) <= _TOLERANCE * max(1.0, abs(ratios[0])) else None


def _constant_offset(typed: Expression, right: Expression, points: list[Point]) -> float | None:
    offsets = [value_at(typed, point) - value_at(right, point) for point in points]
    if len(offsets) < 4 or not all(math.isfinite(offset) for offset in offsets):
        return None
    return offsets[0] if max(offsets) - min(offsets) <= _TOLERANCE * max(1.0, abs(offsets[0])) else None


def _shown(value: float, digits: int = 5) -> str:
    return _NO_VALUE() if math.isnan(value) else short_number(value, digits)


def _told_apart(first: float, second: float) -> tuple[str, str]:
    """Two different values with as many digits as tell them apart."""
    shown = next(
        (pair for digits in (5, 7, 9, 12, 17) if len(set(pair := (_shown(first, digits), _shown(second, digits)))) > 1),
        None,
    )
    return shown or (_shown(first), _shown(second))


def _counterexample(differing: Difference) -> str:
    right, given = _told_apart(differing.second, differing.first)
    if not differing.point:
        return _OTHER_NUMBER(right=right, given=given)
    if not math.isfinite(differing.first):
        return _NOT_FINITE(point=str(differing), right=right)
    return _DIFFERS(point=str(differing), given=given, right=right)
