"""Translations: ``NAME.zh.yaml`` lays other words over the cards of ``NAME.yaml``.

An overlay says only what is shown: questions, texts, reasons. Expressions, numbers and ids stay the card's
own. What an overlay lacks is shown in the deck's own language.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec
from yaml.events import MappingEndEvent, MappingStartEvent

from studyapp.cards.card import Card, ClozeCard, Point, Step, Struct
from studyapp.forms.form import ListOf, MapOf
from studyapp.forms.node import MapNode, Node, ScalarNode, describe, node_at
from studyapp.forms.problem import Problem, did_you_mean, quoted
from studyapp.forms.reading import BAD, Form, Reading
from studyapp.kinds.cloze.gaps import GapError, find_gaps

from .card_form import CARD_ID, INNER_ID, LINE, PLAIN_NAME, PROSE, PointForm, record
from .expression_rules import expression_findings
from .file_text import Signature, UnreadableFile, read_text
from .rules import Finding, card_findings
from .yaml_events import YamlEvents
from .yaml_trouble import YamlTrouble

AnyCardT = TypeVar("AnyCardT", bound=Card)


class Said(Struct, frozen=True, kw_only=True):
    """The words of an option, step or distractor; what is empty is shown as the card has it."""

    text: str = ""
    why: str = ""


class Words(Struct, frozen=True, kw_only=True):
    """What an overlay says of one card. Lists stand in the card's order; mappings go by id."""

    question: str = ""
    answer: str = ""
    text: str = ""
    points: tuple[Point, ...] = ()
    options: tuple[Said, ...] = ()
    steps: dict[str, Said] = msgspec.field(default_factory=dict)
    distractors: tuple[Said, ...] = ()
    wrong: dict[str, str] = msgspec.field(default_factory=dict)
    parts: dict[str, str] = msgspec.field(default_factory=dict)
    hints: tuple[str, ...] = ()
    solution: str = ""
    cases: tuple[str, ...] = ()
    unit: str = ""


class _SaidForm:
    """A text, or ``{text, why}`` with either left out."""

    _record = record("a translated entry", Said, {"text": PROSE, "why": PROSE})

    def read(self, node: Node, reading: Reading) -> Any:
        if type(node) is MapNode:
            return self._record.read(node, reading)
        text = PROSE.read(node, reading)
        return BAD if text is BAD else Said(text=text)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [PROSE.schema(), self._record.schema()]}


_FORM = record(
    "a translated card",
    Words,
    {
        "question": PROSE,
        "answer": PROSE,
        "text": PROSE,
        "points": ListOf(PointForm(), "the list of points"),
        "options": ListOf(_SaidForm(), "the list of options"),
        "steps": MapOf(_SaidForm(), "the mapping of steps", INNER_ID),
        "distractors": ListOf(_SaidForm(), "the list of distractors"),
        "wrong": MapOf(PROSE, "the mapping of wrong answers", INNER_ID),
        "parts": MapOf(PROSE, "the mapping of parts", PLAIN_NAME),
        "hints": ListOf(PROSE, "the list of hints"),
        "solution": PROSE,
        "cases": ListOf(PROSE, "the list of reasons for the cases"),
        "unit": LINE,
    },
)


class ReadOverlay(Struct, frozen=True):
    """What an overlay file gave: words by card id, and the place of each entry."""

    path: Path
    deck: str
    language: str
    title: str
    description: str
    words: dict[str, Words]
    nodes: dict[str, Node]
    problems: tuple[Problem, ...]
    signature: Signature | None = None


def read_overlay(path: Path) -> ReadOverlay:
    """Reads an overlay file. Never raises: what is wrong is among the problems."""
    reading = Reading(path)
    try:
        text, signature = read_text(path)
    except UnreadableFile as error:
        problem = Problem(path, error.line, error.column, error.code, error.message, hint=error.hint)
        return ReadOverlay(path, "", "", "", "", {}, {}, (problem,))
    return parse_overlay(text, path, reading, signature)


