"""Browse: finding cards, and doing something with them."""

from __future__ import annotations

from pathlib import Path

from studyapp.schedule.rating import Rating
from studyapp.store.log import Mode
from studyapp.tui.screens.ahead import AheadScreen
from studyapp.tui.screens.browse import BrowseScreen
from studyapp.tui.screens.practice import PracticeScreen


async def test_cards_are_found_while_typing(perform):
    async with perform("home") as stage:
        await stage.press("slash")
        await stage.see("11 cards")
        await stage.type("kind:compute batch")
        await stage.see("0 cards")
        await stage.press("ctrl+u")
        await stage.type("kind:compute")
        await stage.see("2 cards", "Mean BCE in nats", "new: never answered")


async def test_a_misspelt_query_names_the_nearest_word(perform):
    async with perform("home") as stage:
        await stage.press("slash")
        await stage.type("kind:comptue")
        await stage.see("0 cards · at 6:", "did you mean 'compute'?")


async def test_a_query_that_cannot_be_read_lists_nothing_and_starts_nothing(perform):
    async with perform("home", size=(100, 24)) as stage:
        await stage.press("slash")
        await stage.see("11 cards")
        await stage.type("kind:")
        await stage.see("0 cards · at 6: something must follow kind:")
        assert "Mean BCE" not in stage.text
        await stage.press("enter", "ctrl+r")
        await stage.see("0 cards · at 6: something must follow kind:", "Fix the search first, at 6:")
        browse = stage.app.screen
        assert isinstance(browse, BrowseScreen) and browse.focused is browse.field
        await browse.action_ahead()
        assert stage.app.screen is browse


async def test_a_query_typed_in_haste_is_read_before_anything_starts(perform):
    async with perform("home", size=(100, 24)) as stage:
        await stage.press("slash")
        await stage.see("11 cards")
        await stage.rush(*"is:nope", "ctrl+r")
        assert isinstance(stage.app.screen, BrowseScreen)
        await stage.see("0 cards · at 4: is: knows no 'nope'")


async def test_decks_are_found_by_a_part_of_their_title(perform, content):
    (content / "mine.yaml").write_text(
        "deck: activations\ntitle: Sigmoid and friends\ncards:\n"
        "  - {id: one, kind: recall, question: What is it?, answer: This.}\n"
    )
    async with perform("home", size=(100, 24)) as stage:
        await stage.press("slash")
        await stage.type("deck:sigmoid")
        await stage.see("1 card", "What is it?")
        await stage.type("x")
        await stage.see("0 cards · at 6: no card has the deck 'sigmoidx'")


async def test_many_cards_are_studied_ahead_only_after_a_question(perform, content):
    cards = "".join(f"  - {{id: q-{n}, kind: recall, question: What is {n}?, answer: This.}}\n" for n in range(21))
    (content / "mine.yaml").write_text(f"deck: mine\ntitle: Mine\ncards:\n{cards}")
    async with perform("home") as stage:
        await stage.press("slash")
        await stage.type("deck:mine")
        await stage.see("21 cards")
        await stage.press("enter", "a")
        await stage.see("Study 21 cards ahead of schedule?", "Their schedule follows your ratings.")
        await stage.press("escape")
        assert isinstance(stage.app.screen, BrowseScreen)
        await stage.press("a", "a")
        await stage.see("21 left · ratings count")


async def test_ahead_of_schedule_the_last_rating_is_taken_back(perform):
    async with perform("home", cards="recall-bce cloze-median") as stage:
        await stage.press("slash", "enter", "a", "space", "4")
        await stage.see("1 left · ratings count")
        await stage.press("x", "escape", "u")
        await stage.see("Undone: Easy on “Define binary cross")
        assert "2 left" in str(stage.app.screen.status.content)
        assert stage.services.store.state("recall-bce") is None
        await stage.press("space", "1")
        await stage.see("1 left · ratings count")
        assert [e.answer.rating for e in stage.services.store.history("recall-bce") if e.result and not e.undone] == [
            Rating.AGAIN
        ]


async def test_marks_are_set_and_searched_for(perform):
    async with perform("home") as stage:
        await stage.press("slash", "enter", "down", "f", "s")
        await stage.see("⚑ flagged; suspended", "explain-mae")
        await stage.press("slash")
        await stage.type("is:flagged")
        await stage.see("1 card")
        await stage.press("enter", "u", "u")
        assert not stage.services.store.marks("explain-mae").flagged


