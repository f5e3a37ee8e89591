"""What each kind of card may hold, key by key: the one place from which decks are read and their schema is
made."""

from __future__ import annotations

from typing import Any

import msgspec

from studyapp.cards.card import (
    KINDS,
    Card,
    Case,
    Distractor,
    Misconception,
    Option,
    Part,
    Point,
    Step,
)
from studyapp.cards.domain_form import DomainForm
from studyapp.cards.draw_form import DrawForm
from studyapp.forms.form import Choice, Expression, Flag, ListOf, MapOf, Number, Record, Text
from studyapp.forms.literal import LITERAL
from studyapp.forms.node import MapNode, Node, ScalarNode, describe
from studyapp.forms.reading import BAD, Form, JsonSchema, Reading

ID = r"[a-z0-9]+(?:[-_.][a-z0-9]+)*"
NAME = r"[A-Za-z][A-Za-z0-9_]{0,39}"
TAG = r"\w[\w.+/-]{0,49}"

PROSE = Text("a text", prose=True)
LINE = Text("a text", longest=400)
CARD_ID = Text("a card id (lower-case letters, digits and - _ . only, at most 80)", pattern=rf"(?=.{{1,80}}$){ID}")
INNER_ID = Text("an id (lower-case letters, digits and - _ . only)", pattern=rf"(?=.{{1,80}}$){ID}")
PLAIN_NAME = Text("a name (letters, digits and _)", pattern=NAME)
TAG_NAME = Text("a tag (one word of letters, digits and - _ . + /)", pattern=TAG, ascii_only=False)
FORMULA = Expression()


def record(what: str, struct: type[msgspec.Struct], fields: dict[str, Form], **more: Any) -> Record:
    """A record whose required keys are those fields of ``struct`` that have no default."""
    defaults = struct.__struct_defaults__
    names = struct.__struct_fields__
    first_default = len(names) - len(defaults)
    required = [
        name
        for index, name in enumerate(names)
        if index < first_default or defaults[index - first_default] is msgspec.NODEFAULT
    ]
    return Record(what, struct, fields, required, **more)


class PointForm:
    """A rubric point: a text, or ``{text, words}``."""

    _record = record("a point", Point, {"text": PROSE, "words": ListOf(LINE, "the list of words")})

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is MapNode:
            return self._record.read(node, reading)
        text = PROSE.read(node, reading)
        return BAD if text is BAD else Point(text=text)

    def schema(self) -> JsonSchema:
        return {"anyOf": [PROSE.schema(), self._record.schema()]}


MISCONCEPTIONS = ListOf(
    record("a wrong answer", Misconception, {"id": INNER_ID, "value": FORMULA, "say": PROSE}),
    "the list of wrong answers",
)
DRAWS = MapOf(DrawForm(), "the mapping of drawn names", PLAIN_NAME, least=1)
DIGITS = Number("digits", 1, 15, integer=True)

_COMMON: dict[str, Form] = {
    "id": CARD_ID,
    "tags": ListOf(TAG_NAME, "the list of tags"),
    "covers": ListOf(INNER_ID, "the list of syllabus points"),
    "source": ListOf(LINE, "the list of sources"),
    "leads_to": ListOf(CARD_ID, "the list of card ids"),
    "hints": ListOf(PROSE, "the list of hints"),
    "solution": PROSE,
    "group": Text("the name of a group", longest=80),
    "loss": LINE,
    "difficulty": Number("difficulty", 1, 3, integer=True),
}

