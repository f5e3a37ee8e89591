"""The report of a mock interview: Markdown for people, from which the app can read back what it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from msgspec import Struct

from studyapp.grading.verdict import Outcome
from studyapp.interview.course import Interview, Record, question_seed
from studyapp.kinds import kind_name
from studyapp.locale.catalogue import ENGLISH, languages, ngettext
from studyapp.locale.message import Message, speaking
from studyapp.sanitizing import sanitize

_TITLE, _HEAD = Message("Mock interview"), Message("Mock interview, {when}")
_NONE_ANSWERED = Message("No question was answered.")
_QUESTIONS = Message("{count} question", "{count} questions")
_SUMMARY = Message("{questions} in {time}, {share} of the points.")
_SUMMARY_PARTLY = Message("{questions} in {time}, {share} of the points, {unjudged} not judged.")
_SUMMARY_UNJUDGED = Message("{questions} in {time}, not judged.")
_SUMMARIES = (_SUMMARY_PARTLY, _SUMMARY, _SUMMARY_UNJUDGED)
_ON_PAGE = {
    _SUMMARY: Message("**{share} of the points**, {questions} in {time}."),
    _SUMMARY_PARTLY: Message("**{share} of the points**, {questions} in {time}, {unjudged} not judged."),
    _SUMMARY_UNJUDGED: Message("**Not judged**, {questions} in {time}."),
}
"""How the page of a report says what its file says."""

_BY_TOPIC, _BY_KIND = Message("By topic"), Message("By kind")
_AGAIN, _ALL = Message("To look at again"), Message("All questions")
_ASKED, _SCORE, _TIME_EACH = Message("asked"), Message("score"), Message("time each")
_ALL_GOOD = Message("Nothing: every answer was good.")
_TIMED = Message("{asked}, {time}")
_LINE = Message("{title} (`{card}`): {outcome}, {score}")
_LINE_REMARK = Message("{title} (`{card}`): {outcome}, {score}: {remark}")
_LINE_UNJUDGED = Message("{title} (`{card}`): not judged")
_PARTLY_RIGHT = Message("partly right")
OUTCOMES = {
    "correct": Message("correct"),
    "rounded": Message("rounded"),
    "misconception": Message("misconception"),
    "close": Message("close"),
    "wrong": Message("wrong"),
    "gave_up": Message("gave up"),
    "self_rated": Message("self rated"),
}
"""The outcomes in words."""

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
    with speaking(interview.plan.language):
        return _report(interview, titles, ended_at)


def _report(interview: Interview, titles: Mapping[str, str], ended_at: datetime) -> str:
    records = interview.records
    if not records:
        return f"# {_TITLE}\n\n{_NONE_ANSWERED}\n"
    mean = mean_score(records)
    unjudged = sum(not record.judged for record in records)
    summary = _SUMMARY_UNJUDGED if mean is None else _SUMMARY_PARTLY if unjudged else _SUMMARY
    told = summary(
        questions=_QUESTIONS(count=len(records)),
        time=_minutes(interview.seconds),
        share="" if mean is None else f"{mean:.0%}",
        unjudged=unjudged,
    )
    lines = [f"# {_HEAD(when=f'{ended_at:%Y-%m-%d %H:%M}')}", "", told, ""]
    for heading, attribute in ((_BY_TOPIC, "deck"), (_BY_KIND, "kind")):
        lines += [f"## {heading}", "", f"| | {_ASKED} | {_SCORE} | {_TIME_EACH} |", "|---|---:|---:|---:|"]
        for share in shares(records, attribute):
            name = titles.get(share.name, share.name) if attribute == "deck" else kind_name(share.name)
            lines.append(f"| {_cell(name)} | {share.questions} | {_percent(share.score)} | {_minutes(share.seconds)} |")
        lines.append("")
    again = to_look_at(records)
    lines += [f"## {_AGAIN}", ""]
    lines += [f"- {_asked(record)}" for record in again]
    lines += [] if again else [_ALL_GOOD()]
    lines += ["", f"## {_ALL}", ""]
    lines += [
        f"{number}. {_TIMED(asked=_asked(record), time=_minutes(record.seconds))}"
        for number, record in enumerate(records, start=1)
    ]
    lines += ["", f"<!-- interview {interview.plan.seed} {interview.plan.language} -->"]
    return "\n".join(lines) + "\n"


def _asked(record: Record) -> str:
    title = _one_line(record.title).replace("(`", "( `")  # what looks like an id would be read back as the card's
    if not record.judged:
        return _LINE_UNJUDGED(title=title, card=record.card_id)
    line = _LINE_REMARK if record.remark else _LINE
    outcome, remark = outcome_words(record.outcome, record.score), _one_line(record.remark)
    return line(title=title, card=record.card_id, outcome=outcome, score=f"{record.score:.0%}", remark=remark)


def outcome_words(outcome: str, score: float | None) -> str:
    """An outcome in the words that stand on the card."""
    if outcome == Outcome.WRONG.value and score is not None and 0 < score < 1:
        return _PARTLY_RIGHT()
    return str(OUTCOMES.get(outcome, outcome.replace("_", " ")))


def _percent(score: float | None) -> str:
    return "–" if score is None else f"{score:.0%}"


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

_WHEN = r"(?P<when>\d{4}-\d\d-\d\d \d\d:\d\d)"
_PARTS = {
    "questions": r"(?P<questions>\D{0,9}(?P<count>\d{1,6})\D{1,20}?)",
    "time": r"(?P<time>[\d:]+)",
    "share": r"(?P<share>\d{1,3})%",
    "unjudged": r"(?P<unjudged>\d{1,6})",
}


@cache
def _patterns(message: Message, **parts: str) -> tuple[re.Pattern[str], ...]:
    """What a message looks like in each language, with regular expressions in the place of its values."""
    found = []
    for language in languages():
        text = re.escape(ngettext(language, message.text)).replace(r"\{", "{").replace(r"\}", "}")
        found.append(re.compile(re.sub(r"\{(\w+)\}", lambda name: parts[name[1]], text)))
    return tuple(found)


def _match(line: str, *messages: Message, **parts: str) -> tuple[Message, re.Match[str]] | None:
    """The message that a line is, in any language, with its values."""
    for message in messages:
        for pattern in _patterns(message, **parts):
            found = pattern.fullmatch(line)
            if found is not None:
                return message, found
    return None


def _in_any_language(message: Message) -> frozenset[str]:
    return frozenset(message.to(language) for language in languages())


_ROW = re.compile(r"\| (.*?) \| \d+ \| (?:\d+%|–) \| [\d:]+ \|")
_QUESTION = re.compile(
    r"(?:- |\d+\. )(.*?) ?[(（]`([^`\s]+)`[)）][:：] ?(?:[^,，]*[,，] ?(\d{1,3}%))?.*?(?:[,，] ?(\d+:\d\d))?"
)
_MARK = re.compile(r"<!-- interview (\d{1,20}) ([a-z-]{0,10}) -->")


def read_report(text: str) -> Facts:
    """What a report says that `report` wrote, in this version or an earlier one; notes between its lines are passed by.

    Raises:
        NotAReport: the heading or the line with the score is missing.
    """
    lines = [line.strip() for line in text.splitlines() if len(line) <= _LONGEST_LINE]
    head = next(filter(None, (_match(line.removeprefix("# "), _HEAD, when=_WHEN) for line in lines)), None)
    summary = next(filter(None, (_match(line, *_SUMMARIES, **_PARTS) for line in lines)), None)
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
    values = summary[1].groupdict()
    score = None if values.get("share") is None else int(values["share"])
    return Facts(head[1]["when"], int(values["count"]), score, topics, tuple(asked), mark[2] if mark else "")


def _section(lines: Sequence[str], heading: Message) -> Sequence[str]:
    """The lines below a heading in any language, up to the next one."""
    wanted = {f"## {text}" for text in _in_any_language(heading)}
    start = next((place for place, line in enumerate(lines, start=1) if line in wanted), None)
    if start is None:
        return ()
    end = next((place for place in range(start, len(lines)) if lines[place].startswith("## ")), len(lines))
    return lines[start:end]


def page_of(text: str) -> tuple[str, str]:
    """The report as a page: its heading, and below it the score first, without the ids of cards."""
    heading, lines = str(_TITLE), []
    mark = next(filter(None, (_MARK.fullmatch(line.strip()) for line in text.split("\n"))), None)
    language = mark[2] if mark is not None else ENGLISH
    for line in without_mark(text).split("\n"):
        stripped = line.strip() if len(line) <= _LONGEST_LINE else ""
        if _match(stripped.removeprefix("# "), _HEAD, when=_WHEN) or stripped.removeprefix("# ") in _titles():
            heading = stripped.removeprefix("# ")
        elif summary := _match(stripped, *_SUMMARIES, **_PARTS):
            lines.append(_ON_PAGE[summary[0]].to(language, **{**summary[1].groupdict(), "share": _share(summary[1])}))
        elif question := _QUESTION.fullmatch(stripped):
            lines.append(stripped[: question.end(1)] + stripped[question.end(2) + 2 :])
        else:
            lines.append(line)
    return heading, "\n".join(lines).strip("\n") + "\n"


def is_empty(text: str) -> bool:
    """Whether a text is the report of an interview in which nothing was answered."""
    return text.split("\n", 1)[0].removeprefix("# ") in _titles()


def _titles() -> frozenset[str]:
    return _in_any_language(_TITLE)


def _share(found: re.Match[str]) -> str:
    share = found.groupdict().get("share")
    return "" if share is None else f"{share}%"


def without_mark(text: str) -> str:
    """The report as people read it."""
    return "\n".join(line for line in text.split("\n") if not _MARK.fullmatch(line.strip())).rstrip("\n") + "\n"
