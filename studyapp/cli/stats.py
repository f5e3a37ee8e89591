"""``studyapp stats``: figures on memory and study."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Any

import click

from studyapp.cli.context import everything
from studyapp.cli.output import json_option, print_json, say
from studyapp.locale.message import Message
from studyapp.locale.sentences import LIST_COMMA

if TYPE_CHECKING:
    from studyapp.deck.topics import Topics
    from studyapp.store.mastery import Mastery, Recall
    from studyapp.store.statistics import Retention, Share, Statistics

_WEAKEST = Message("weakest topics, by the answers of {days} days that were wrong or Again:")
_WRONG = Message("{wrong} of {count} wrong")
_NO_TOPIC = Message("no topic has {count} answers yet")
_TOO_EARLY, _ANSWERS = Message("too early: {answers}"), Message("{count} answer", "{count} answers")
_NOT_BEGUN = Message("not begun: {topics}")
_NOT_BEGUN_MORE = Message("not begun: {topics} and {count} more", "not begun: {topics} and {count} more")
_HEADS = (
    Message("retention"), Message("answers"), Message("days"), Message("minutes"), Message("again"), Message("hard"),
    Message("good"), Message("easy"),
)  # fmt: skip
_SPANS = {"today": Message("today"), "week": Message("week"), "month": Message("month"), "all": Message("all")}
_STAGES = {
    "new": Message("new"), "learning": Message("learning"), "young": Message("young"), "mature": Message("mature"),
    "suspended": Message("suspended"),
}  # fmt: skip
_SHARE, _STAGE = Message("{share} of {count}"), Message("{count} {stage}")
_CARDS_ARE = Message("cards: {stages}")
_STREAK = Message("study days in a row: {days}")
_DUE_NEXT = Message("due in the next {days} days: {counts}")
_LAST_ON = Message("last on {date}")
_MISTAKES, _LEECHES = Message("mistakes that came back:"), Message("cards that are forgotten again and again:")
_FORGOTTEN = Message("{card}: forgotten {count} times", "{card}: forgotten {count} times")
_DEVICE = Message("{count} answers, last on {date}", "{count} answers, last on {date}")
_THIS_ONE, _DEVICES = Message("(this one)"), Message("devices:")

_PERIODS = {"today": 1, "week": 7, "month": 30}
_FORECAST_DAYS = 14
_MOST_NAMED = 12
_FIRST_DAY = date(2000, 1, 1).toordinal()


@click.command(epilog="Example: studyapp stats --json")
@json_option
def stats(as_json: bool) -> None:
    """Print how much you remembered, how much you studied, what comes back when, and which mistakes return.

    True retention counts the first answer of a day to a card that was in review: the share not rated Again.
    """
    with everything() as services:
        figures = _figures(
            services.store.statistics(), services.store.scheduler.recall, services.topics("en" if as_json else "")
        )
    if as_json:
        print_json(figures)
        return
    say(_text(figures))


def _figures(statistics: Statistics, recall: Recall, topics: Topics) -> dict[str, Any]:
    """All figures as plain data."""
    from studyapp.store.mastery import DAYS, FEWEST_ANSWERS, mastery, ranking

    today = statistics.today
    spans = {name: today - days + 1 for name, days in _PERIODS.items()} | {"all": _FIRST_DAY}
    figures: dict[str, Any] = {}
    for name, first in spans.items():
        days = statistics.calendar(first, today)
        figures[name] = {
            "answers": sum(day.answers for day in days),
            "study_days": len(days),
            "minutes": round(sum(day.milliseconds for day in days) / 60000, 1),
            "ratings": {rating.name.lower(): count for rating, count in statistics.ratings(first, today).items()},
            "retention": _retention(statistics.retention(first, today)),
        }
    collection = statistics.collection()
    figures["cards"] = {
        "new": collection.new,
        "learning": collection.learning,
        "young": collection.young,
        "mature": collection.mature,
        "suspended": collection.suspended,
    }
    found, firmness = mastery(statistics, recall, topics)
    ranked = ranking(found)
    figures["weakest"] = {
        "days": DAYS,
        "fewest_answers": FEWEST_ANSWERS,
        "topics": [_topic(one) for one in ranked.weakest],
        "too_early": [_topic(one) for one in ranked.too_early],
        "not_begun": [_topic(one) for one in ranked.not_begun],
    }
    figures["topics"] = [_topic(one) for one in found]
    figures["stability"] = _middle(firmness.stabilities)
    figures["difficulty"] = _middle(firmness.difficulties)
    figures["streak"] = statistics.streak()
    figures["forecast"] = list(statistics.forecast(_FORECAST_DAYS))
    figures["misconceptions"] = [
        {
            "card_id": count.card_id,
            "misconception": count.misconception,
            "times": count.times,
            "last_day": date.fromordinal(count.last_day).isoformat(),
        }
        for count in statistics.misconceptions(_FIRST_DAY, today)
    ]
    figures["devices"] = [
        {
            "uuid": one.uuid,
            "label": one.label,
            "own": one.own,
            "answers": one.answers,
            "last_day": None if one.last_day is None else date.fromordinal(one.last_day).isoformat(),
        }
        for one in statistics.devices()
    ]
    figures["leeches"] = [
        {"card_id": leech.card_id, "lapses": leech.lapses, "answers": leech.answers} for leech in statistics.leeches()
    ]
    return figures


def _topic(one: Mastery) -> dict[str, Any]:
    return {
        "topic": one.topic.name,
        "title": one.topic.title,
        "is_deck": one.topic.is_deck,
        "cards": one.cards,
        "seen": one.seen,
        "recall": round(one.recall, 4) if one.seen else None,
        "answers": one.answers,
        "wrong": one.wrong,
        "weakness": round(one.weakness, 4) if one.answers else None,
        "reviews": one.reviews,
        "remembered": one.remembered,
        "beyond": {"cards": one.beyond, "seen": one.beyond_seen},
    }


def _middle(values: Sequence[float]) -> dict[str, float] | None:
    """Smallest, median and largest of the values; None of none."""
    if not values:
        return None
    return {"least": round(min(values), 2), "median": round(median(values), 2), "most": round(max(values), 2)}


def _retention(retention: Retention) -> dict[str, Any]:
    def share(part: Share) -> dict[str, Any]:
        return {"remembered": part.passed, "reviews": part.total, "share": part.value}

    return {"all": share(retention.all), "young": share(retention.young), "mature": share(retention.mature)}


def _weakest(ranked: dict[str, Any]) -> str:
    lines = [_WEAKEST(days=ranked["days"])]
    for place, one in enumerate(ranked["topics"], start=1):
        share = one["wrong"] / one["answers"]
        lines.append(f"  {place}. {share:4.0%}  {_WRONG(wrong=one['wrong'], count=one['answers'])}  {one['title']}")
    if not ranked["topics"]:
        lines.append(f"  {_NO_TOPIC(count=ranked['fewest_answers'])}")
    for one in ranked["too_early"]:
        lines.append(f"  {_TOO_EARLY(answers=_ANSWERS(count=one['answers']))}  {one['title']}")
    if ranked["not_begun"]:
        titles = [one["title"] for one in ranked["not_begun"]]
        told = _NOT_BEGUN_MORE if len(titles) > _MOST_NAMED else _NOT_BEGUN
        named = LIST_COMMA().join(titles[:_MOST_NAMED])
        lines.append(f"  {told(topics=named, count=len(titles) - _MOST_NAMED)}")
    return "\n".join(lines)


def _text(figures: dict[str, Any]) -> str:
    from studyapp.render import plain, sparkline, table
    from studyapp.render.spans import rendered

    rows = [["", *map(str, _HEADS)]]
    for name in (*_PERIODS, "all"):
        span = figures[name]
        kept = span["retention"]["all"]
        share = "–" if kept["share"] is None else _SHARE(share=f"{kept['share']:.0%}", count=kept["reviews"])
        ratings = map(str, span["ratings"].values())
        rows.append(
            [
                str(_SPANS.get(name, name)),
                share,
                str(span["answers"]),
                str(span["study_days"]),
                f"{span['minutes']:g}",
                *ratings,
            ]
        )
    blocks = [plain(rendered(table(rows, ["left", *["right"] * 8], 100)))]
    cards = figures["cards"]
    stages = LIST_COMMA().join(_STAGE(count=count, stage=_STAGES[stage]) for stage, count in cards.items())
    blocks.append(_CARDS_ARE(stages=stages))
    blocks.append(_weakest(figures["weakest"]))
    blocks.append(_STREAK(days=figures["streak"]))
    coming = figures["forecast"]
    due = " ".join(map(str, coming))
    blocks.append(f"{_DUE_NEXT(days=len(coming), counts=due)}  {sparkline(coming, len(coming))}")
    if figures["misconceptions"]:
        lines = [
            f"  {one['times']}× {one['misconception']} ({one['card_id']}, {_LAST_ON(date=one['last_day'])})"
            for one in figures["misconceptions"][:10]
        ]
        blocks.append(f"{_MISTAKES}\n" + "\n".join(lines))
    if figures["leeches"]:
        lines = ["  " + _FORGOTTEN(card=one["card_id"], count=one["lapses"]) for one in figures["leeches"][:10]]
        blocks.append(f"{_LEECHES}\n" + "\n".join(lines))
    if len(figures["devices"]) > 1:
        lines = [
            f"  {one['uuid']}  {_DEVICE(count=one['answers'], date=one['last_day'] or '–')}  {one['label']}"
            + (f"  {_THIS_ONE}" if one["own"] else "")
            for one in figures["devices"]
        ]
        blocks.append(f"{_DEVICES}\n" + "\n".join(lines))
    return "\n\n".join(blocks)
