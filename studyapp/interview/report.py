"""The report of a mock interview: Markdown for people, from which the app can read back what it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from studyapp.grading.verdict import Outcome
from studyapp.interview.course import Interview, Record, question_seed
from studyapp.sanitizing import sanitize

WELL_DONE = 0.75
"""A score from which an answer counts as good in the report."""


class Share(Struct, frozen=True):
    """How one topic or kind went: its name, the number of questions, the mean score, the mean time in seconds.

    Without a question that was judged there is no score.
    """

    name: str
    questions: int
    score: float | None
    seconds: float


def shares(records: Sequence[Record], attribute: str) -> tuple[Share, ...]:
    """Results by ``deck`` or ``kind``, the weakest first."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(str(getattr(record, attribute)), []).append(record)
    found = [
        Share(
            name,
            len(group),
            mean_score(group),
            sum(record.seconds for record in group) / len(group),
        )
        for name, group in groups.items()
    ]
    return tuple(sorted(found, key=lambda share: (_last_if_none(share.score), -share.questions, share.name)))


def mean_score(records: Sequence[Record]) -> float | None:
    """The mean of the scores of what was judged; None where nothing was."""
    scores = [record.score for record in records if record.judged]
    return sum(scores) / len(scores) if scores else None


def _last_if_none(score: float | None) -> float:
    return 2.0 if score is None else score


def to_look_at(records: Sequence[Record]) -> tuple[Record, ...]:
    """The questions worth another look: those not done well, the worst first, then the slowest; last the unjudged."""
    poor = [record for record in records if record.score < WELL_DONE or not record.judged]
    return tuple(sorted(poor, key=lambda record: (record.score if record.judged else 2.0, -record.seconds)))


def report(interview: Interview, titles: Mapping[str, str], ended_at: datetime) -> str:
    """The report as Markdown. ``titles`` gives the decks' titles by name.

    Its last line, which Markdown does not show, says by which seed and in which language the questions were asked.
    """
    records = interview.records
    if not records:
        return "# Mock interview\n\nNo question was answered.\n"
    mean = mean_score(records)
    unjudged = sum(not record.judged for record in records)
    points = "not judged" if mean is None else f"{mean:.0%} of the points"
    points += f", {unjudged} not judged" if unjudged and mean is not None else ""
    lines = [
        f"# Mock interview, {ended_at:%Y-%m-%d %H:%M}",
        "",
        f"{_counted(len(records))} in {_minutes(interview.seconds)}, {points}.",
        "",
    ]
    for heading, attribute in ((_BY_TOPIC, "deck"), ("By kind", "kind")):
        lines += [f"## {heading}", "", "| | asked | score | time each |", "|---|---:|---:|---:|"]
        for share in shares(records, attribute):
            name = titles.get(share.name, share.name)
            lines.append(f"| {_cell(name)} | {share.questions} | {_percent(share.score)} | {_minutes(share.seconds)} |")
        lines.append("")
    again = to_look_at(records)
    lines += [f"## {_AGAIN}", ""]
    lines += [f"- {_asked(record)}" for record in again]
    lines += [] if again else ["Nothing: every answer was good."]
    lines += ["", f"## {_ALL}", ""]
    lines += [
        f"{number}. {_asked(record)}, {_minutes(record.seconds)}" for number, record in enumerate(records, start=1)
    ]
    lines += ["", f"<!-- interview {interview.plan.seed} {interview.plan.language} -->"]
    return "\n".join(lines) + "\n"


_BY_TOPIC, _AGAIN, _ALL = "By topic", "To look at again", "All questions"


def _asked(record: Record) -> str:
    remark = f": {_one_line(record.remark)}" if record.remark else ""
    title = _one_line(record.title).replace("(`", "( `")  # what looks like an id would be read back as the card's
    result = f"{outcome_words(record.outcome, record.score)}, {record.score:.0%}" if record.judged else "not judged"
    return f"{title} (`{record.card_id}`): {result}{remark}"


def outcome_words(outcome: str, score: float | None) -> str:
    """An outcome in the words that stand on the card."""
    if outcome == Outcome.WRONG.value and score is not None and 0 < score < 1:
        return "partly right"
    return outcome.replace("_", " ")


def _percent(score: float | None) -> str:
    return "–" if score is None else f"{score:.0%}"


def _counted(questions: int) -> str:
    return f"{questions} question{'s' * (questions != 1)}"


def _minutes(seconds: float) -> str:
    whole = round(timedelta(seconds=seconds).total_seconds())
    return f"{whole // 60}:{whole % 60:02}"


def _one_line(text: str) -> str:
    """A report may be shown by `cat`, and its questions are a stranger's text."""
    return sanitize(" ".join(text.split()))


