"""Home and the screens reached from it by one key."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.settings import Settings
from studyapp.tui.screens.home import HomeScreen
from studyapp.tui.screens.review import ReviewScreen


async def test_the_first_run_says_what_to_do(perform):
    async with perform("home") as stage:
        await stage.see("Welcome. Enter begins", "One of each kind", "11", "enter Study", "? Help")


async def test_enter_studies_the_marked_deck(perform):
    async with perform("home") as stage:
        await stage.press("enter")
        assert isinstance(stage.app.screen, ReviewScreen)
        await stage.press("space", "4", "escape")
        await stage.see("Session left", "1 card, 1 answer", "Left for today: 10 new")
        await stage.press("enter")
        await stage.see("Today: 10 new.")


async def test_decks_stand_in_a_tree_of_folders(perform, content: Path):
    folder = content / "interview"
    folder.mkdir()
    for name in ("boxes", "masks"):
        (folder / f"{name}.yaml").write_text(
            f"deck: {name}\ntitle: All about {name}\ncards:\n"
            f"  - {{id: {name}-one, kind: recall, question: What is it?, answer: This.}}\n"
        )
    async with perform("home") as stage:
        await stage.see("All decks", "interview/", "  All about boxes", "  All about masks")
        titles = [row.title for row in stage.app.screen.rows]
        await stage.press(*["down"] * titles.index("interview/"), "enter")
        await stage.see("What is it?", "new 2")


async def test_a_finished_day_says_when_to_come_back(perform):
    async with perform("home", cards="recall-bce") as stage:
        await stage.press("enter", "space", "4")
        await stage.see("The next card is due in 8 days")
        await stage.press("enter")
        await stage.see("Done for today. The next card is due in 8 days.")
        await stage.press("enter")
        await stage.see("Nothing of this is due today")
        assert isinstance(stage.app.screen, HomeScreen)


async def test_problems_are_listed_and_open_at_their_line(perform, content: Path, monkeypatch):
    editor = content.parent / "editor.sh"
    editor.write_text(f'#!/bin/sh\necho "$@" > {content.parent}/called\nsed -i "s/answr/answer/" "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    (content / "mine.yaml").write_text(
        "deck: mine\ntitle: Mine\ncards:\n  - id: one\n    kind: recall\n    question: What?\n    answr: That.\n"
    )
    async with perform("home") as stage:
        await stage.see("1 problem in deck files: p shows it.")
        await stage.press("p")
        await stage.see("mine.yaml:7:", "answr")
        await stage.press("enter")
        await stage.see("No problems: every card can be studied.")
        assert "mine.yaml" in (content.parent / "called").read_text()


async def test_a_deck_that_vanishes_leaves_the_list(perform, content: Path):
    (content / "mine.yaml").write_text(
        "deck: mine\ntitle: Mine\ncards:\n  - {id: one, kind: recall, question: What?, answer: That.}\n"
    )
    async with perform("home") as stage:
        await stage.see("Mine", "All decks")
        (content / "mine.yaml").unlink()
        await stage.until(lambda: "Mine" not in stage.text, "the deck to leave the list")


async def test_undo_at_home_takes_back_the_newest_answer(perform):
    async with perform("home", cards="recall-bce") as stage:
        await stage.press("enter", "space", "4", "enter")
        await stage.see("Done for today")
        await stage.press("u")
        await stage.see("Undone: Easy on “Define binary cross-entropy")
        assert "recall-bce" not in stage.text
        assert stage.services.store.state("recall-bce") is None


async def test_help_lists_the_keys_that_are_really_bound(perform, home: Path):
    home.mkdir()
    (home / "keys.toml").write_text('"home.study" = "w"\n"home.studdy" = "w"\n')
    async with perform("home") as stage:
        await stage.see("no command 'home.studdy'")
        await stage.press("question_mark")
        await stage.see("w     ", "Study: Study the chosen deck")
        await stage.press("escape", "w")
        assert isinstance(stage.app.screen, ReviewScreen)


async def test_the_palette_offers_the_commands_of_the_screen(perform):
    async with perform("home") as stage:
        await stage.press("ctrl+p")
        await stage.type("stat")
        await stage.see("Stats  (t)")
        await stage.press("enter")
        await stage.see("True retention")


async def test_home_is_whole_on_a_small_screen(perform):
    async with perform("home", size=(40, 15)) as stage:
        await stage.see("One of each kind", "11", "enter Study", "? Help")
        assert all(len(line) <= 40 for line in stage.text.splitlines())


async def test_a_first_run_without_decks_says_how_to_get_one(perform, content: Path):
    for file in content.glob("*.yaml"):
        file.unlink()
    async with perform("home") as stage:
        await stage.see("There are no decks.")
        await stage.press("enter", "t", "escape", "d", "escape", "slash", "escape", "m", "s")
        await stage.see("No card fits these choices.")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (40, 15)])
async def test_the_numbers_stay_clear_of_the_scroll_bar(perform, content: Path, size):
    for number in range(40):
        (content / f"deck-{number}.yaml").write_text(
            f"deck: deck-{number}\ntitle: Deck {number}\ncards:\n"
            f"  - {{id: card-{number}, kind: recall, question: What?, answer: This.}}\n"
        )
    async with perform("home", size=size) as stage:
        await stage.see("All decks", "due")
        menu = stage.app.screen.choices
        assert menu.show_vertical_scrollbar
        header, *rows = [line for line in stage.text.splitlines() if line.endswith((" due", " ·"))]
        assert rows and all(len(row) == len(header) < menu.scrollable_content_region.right - 1 for row in rows)


async def test_one_escape_too_many_does_not_leave_the_app(perform):
    async with perform("home") as stage:
        assert "esc" not in stage.text
        await stage.press("enter", "escape", "escape")
        await stage.see("Press esc once more to leave the app, or q.")
        await stage.press("t", "escape", "escape")
        assert stage.app.is_running and stage.app._exit is False
        await stage.press("escape")
        assert stage.app._exit is True


async def test_when_every_deck_is_off_home_says_how_to_switch_one_on(perform):
    async with perform("home") as stage:
        await stage.press("d", "space", "escape")
        await stage.see("All decks are off. d opens the decks; space there switches one on.")
        assert "Done for today" not in stage.text
        await stage.press("enter")
        await stage.see("This deck is off. d, then space switches it on.")
        await stage.press("d", "space", "escape")
        await stage.see("Welcome. Enter begins")


async def test_decks_without_cards_are_called_so(perform, content: Path):
    (content / "kinds.yaml").write_text("deck: kinds\ntitle: Empty\ncards: []\n")
    async with perform("home") as stage:
        await stage.see("The decks that are on hold no cards. d opens the decks")
        await stage.press("enter")
        await stage.see("There are no cards in it.")


async def test_cards_held_back_by_the_limit_are_said(perform):
    async with perform("home", cards="recall-bce explain-mae cloze-median", settings=Settings(new_per_day=1)) as stage:
        await stage.press("enter", "space", "4", "enter")
        await stage.see("Done for today. 2 more are held back by today's limits: / then p practises")
        await stage.press("enter")
        await stage.see("Today's limits hold 2 more back.")


BROKEN = (
    "junk\ndeck: {name}\ntitle: Broken\ncards:\n  - {{id: {name}-1, kind: recall, question: What?, answer: This.}}\n"
)


async def test_files_that_cannot_be_read_are_counted_listed_and_opened(perform, content: Path, monkeypatch):
    editor = content.parent / "editor.sh"
    editor.write_text(f'#!/bin/sh\necho "$@" > {content.parent}/called\nsed -i /^junk/d "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    for name in ("mine", "other"):
        (content / f"{name}.yaml").write_text(BROKEN.format(name=name))
    async with perform("home") as stage:
        await stage.see("2 problems in deck files: p shows them.")
        await stage.press("d")
        await stage.see("2 files left out (!)", "! mine.yaml cannot be read: line 1", "! other.yaml cannot be read")
        await stage.press("down", "space")
        await stage.see("Fix this file first")
        await stage.press("down", "p")
        await stage.see("2 errors, 0 warnings", "other.yaml:1:")
        assert stage.app.screen.choices.highlighted == 1
        await stage.press("enter")
        assert "other.yaml" in (content.parent / "called").read_text()
        await stage.see("1 error, 0 warnings")
        await stage.press("escape")
        await stage.see("1 file left out (!)", "Broken")
        await stage.press("escape")
        await stage.see("1 problem in deck files: p shows it.")


async def test_a_deck_that_breaks_while_the_app_runs_is_counted_and_told(perform, content: Path):
    (content / "mine.yaml").write_text(BROKEN.format(name="mine")[5:])
    async with perform("home") as stage:
        await stage.see("Broken", "All decks")
        (content / "mine.yaml").write_text(BROKEN.format(name="mine"))
        (content / "new.yaml").write_text(BROKEN.format(name="new"))
        await stage.press("r")
        await stage.see("Read in part: mine.yaml. new.yaml cannot be read: line 1.", "2 problems in deck files")
        (content / "mine.yaml").write_text(BROKEN.format(name="mine")[5:])
        (content / "new.yaml").unlink()
        await stage.press("r")
        await stage.see("Read again: mine. Gone: new.yaml.")
        await stage.press("p")
        await stage.see("No problems: every card can be studied.")
        assert isinstance(stage.app.screen, HomeScreen)


async def test_after_the_editor_what_cannot_be_read_is_said_at_once(perform, content: Path, monkeypatch):
    editor = content.parent / "editor.sh"
    editor.write_text('#!/bin/sh\nsed -i "s/    kind: recall/    kind: [recall/" "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    async with perform("home", cards="recall-bce cloze-median") as stage:
        await stage.press("slash", "enter", "e")
        await stage.see_said("the original is asked until that is fixed")
        await stage.see("Line ", "cannot be read: ")
        await stage.see_said("e opens it again.")


async def test_the_rows_show_all_that_waits_and_the_line_above_what_today_brings(perform, content: Path):
    (content / "mine.yaml").write_text(
        "deck: mine\ntitle: Mine\ncards:\n  - {id: one, kind: recall, question: What?, answer: That.}\n"
    )
    two = Settings(new_per_day=2)
    async with perform("home", cards="recall-bce explain-mae cloze-median", settings=two) as stage:
        await stage.see("new cards, 2 of 4 today")
        assert [line.split()[-3] for line in stage.text.splitlines() if line.endswith(" ·")] == ["4", "3", "1"]
        await stage.press("enter", "space", "4", "escape", "enter")
        await stage.see("Today: 1 of 3 new. Enter studies All decks.")
        await stage.press("end")
        await stage.see("Enter studies Mine.")
        await stage.press("home", "enter")
        await stage.press("ctrl+g", "space", "4", "enter")
        await stage.see("held back by today's limits")
        assert "All decks" in stage.text and "      2     ·" in stage.text


async def test_a_paused_interview_is_mentioned(perform):
    async with perform("home") as stage:
        await stage.press("m", "s", "escape", "escape")
        await stage.see("An interview is paused: m goes on with")


async def test_the_marked_row_is_in_sight_after_a_resize(perform, content: Path):
    for number in range(40):
        (content / f"deck-{number}.yaml").write_text(
            f"deck: deck-{number:02}\ntitle: Deck {number:02}\ncards:\n"
            f"  - {{id: card-{number}, kind: recall, question: What?, answer: This.}}\n"
        )
    async with perform("home", size=(80, 50)) as stage:
        await stage.press("end")
        await stage.see("Deck 39")
        await stage.pilot.resize_terminal(60, 15)
        await stage.settle()
        await stage.see("Deck 39")
