"""The plan on the screen: set a target, see how it stands, study by it, change and end it."""

from __future__ import annotations

from datetime import timedelta

from studyapp.target.target import load
from studyapp.tui.screens.plan import PlanScreen
from studyapp.tui.screens.review import ReviewScreen


async def set_target(stage, date: str = "2026-03-14", minutes: str = "20") -> None:
    await stage.press("i", "n")
    await stage.type(date)
    await stage.press("down")
    stage.app.focused.value = minutes
    await stage.press("enter")


async def test_a_target_is_set_and_stands_on_the_first_screen(perform):
    async with perform("home") as stage:
        await stage.press("i")
        await stage.see("n sets a target")
        await stage.press("escape")
        await set_target(stage)
        await stage.see("2026-03-14", "Expected to be known on the day", "95 %")
        (target,) = load(stage.services.folders.targets).targets
        assert (target.date.isoformat(), target.minutes, len(target.said)) == ("2026-03-14", 20.0, 1)
        await stage.press("escape")
        await stage.see_said("By 14 March:")


async def test_what_cannot_be_stays_in_the_dialog_and_is_told(perform):
    async with perform("home") as stage:
        await stage.press("i", "n")
        for date, minutes, words in (
            ("soon", "20", "no date"), ("2020-01-01", "20", "not after today"),
            ("2026-03-14", "many", "no number of minutes"), ("2026-03-14", "0", "cannot be"),
        ):  # fmt: skip
            fields = stage.app.screen.fields
            fields["day"].value, fields["minutes"].value = date, minutes
            await stage.press("enter")
            await stage.see_said(words)
        stage.app.screen.fields["minutes"].value = "20"
        stage.app.screen.fields["decks"].value = "nosuch"
        await stage.press("enter")
        await stage.see_said("no deck nosuch")
        await stage.press("escape")
        assert not stage.services.folders.targets.exists()


async def test_the_plan_is_studied_until_its_minutes_are_used(perform):
    async with perform("home", cards="recall-bce cloze-median explain-mae") as stage:
        await set_target(stage, minutes="1")
        await stage.see("Expected")
        await stage.press("enter")
        assert isinstance(stage.app.screen, ReviewScreen)
        assert stage.app.screen.session.planned
        stage.clock.move(seconds=70)
        first = stage.app.screen.session.turn.card.id
        await stage.press("space" if first == "recall-bce" else "ctrl+g", "1")
        while not isinstance(stage.app.screen, PlanScreen):
            await stage.press("escape")
        await stage.see("minutes are used")


async def test_a_target_is_changed_and_ended(perform):
    async with perform("home") as stage:
        await set_target(stage)
        await stage.see("Expected")
        await stage.press("c")
        stage.app.screen.fields["minutes"].value = "45"
        stage.app.screen.fields["days_off"].value = "sun"
        await stage.press("enter")
        await stage.see("45 minutes a day", "without sun")
        await stage.press("d")
        await stage.see("Earlier targets", "ended before its day")
        assert stage.services.planner() is None


async def test_several_targets_are_shown_one_after_the_other(perform):
    async with perform("home") as stage:
        await set_target(stage, "2026-03-14")
        await stage.see("Expected")
        await stage.press("n")
        await stage.type("2026-04-01")
        await stage.press("enter")
        await stage.see("▸ 2026-03-14", "2026-04-01")
        await stage.press("tab")
        await stage.see("▸ 2026-04-01")


async def test_the_way_is_drawn_beside_what_was_forecast_before(perform, clock):
    async with perform("home", size=(100, 40)) as stage:
        await set_target(stage)
        await stage.see("a by the plan")
        await stage.press("escape")
        clock.now += timedelta(days=1)
        await stage.press("i")
        await stage.see("as forecast day by day")


async def test_it_fits_a_tiny_terminal(perform):
    for size in ((40, 15), (12, 4)):
        async with perform("home", size=size) as stage:
            await stage.press("i")
            await stage.settle()
            await stage.press("escape")