def parse_overlay(
    text: str, path: Path, reading: Reading | None = None, signature: Signature | None = None
) -> ReadOverlay:
    """Reads an overlay from ``text``; ``path`` is only named in problems. Never raises."""
    from .reader import HEADER

    reading = reading or Reading(path)
    header: dict[str, Any] = {}
    words: dict[str, Words] = {}
    nodes: dict[str, Node] = {}
    fields: dict[str, Form] = {key: form for key, form in HEADER.items() if key != "order"}
    events = YamlEvents(text.removeprefix("\ufeff"))
    try:
        event = events.start()
        if event is None:
            raise YamlTrouble(1, 1, "empty-file", "the file is empty")
        if type(event) is not MappingStartEvent:
            raise events.trouble(event, "type", "a translation is a mapping", "begin it with deck:, language:, title:")
        while type(event := events.next()) is not MappingEndEvent:
            events.begin_value()
            key = events.node(event)
            value = events.next()
            name = key.value if type(key) is ScalarNode else ""
            if name == "cards":
                _entries(events, value, words, nodes, reading)
                continue
            node = events.node(value)
            if name in header:
                reading.problem(key, "duplicate-key", f"{quoted(name)} is written twice")
            elif name not in fields:
                hint = did_you_mean(name, [*fields, "cards"])
                reading.problem(key, "unknown-key", f"a translation has no key {quoted(name)}", hint)
            else:
                header[name] = fields[name].read(node, reading)
        events.finish()
    except YamlTrouble as trouble:
        reading.problems.append(
            Problem(path, trouble.line, trouble.column, trouble.code, trouble.message, hint=trouble.hint)
        )
    for name in ("deck", "language"):
        if name not in header:
            reading.problem(ScalarNode("", "", 1, 1), "missing-key", f"a translation needs the key '{name}'")
    given = {name: "" if value is BAD else value for name, value in header.items()}
    return ReadOverlay(
        path,
        given.get("deck", ""),
        given.get("language", ""),
        given.get("title", ""),
        given.get("description", ""),
        words,
        nodes,
        tuple(sorted(reading.problems, key=lambda problem: problem.position)),
        signature,
    )


def _entries(events: YamlEvents, event: Any, words: dict[str, Words], nodes: dict[str, Node], reading: Reading) -> None:
    if type(event) is not MappingStartEvent:
        node = events.node(event)
        if not (type(node) is ScalarNode and not node.value):
            hint = "write each card as ID: {question: …}"
            reading.problem(node, "type", f"a mapping of card ids was expected, not {describe(node)}", hint)
        return
    while type(event := events.next()) is not MappingEndEvent:
        events.begin_value()
        key = events.node(event)
        card_id = CARD_ID.read(key, reading)
        reading.card_id = None if card_id is BAD else card_id
        node = events.node(events.next())
        entry = _FORM.read(node, reading)
        if card_id is not BAD and card_id in nodes:
            reading.problem(key, "duplicate-id", f"{quoted(card_id)} is translated twice")
        elif card_id is not BAD:
            nodes[card_id] = node
            if entry is not BAD:
                words[card_id] = entry
        reading.card_id = None


def localise(card: AnyCardT, words: Words) -> AnyCardT:
    """``card`` in the words of an overlay; what does not fit the card is left in its own language."""
    return _apply(card, words)[0]


def fit(card: AnyCardT, overlay: ReadOverlay) -> tuple[AnyCardT | None, tuple[Problem, ...]]:
    """``card`` in the words of an overlay, and what does not fit it, at the places in the overlay.

    There is no card where the overlay says nothing of it, or where its words would break the card.
    """
    words = overlay.words.get(card.id)
    if words is None:
        return None, ()
    localised, misfits = _apply(card, words)
    broken = [
        finding
        for finding in (*card_findings(localised), *expression_findings(localised))
        if finding.severity == "error"
    ]
    node = overlay.nodes[card.id]
    problems = []
    for finding in misfits or broken:
        place = node_at(node, finding.path)
        message, hint = finding.message, finding.hint
        problems.append(Problem(overlay.path, place.line, place.column, finding.code, message, "error", card.id, hint))
    return (None if broken else localised), tuple(problems)