def _cell(text: str) -> str:
    return _one_line(text).replace("|", "\\|")


# ---------------------------------------------------------------------- reading back


class NotAReport(ValueError):
    """A text that is no report of an interview."""


class Asked(Struct, frozen=True):
    """A question of a report: its card, and the seed of its numbers where the report tells it."""

    card_id: str
    seed: int | None
    to_look_at: bool
    title: str
    score: str
    """As the report says it: ``67%``; ``–`` where it was not judged."""
    time: str
    """Minutes and seconds."""


class Facts(Struct, frozen=True):
    """What a report says: when it ended (local time), how it went, about what, and what was asked, the worst first."""

    ended: str
    questions: int
    score: int | None
    """In percent; None where nothing was judged."""
    topics: tuple[str, ...]
    asked: tuple[Asked, ...]
    language: str = ""


_LONGEST_LINE = 4000
"""Longer lines are not ours; they are passed by."""

_HEAD = re.compile(r"# Mock interview, (\d{4}-\d\d-\d\d \d\d:\d\d)")
_SUMMARY = re.compile(
    r"((\d{1,6}) questions? in [\d:]+), (?:(\d{1,3})% of the points|not judged)(, \d{1,6} not judged)?\."
)
_ROW = re.compile(r"\| (.*?) \| \d+ \| (?:\d+%|–) \| [\d:]+ \|")
_QUESTION = re.compile(r"(?:- |\d+\. )(.*?) ?\(`([^`\s]+)`\): (?:not judged|\w.*?, (\d{1,3}%)).*?(?:, (\d+:\d\d))?")
_MARK = re.compile(r"<!-- interview (\d{1,20}) ([a-z-]{0,10}) -->")


def read_report(text: str) -> Facts:
    """What a report says that `report` wrote, in this version or an earlier one; notes between its lines are passed by.

    Raises:
        NotAReport: the heading or the line with the score is missing.
    """
    lines = [line.strip() for line in text.splitlines() if len(line) <= _LONGEST_LINE]
    head = next(filter(None, map(_HEAD.fullmatch, lines)), None)
    summary = next(filter(None, map(_SUMMARY.fullmatch, lines)), None)
    if head is None or summary is None:
        raise NotAReport("this is not the report of a mock interview")
    mark = next(filter(None, map(_MARK.fullmatch, lines)), None)
    again = [found[2] for found in map(_QUESTION.fullmatch, _section(lines, _AGAIN)) if found]
    asked: list[Asked] = []
    for found in filter(None, map(_QUESTION.fullmatch, _section(lines, _ALL))):
        seed = question_seed(found[2], int(mark[1]), len(asked)) if mark else None
        asked.append(Asked(found[2], seed, found[2] in again, found[1], found[3] or "–", found[4] or ""))
    worst_first = {card_id: place for place, card_id in enumerate(again)}
    asked.sort(key=lambda one: worst_first.get(one.card_id, len(again)))
    topics = tuple(found[1].replace("\\|", "|") for found in map(_ROW.fullmatch, _section(lines, _BY_TOPIC)) if found)
    score = None if summary[3] is None else int(summary[3])
    return Facts(head[1], int(summary[2]), score, topics, tuple(asked), mark[2] if mark else "")


def _section(lines: Sequence[str], heading: str) -> Sequence[str]:
    """The lines below a heading, up to the next one."""
    if f"## {heading}" not in lines:
        return ()
    start = lines.index(f"## {heading}") + 1
    end = next((place for place in range(start, len(lines)) if lines[place].startswith("## ")), len(lines))
    return lines[start:end]


def page_of(text: str) -> tuple[str, str]:
    """The report as a page: its heading, and below it the score first, without the ids of cards."""
    heading, lines = "Mock interview", []
    for line in without_mark(text).split("\n"):
        stripped = line.strip() if len(line) <= _LONGEST_LINE else ""
        if _HEAD.fullmatch(stripped) or stripped == "# Mock interview":
            heading = stripped.removeprefix("# ")
        elif summary := _SUMMARY.fullmatch(stripped):
            points = "Not judged" if summary[3] is None else f"{summary[3]}% of the points"
            lines.append(f"**{points}**, {summary[1]}{summary[4] or ''}.")
        elif question := _QUESTION.fullmatch(stripped):
            lines.append(stripped[: question.end(1)] + stripped[question.end(2) + 2 :])
        else:
            lines.append(line)
    return heading, "\n".join(lines).strip("\n") + "\n"


def without_mark(text: str) -> str:
    """The report as people read it."""
    return "\n".join(line for line in text.split("\n") if not _MARK.fullmatch(line.strip())).rstrip("\n") + "\n"
