"""What is said of targets, for commands and screens alike."""

from __future__ import annotations

from studyapp.locale.message import Message
from studyapp.locale.sentences import date_text, join_names
from studyapp.planning.forecast import Estimate
from studyapp.target.outlook import MISSED_DAYS, Outlook, TopicOutlook
from studyapp.target.target import Target

_KNOWN = Message("{date}, in {count} day: {cards} cards", "{date}, in {count} days: {cards} cards")
_TODAY = Message("{date}, today: {cards} cards")
_NEW = Message("{count} never seen", "{count} never seen")
_TIME = Message("{minutes} minutes a day")
_OFF = Message("without {days}")
_LEFT_TODAY = Message("Today: {minutes} of {all} minutes are left.")
_DONE_TODAY = Message("Today's {all} minutes are used.")
_DAY_OFF = Message("Today is a day off.")
_EXPECTED = Message("Expected to be known on the day: {plan} if the plan is kept, {nothing} if nothing more is done.")
_BAND = Message("{mean} % ({low} to {high})")
_TAKES = Message("{share} % would take {count} minute a day.", "{share} % would take {count} minutes a day.")
_REACHED = Message("{share} % is reached without more study.")
_NEVER = Message("{share} % cannot be reached by then.")
_AHEAD = Message("You are ahead of the first forecast, by {minutes} minutes.")
_BEHIND = Message("You are behind the first forecast, by {minutes} minutes.")
_ON_COURSE = Message("You are where the first forecast saw you.")
_MISSED = Message(
    "{count} day of study was missed. What can still be reached: {share} %.",
    "{count} days of study were missed. What can still be reached: {share} %.",
)
_LEAVE_OUT = Message(
    "The plan leaves out {count} card, most of {topics}.", "The plan leaves out {count} cards, most of {topics}."
)
_CAME = Message("{date}: {share} % were believed to be known; {said} % had been forecast at first.")
_CAME_UNSAID = Message("{date}: {share} % were believed to be known.")
_GIVEN_UP = Message("{date}: ended before its day.")
_SHORT = Message("By {date}: {share} % expected ({low} to {high}); {key} shows the plan.")
_SHORT_UNSAID = Message("A target is set for {date}; {key} shows the plan.")
_TOPIC = Message("{title}: {plan} % ({nothing} % if nothing more is done), {new} of {cards} never seen")

_LEAST_MINUTES = 5.0


def percent(share: float) -> str:
    """A share in whole percent."""
    return f"{100 * share:.0f}"


def estimate(one: Estimate) -> str:
    """An expected share with its band."""
    return _BAND(mean=percent(one.mean), low=percent(one.low), high=percent(one.high))


def head(one: Outlook) -> str:
    """What the target is."""
    target = one.target
    known = _KNOWN if target.day > one.said.day else _TODAY
    parts = [known(date=target.date, count=target.day - one.said.day, cards=one.cards)]
    if one.new:
        parts.append(_NEW(count=one.new))
    parts.append(_TIME(minutes=f"{target.minutes:g}"))
    if target.days_off:
        parts.append(_OFF(days=join_names(target.days_off)))
    scope = [*target.decks, *([target.search] if target.search else [])]
    return " · ".join(parts) + (f" [{'; '.join(scope)}]" if scope else "")


def lines(one: Outlook) -> list[str]:
    """How the target stands, a sentence a line."""
    target = one.target
    today = one.said.day
    found = []
    if target.is_off(today):
        found.append(_DAY_OFF())
    elif one.minutes_today > 0:
        whole = target.seconds_on(today) / 60
        found.append(_LEFT_TODAY(minutes=f"{one.minutes_today:.0f}", all=f"{whole:g}"))
    else:
        found.append(_DONE_TODAY(all=f"{target.seconds_on(today) / 60:g}"))
    found.append(_EXPECTED(plan=estimate(one.plan), nothing=estimate(one.nothing_more)))
    for share, minutes in one.minutes_for.items():
        if minutes is None:
            found.append(_NEVER(share=share))
        elif minutes == 0:
            found.append(_REACHED(share=share))
        else:
            found.append(_TAKES(share=share, count=max(1, round(minutes))))
    if one.ahead is not None:
        found.append(_course(one.ahead))
    if one.missed >= MISSED_DAYS:
        found.append(_MISSED(count=one.missed, share=percent(one.plan.mean)))
    left_out = [topic for topic in one.topics if topic.left_out]
    if left_out:
        most = sorted(left_out, key=lambda topic: -topic.left_out)[:3]
        count = min(sum(topic.left_out for topic in left_out), one.cards)
        found.append(_LEAVE_OUT(count=count, topics=join_names([topic.title for topic in most])))
    return found


def topic(one: TopicOutlook) -> str:
    """What will be known of a topic."""
    return _TOPIC(
        title=one.title, plan=percent(one.plan), nothing=percent(one.nothing_more), new=one.new, cards=one.cards
    )


def past(target: Target) -> str:
    """What came of a target that is over."""
    if target.came is None:
        return _GIVEN_UP(date=target.date)
    if not target.said:
        return _CAME_UNSAID(date=target.date, share=percent(target.came))
    return _CAME(date=target.date, share=percent(target.came), said=percent(target.said[0].plan))


def short(target: Target, key: str) -> str:
    """One sentence for the first screen, from the newest forecast; ``key`` opens the plan."""
    when = date_text(target.date)
    if not target.said:
        return _SHORT_UNSAID(date=when, key=key)
    said = target.said[-1]
    return _SHORT(date=when, share=percent(said.plan), low=percent(said.low), high=percent(said.high), key=key)


def _course(ahead: float) -> str:
    if abs(ahead) < _LEAST_MINUTES:
        return _ON_COURSE()
    return (_AHEAD if ahead > 0 else _BEHIND)(minutes=f"{abs(ahead):.0f}")