_OWN: dict[str, dict[str, Form]] = {
    "recall": {"question": PROSE, "answer": PROSE, "points": ListOf(PointForm(), "the list of points")},
    "explain": {
        "question": PROSE,
        "answer": PROSE,
        "points": ListOf(PointForm(), "the list of points", least=1),
    },
    "cloze": {"text": PROSE, "question": PROSE},
    "choice": {
        "question": PROSE,
        "options": ListOf(
            record("an option", Option, {"text": PROSE, "why": PROSE, "correct": Flag()}),
            "the list of options",
            least=2,
            most=26,
        ),
        "multiple": Flag(),
    },
    "compute": {
        "question": PROSE,
        "draw": DRAWS,
        "answer": FORMULA,
        "let": MapOf(FORMULA, "the mapping of intermediate values", PLAIN_NAME),
        "where": FORMULA,
        "wrong": MISCONCEPTIONS,
        "parts": ListOf(
            record(
                "a part",
                Part,
                {
                    "id": PLAIN_NAME,
                    "ask": PROSE,
                    "answer": FORMULA,
                    "wrong": MISCONCEPTIONS,
                    "digits": DIGITS,
                },
            ),
            "the list of parts",
            least=1,
            most=20,
        ),
        "digits": DIGITS,
        "unit": LINE,
    },
    "formula": {
        "question": PROSE,
        "answer": FORMULA,
        "variables": MapOf(DomainForm(), "the mapping of variables", PLAIN_NAME),
        "where": FORMULA,
        "symbols": MapOf(ListOf(LINE, "the list of spellings", least=1), "the mapping of spellings", LINE),
        "wrong": MISCONCEPTIONS,
        "start": FORMULA,
        "lines": Flag(),
    },
    "order": {
        "question": PROSE,
        "steps": ListOf(
            record(
                "a step",
                Step,
                {
                    "id": INNER_ID,
                    "text": PROSE,
                    "after": ListOf(INNER_ID, "the list of step ids"),
                    "why": PROSE,
                },
            ),
            "the list of steps",
            least=2,
            most=30,
        ),
        "distractors": ListOf(
            record("a distractor", Distractor, {"text": PROSE, "why": PROSE}),
            "the list of distractors",
            most=30,
        ),
    },
    "code": {
        "question": PROSE,
        "signature": Text("a signature such as def f(x, y)", longest=300),
        "reference": FORMULA,
        "draw": DRAWS,
        "cases": ListOf(
            record("a case", Case, {"args": ListOf(LITERAL, "the list of arguments"), "why": PROSE}),
            "the list of cases",
            most=200,
        ),
        "wrong": MISCONCEPTIONS,
        "starter": Text("the starter code"),
        "gradient": Flag(),
    },
}

NOTES: dict[str, str] = {
    "id": "The card's identity for life: editing the text keeps its history.",
    "tags": "Words to filter by.",
    "covers": "The syllabus points that the card teaches.",
    "source": "Where the fact comes from.",
    "leads_to": "The cards that an interviewer would ask next.",
    "hints": "Shown one after another, from concept to first step.",
    "solution": "The worked solution; numbers come from placeholders, never from the keyboard.",
    "group": "Cards of one group are not shown on the same study day.",
    "loss": "The reference loss that the card is about.",
    "difficulty": "From 1 (easy) to 3 (hard).",
    "question": "What is asked. Maths stands between dollar signs.",
    "answer": "The model answer; in compute and formula cards an expression.",
    "points": "What a good answer says, one point an entry.",
    "text": "The text with its {{gaps}}; {{median|the median}} lists accepted alternatives.",
    "options": "The options, at least one of them with correct: true.",
    "multiple": "Several options are right.",
    "draw": "How each name gets its value.",
    "let": "Intermediate values: name and expression, in order.",
    "where": "A condition that the drawn values, or the variables of a formula, must meet.",
    "wrong": "Wrong answers that people really give.",
    "parts": "Several questions on the same drawn numbers.",
    "digits": "How many significant digits are asked for.",
    "unit": "The unit of the result.",
    "variables": "The domain of each variable.",
    "symbols": "Other spellings: name and list.",
    "start": "The expression from which a derivation begins.",
    "lines": "The learner may type a derivation, one expression a line.",
    "steps": "The steps of the derivation, in their written order or as 'after' says.",
    "distractors": "Steps that do not belong, each with its reason.",
    "signature": "The first line of the function: def iou(box_a, box_b).",
    "reference": "The name of a reference loss, or an expression over the arguments.",
    "cases": "Fixed inputs that are always tried.",
    "starter": "The code that the editor opens with.",
    "gradient": "The function returns the gradient of the reference.",
}

KIND = Choice("a card kind", KINDS)

FORMS: dict[str, Record] = {
    kind: record(f"a {kind} card", struct, {**_COMMON, **_OWN[kind]}, notes=NOTES, ignored=("kind",))
    for kind, struct in KINDS.items()
}
"""The form of each kind of card."""


def read_card(node: Node, reading: Reading) -> Card | None:
    """The card written at ``node``, or None once its problems are reported."""
    if type(node) is not MapNode:
        reading.problem(node, "type", f"a card was expected, not {describe(node)}", "a card begins with - id: …")
        return None
    id_node = node.get("id")
    spelled = type(id_node) is ScalarNode and CARD_ID.fits(id_node.value)
    reading.card_id = id_node.value if spelled and type(id_node) is ScalarNode else None
    kind_node = node.get("kind")
    if kind_node is None:
        reading.problem(node, "missing-key", "the card has no kind", f"one of {', '.join(KINDS)}")
        return None
    kind = KIND.read(kind_node, reading)
    if kind is BAD:
        return None
    if sum(1 for key, _ in node.entries if type(key) is ScalarNode and key.value == "kind") > 1:
        reading.problem(node, "duplicate-key", "'kind' is written twice in this card")
        return None
    card = FORMS[kind].read(node, reading)
    return None if card is BAD else card