def _apply(card: AnyCardT, words: Words) -> tuple[AnyCardT, list[Finding]]:
    changes: dict[str, Any] = {}
    findings: list[Finding] = []
    fields = card.__struct_fields__

    def foreign(key: str) -> bool:
        if key in fields and not (key == "answer" and card.kind in ("compute", "formula")):
            return False
        why = "an expression, which is not translated" if key in fields else f"not a key of a {card.kind} card"
        findings.append(Finding((key,), "overlay", f"'{key}' is {why}"))
        return True

    for key in ("question", "answer", "solution", "unit"):
        value = getattr(words, key)
        if value and not foreign(key):
            changes[key] = value
    if words.text and not foreign("text"):
        trouble = _gap_trouble(card, words.text)
        if trouble:
            findings.append(Finding(("text",), "overlay", trouble))
        else:
            changes["text"] = words.text
    for key in ("points", "options", "distractors", "hints", "cases"):
        new = getattr(words, key)
        if not new or foreign(key):
            continue
        old = getattr(card, key)
        if len(new) != len(old):
            findings.append(Finding((key,), "overlay", f"the card has {len(old)} {key}, the translation {len(new)}"))
            continue
        changes[key] = tuple(_pair(key, before, after) for before, after in zip(old, new, strict=True))
    if words.steps and not foreign("steps"):
        steps: tuple[Step, ...] = card.steps  # type: ignore[attr-defined]
        _unknown_ids("steps", words.steps, [step.id for step in steps], findings)
        changes["steps"] = tuple(_pair("steps", step, words.steps.get(step.id, Said())) for step in steps)
    if words.parts and not foreign("parts"):
        _unknown_ids("parts", words.parts, [part.id for part in card.parts], findings)  # type: ignore[attr-defined]
    if words.wrong and not foreign("wrong"):
        known = [entry.id for entry in getattr(card, "wrong", ())]
        known += [entry.id for part in getattr(card, "parts", ()) for entry in part.wrong]
        _unknown_ids("wrong", words.wrong, known, findings)
        changes["wrong"] = _say(card.wrong, words.wrong)  # type: ignore[attr-defined]
    if getattr(card, "parts", ()) and (words.parts or words.wrong):
        changes["parts"] = tuple(
            msgspec.structs.replace(part, ask=words.parts.get(part.id, part.ask), wrong=_say(part.wrong, words.wrong))
            for part in card.parts  # type: ignore[attr-defined]
        )
    return (msgspec.structs.replace(card, **changes) if changes else card), findings


def _pair(key: str, old: Any, new: Any) -> Any:
    """One translated entry of a list."""
    if key == "points":
        return Point(text=new.text, words=(*new.words, *old.words))
    if key == "cases":
        return msgspec.structs.replace(old, why=new)
    if isinstance(new, Said):
        return msgspec.structs.replace(old, text=new.text or old.text, why=new.why or old.why)
    return new


def _say(wrong: Any, said: dict[str, str]) -> Any:
    return tuple(msgspec.structs.replace(entry, say=said.get(entry.id, entry.say)) for entry in wrong)


def _unknown_ids(key: str, given: Any, known: list[str], findings: list[Finding]) -> None:
    for name in given:
        if name not in known:
            hint = did_you_mean(name, known)
            findings.append(Finding((key, name), "overlay", f"the card has no {quoted(name)} in its {key}", hint))


def _gap_trouble(card: Card, text: str) -> str:
    assert isinstance(card, ClozeCard)
    try:
        gaps, own = find_gaps(text), find_gaps(card.text)
    except GapError as error:
        return str(error)
    if len(gaps) != len(own):
        return f"the card has {len(own)} gaps, the translation {len(gaps)}"
    return "" if all(all(gap.alternatives) for gap in gaps) else "a gap lists an empty alternative"