async def test_practice_leaves_the_schedule_alone_and_asks_again_what_was_missed(perform):
    async with perform("home", cards="cloze-median recall-bce") as stage:
        await stage.press("slash")
        await stage.type("kind:cloze")
        await stage.see("1 card")
        await stage.press("enter", "p")
        assert isinstance(stage.app.screen, PracticeScreen)
        await stage.press("ctrl+g", "enter")
        await stage.see("MAE is minimised by")
        await stage.type("median\nmean\n")
        await stage.see("✓ Correct")
        await stage.press("enter")
        await stage.see("Done. 2 answers")
        assert stage.services.store.undoable() is None


async def test_practice_says_what_the_ticks_mean_for_the_next_round(perform):
    async with perform("home", cards="recall-bce cloze-median") as stage:
        await stage.press("slash")
        await stage.type("kind:recall")
        await stage.see("1 card")
        await stage.press("enter", "p", "space")
        await stage.see("Tick what you had; none: comes again.")
        await stage.press("space")
        await stage.see("1 of 3 points: comes again.")
        await stage.press("down", "space")
        await stage.see("2 of 3 points: enough for this round.")
        await stage.press("enter")
        await stage.see("Done. 1 answer")


async def test_studying_ahead_is_recorded_as_such(perform):
    async with perform("home", cards="recall-bce cloze-median") as stage:
        await stage.press("slash")
        await stage.type("kind:recall")
        await stage.see("1 card")
        await stage.press("enter", "a")
        assert isinstance(stage.app.screen, AheadScreen)
        await stage.press("space", "4")
        await stage.see("Done. 1 answer")
        (entry,) = stage.services.store.history("recall-bce")
        assert entry.answer.mode is Mode.AHEAD and entry.answer.rating is Rating.EASY
        await stage.press("q")
        await stage.see("in review, due in 8 days", "last: Easy on 2026-03-02")
        assert "Easy (self rated), ahead of schedule" in str(stage.app.screen.preview.content)


async def test_a_card_is_made_new_again_and_that_can_be_undone(perform):
    async with perform("home", cards="recall-bce") as stage:
        await stage.press("enter", "space", "4", "enter", "slash", "enter")
        await stage.see("in review")
        await stage.press("R")
        await stage.see("new: never answered")
        assert "reset" in str(stage.app.screen.preview.content)
        await stage.press("u")
        await stage.see("in review", "Undone: reset of “Define binary cross")


async def test_the_keys_that_work_are_the_ones_that_are_shown(perform):
    async with perform("home") as stage:
        await stage.press("slash")
        await stage.see("11 cards", "tab To the list")
        assert "/ Search" not in stage.text
        await stage.press("down")
        await stage.see("11 cards · p practises all, a studies all", "space scrolls · R makes it new again", "/ Search")
        assert "To the list" not in stage.text
        await stage.press("R")
        await stage.see("It is new already.")


async def test_numbers_to_be_drawn_are_left_open_in_titles(perform):
    async with perform("home", size=(120, 30)) as stage:
        await stage.press("slash")
        await stage.type("kind:compute")
        await stage.see("2 cards", "Mean BCE in nats for labels y = … and")


async def test_wide_screens_show_list_and_card_side_by_side(perform):
    async with perform("home", size=(130, 30)) as stage:
        await stage.press("slash")
        await stage.until(lambda: any("recall " in line and "│" in line for line in stage.text.splitlines()))


async def test_an_own_version_is_compared_with_its_original_and_taken_back(perform, content: Path, monkeypatch):
    editor = content.parent / "editor.sh"
    editor.write_text('#!/bin/sh\nsed -i "s/Define binary/State binary/" "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    async with perform("home") as stage:
        await stage.press("slash")
        await stage.type("recall-bce")
        await stage.see("1 card")
        await stage.press("enter", "o")
        await stage.see_said("there is no version of yours")
        await stage.press("e")
        await stage.see("Your version of a card", "-      Define binary", "+      State binary")
        await stage.press("o")
        await stage.see_said("The original is asked again")
        await stage.until(lambda: "Your version" not in stage.text, "the original")


async def test_a_card_of_ones_own_is_written_and_found(perform, home: Path):
    async with perform("home") as stage:
        await stage.press("slash", "enter", "n")
        await stage.see("New card", "Front:")
        await stage.press("enter", "enter")
        await stage.see("the front is empty")
        await stage.type("der Hund\nthe dog")
        await stage.press("enter")
        await stage.see_said("Written into notes.")
        assert "der Hund" in (home / "decks" / "notes.yaml").read_text(encoding="utf-8")
        await stage.press("slash")
        await stage.type("hund")
        await stage.see("1 card", "der Hund")
