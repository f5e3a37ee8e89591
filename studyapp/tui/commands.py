"""Every command of the app, declared once: key bindings, key line, command palette and help all read this table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from textual.binding import Binding, BindingType

from studyapp.locale.message import Message


class Command(Struct, frozen=True):
    """One thing that the user can ask for.

    ``id`` is the place and the action (``review.flag``); settings rebind keys by it. ``keys`` are alternatives, the
    first is the one that is shown. ``shown`` puts the command on the key line. A ``priority`` key works even
    where text is being typed.
    """

    id: str
    keys: str
    title: Message
    help: Message
    shown: bool = False
    priority: bool = False

    @property
    def place(self) -> str:
        """The screen that offers the command, or ``app`` for all screens."""
        return self.id.partition(".")[0]

    @property
    def action(self) -> str:
        """The Textual action: ``review.flag`` runs ``action_flag``, ``review.rate.3`` runs ``action_rate('3')``."""
        name, _, argument = self.id.partition(".")[2].partition(".")
        return f"{name}({argument!r})" if argument else name


PLACES: dict[str, Message] = {
    "app": Message("Everywhere"),
    "home": Message("Home"),
    "review": Message("Studying"),
    "card": Message("On a card"),
    "practice": Message("Practice"),
    "ahead": Message("Studying ahead"),
    "summary": Message("Summary"),
    "browse": Message("Browse"),
    "statistics": Message("Statistics"),
    "explorer": Message("Explorer"),
    "decks": Message("Decks"),
    "problems": Message("Problems of decks"),
    "interview_setup": Message("Mock interview: choices"),
    "interview": Message("Mock interview"),
    "report": Message("Interview report"),
    "reports": Message("Earlier reports"),
    "asked": Message("Questions of an interview"),
    "plan": Message("Plan"),
    "settings": Message("Settings"),
}
"""Where commands apply, in the order in which help lists them."""

COMMANDS: tuple[Command, ...] = (
    Command(
        "app.help",
        "question_mark,f1",
        Message("Help"),
        Message("Show what can be done here and how answers are typed."),
        True,
    ),
    Command(
        "app.command_palette", "ctrl+p", Message("Commands"), Message("Find any command by typing a part of its name.")
    ),
    Command("app.language", "l,ctrl+l", Message("Language"), Message("Switch between English and Chinese.")),
    Command(
        "app.quit",
        "ctrl+q",
        Message("Quit"),
        Message("Leave the app. Everything that was rated is saved."),
        priority=True,
    ),
    Command("home.study", "enter,space", Message("Study"), Message("Study the chosen deck, or all of them."), True),
    Command("home.browse", "slash", Message("Browse"), Message("Find cards, look at them, practise them."), True),
    Command("home.statistics", "t", Message("Stats"), Message("What you remember, what comes, what is weak."), True),
    Command(
        "home.interview",
        "m",
        Message("Interview"),
        Message("A mock interview: questions against the clock, with a report."),
        True,
    ),
    Command(
        "home.plan",
        "i",
        Message("Plan"),
        Message("Study to a date: what will be known on the day, and the way there."),
        True,
    ),
    Command(
        "home.explore", "x", Message("Explore"), Message("Values, gradients and curves of the reference losses."), True
    ),
    Command("home.decks", "d", Message("Decks"), Message("Add, write, edit and forget decks of your own."), True),
    Command(
        "home.problems", "p", Message("Problems"), Message("Show what is wrong in the deck files, and open the line.")
    ),
    Command("home.settings", "comma", Message("Settings"), Message("Change settings, colours and keys.")),
    Command(
        "home.undo", "u,ctrl+z", Message("Undo"), Message("Take back the last rating or mark, also of an earlier day.")
    ),
    Command("home.reload", "r", Message("Reload"), Message("Look for changes in the deck files.")),
    Command("home.leave", "q", Message("Quit"), Message("Leave the app."), True),
    Command(
        "home.escape",
        "escape",
        Message("Quit on twice"),
        Message("Leave the app when pressed twice within two seconds."),
    ),
    Command("card.reveal", "space,enter", Message("Reveal"), Message("Show the answer."), True),
    Command("card.submit", "enter", Message("Check answer"), Message("Check the answer."), True),
    Command(
        "card.stop", "escape", Message("Stop"), Message("Stop your function while it runs. Nothing is counted."), True
    ),
    Command(
        "card.check",
        "ctrl+s",
        Message("Check answer"),
        Message("Check the answer, also while typing in several lines."),
        True,
    ),
    Command("review.accept", "enter", Message("Rate"), Message("Give the rating that is marked (▸)."), True),
    Command("ahead.accept", "enter", Message("Rate"), Message("Give the rating that is marked (▸)."), True),
    Command("practice.next", "enter", Message("Next"), Message("Go on with the next card."), True),
    Command("review.rate.1", "1", Message("Again"), Message("It was forgotten or wrong.")),
    Command("review.rate.2", "2", Message("Hard"), Message("It was remembered with effort.")),
    Command("review.rate.3", "3", Message("Good"), Message("It was remembered.")),
    Command("review.rate.4", "4", Message("Easy"), Message("It was remembered without effort.")),
    Command(
        "card.sideways.right",
        "shift+right",
        Message("Sideways"),
        Message("Scroll wide formulas and code to the right."),
        True,
    ),
    Command(
        "card.sideways.left",
        "shift+left",
        Message("Sideways back"),
        Message("Scroll wide formulas and code to the left."),
    ),
    Command(
        "card.retry",
        "r",
        Message("Try again"),
        Message("Answer once more. The first answer is the one that counts."),
        True,
    ),
    Command("card.solution", "v", Message("Solution"), Message("Show the answer and the solution."), True),
    Command("card.plot", "p", Message("Plot"), Message("Show or hide the plot of this card's loss."), True),
    Command(
        "card.hint", "h,ctrl+t", Message("Hint"), Message("Show the next hint. Hints lower the suggested rating."), True
    ),
    Command("card.give_up", "g,ctrl+g", Message("Give up"), Message("Show the answer without trying."), True),
    Command(
        "card.write", "ctrl+e", Message("Editor"), Message("Write the answer in your own editor."), True, priority=True
    ),
    Command("card.type", "i", Message("Type"), Message("Go back to the answer field."), True),
    Command(
        "review.was_right",
        "w",
        Message("I was right"),
        Message("Count this refused answer as right, now and always on this card; once more takes it back."),
        True,
    ),
    Command(
        "review.undo",
        "u,ctrl+z",
        Message("Undo"),
        Message("Take back the last rating or mark; an earlier session's after asking."),
        True,
    ),
    Command(
        "review.edit",
        "e,ctrl+o",
        Message("Edit card"),
        Message("Open the card at its line in your editor, then go on."),
        True,
    ),
    Command(
        "review.take_back_card",
        "o,alt+o",
        Message("Original"),
        Message("Take back your version of this card: the one that comes with the app is asked again."),
        True,
    ),
    Command(
        "review.new_card",
        "n,alt+n",
        Message("New card"),
        Message("Write a card of your own, then go on with this one."),
    ),
    Command("review.flag", "f,alt+f", Message("Flag"), Message("Mark the card for later, or unmark it."), True),
    Command("review.bury", "b,alt+b", Message("Bury"), Message("Leave the card for another day."), True),
    Command(
        "review.suspend",
        "s,alt+s",
        Message("Suspend"),
        Message("Take the card out of all sessions; browse brings it back."),
        True,
    ),
    Command("card.copy", "y", Message("Copy source"), Message("Copy the card's text with its LaTeX source.")),
    Command("card.explore", "x", Message("Explore"), Message("Open the loss of this card in the explorer."), True),
    Command("card.page.up", "pageup", Message("Page up"), Message("Scroll the card up.")),
    Command("card.page.down", "pagedown,space", Message("Page down"), Message("Scroll the card down.")),
    Command(
        "review.leave",
        "escape,q",
        Message("Back"),
        Message("Leave the answer field, then the session. All is saved."),
        True,
    ),
    Command("ahead.rate.1", "1", Message("Again"), Message("It was forgotten or wrong.")),
    Command("ahead.rate.2", "2", Message("Hard"), Message("It was remembered with effort.")),
    Command("ahead.rate.3", "3", Message("Good"), Message("It was remembered.")),
    Command("ahead.rate.4", "4", Message("Easy"), Message("It was remembered without effort.")),
    Command(
        "ahead.undo",
        "u,ctrl+z",
        Message("Undo"),
        Message("Take back the last rating given here and ask its card again."),
        True,
    ),
    Command("ahead.leave", "escape,q", Message("Back"), Message("Leave the answer field, then the cards."), True),
    Command("practice.leave", "escape,q", Message("Back"), Message("Leave the answer field, then the practice."), True),
    Command(
        "summary.undo",
        "u,ctrl+z",
        Message("Undo"),
        Message("Take back the last rating and go on with that card."),
        True,
    ),
    Command("summary.leave", "enter,space,q,escape", Message("Done"), Message("Go back to the decks."), True),
    Command(
        "problems.open", "enter,e", Message("Open line"), Message("Open the file at this line in your editor."), True
    ),
    Command("problems.leave", "escape,q", Message("Back"), Message("Go back."), True),
    Command("browse.search", "slash,ctrl+f", Message("Search"), Message("Go to the search field."), True),
    Command(
        "browse.list", "tab,down", Message("To the list"), Message("Go from the search field to the cards found."), True
    ),
    Command(
        "browse.practise",
        "p,ctrl+r",
        Message("Practise"),
        Message("Practise all cards found; nothing is rescheduled."),
        True,
    ),
    Command(
        "browse.ahead",
        "a",
        Message("Study ahead"),
        Message("Study all cards found, due or not; they are rescheduled."),
        True,
    ),
    Command(
        "browse.edit", "e,ctrl+o", Message("Edit"), Message("Open the marked card at its line in your editor."), True
    ),
    Command(
        "browse.take_back_card",
        "o",
        Message("Original"),
        Message("Take back your version of the marked card: the one that comes with the app is asked again."),
        True,
    ),
    Command("browse.new_card", "n", Message("New card"), Message("Write a card into a deck of your own, then go on.")),
    Command("browse.flag", "f", Message("Flag"), Message("Flag the marked card, or take its flag away."), True),
    Command("browse.suspend", "s", Message("Suspend"), Message("Suspend the marked card, or resume it."), True),
    Command("browse.reset", "R", Message("Reset"), Message("Make the marked card new again; its history stays.")),
    Command("browse.undo", "u", Message("Undo"), Message("Take back the newest rating or mark.")),
    Command("browse.scroll.up", "shift+up", Message("Scroll up"), Message("Scroll the marked card up.")),
    Command("browse.scroll.down", "shift+down,space", Message("Scroll down"), Message("Scroll the marked card down.")),
    Command("browse.leave", "escape,q", Message("Back"), Message("Go back."), True),
    Command("plan.study", "enter,space", Message("Study"), Message("Study what the plan asks today."), True),
    Command("plan.new", "n", Message("New"), Message("Set a target: a date, and the minutes you have a day."), True),
    Command("plan.change", "c", Message("Change"), Message("Change the target that is shown."), True),
    Command("plan.next", "tab,j", Message("Next"), Message("Show the next target."), True),
    Command("plan.end", "d", Message("End"), Message("End the target that is shown; what was learnt stays."), True),
    Command("plan.leave", "escape,q", Message("Back"), Message("Go back."), True),
    Command(
        "statistics.drill",
        "d",
        Message("Mistakes"),
        Message("Practise the cards of the mistakes that come back."),
        True,
    ),
    Command("statistics.weakest.1", "1,w", Message("Weakest"), Message("Practise the weakest topic."), True),
    Command("statistics.weakest.2", "2", Message("Second weakest"), Message("Practise the second weakest topic.")),
    Command("statistics.weakest.3", "3", Message("Third weakest"), Message("Practise the third weakest topic.")),
    Command("statistics.weakest.4", "4", Message("Fourth weakest"), Message("Practise the fourth weakest topic.")),
    Command("statistics.weakest.5", "5", Message("Fifth weakest"), Message("Practise the fifth weakest topic.")),
    Command("statistics.leave", "escape,q,enter", Message("Back"), Message("Go back."), True),
    Command(
        "decks.stop",
        "escape",
        Message("Stop reading"),
        Message("Stop reading what is being added; nothing is added then."),
        True,
    ),
    Command(
        "decks.switch",
        "space",
        Message("On/off"),
        Message("Study the marked deck, or leave it out; its history stays."),
        True,
    ),
    Command(
        "decks.limits",
        "t",
        Message("Limits"),
        Message("Set the marked deck's own daily limits and how much of it is kept."),
        True,
    ),
    Command(
        "decks.beyond",
        "b",
        Message("Beyond"),
        Message("Ask the marked deck's cards tagged beyond, never, or once its topic is learnt."),
    ),
    Command("decks.add", "a", Message("Add"), Message("Add a deck or a folder of decks of your own."), True),
    Command(
        "decks.import",
        "i",
        Message("Import"),
        Message("Bring in cards and history from Anki, CSV, Markdown and others."),
        True,
    ),
    Command(
        "decks.take_back",
        "u",
        Message("Undo import"),
        Message("Take back the newest import: its cards, files and history."),
    ),
    Command("decks.create", "n", Message("New"), Message("Write a starter deck of your own and add it."), True),
    Command("decks.edit", "e,enter", Message("Edit"), Message("Open the marked deck in your editor."), True),
    Command(
        "decks.remove", "d", Message("Remove"), Message("Remove one of your decks; its file and history stay."), True
    ),
    Command(
        "decks.shift.earlier",
        "K,shift+up",
        Message("Earlier"),
        Message("Move the marked deck up: its new cards come earlier."),
        True,
    ),
    Command(
        "decks.shift.later",
        "J,shift+down",
        Message("Later"),
        Message("Move the marked deck down: its new cards come later."),
        True,
    ),
    Command("decks.problems", "p", Message("Problems"), Message("Show what is wrong in the deck files."), True),
    Command("decks.leave", "escape,q", Message("Back"), Message("Go back."), True),
    Command(
        "interview_setup.choose",
        "enter,space",
        Message("Choose"),
        Message("Start, or change the marked choice; of topics and kinds several."),
        True,
    ),
    Command("interview_setup.turn.left", "left", Message("Previous"), Message("Change the marked choice.")),
    Command("interview_setup.turn.right", "right", Message("Next choice"), Message("Change the marked choice.")),
    Command("interview_setup.start", "s", Message("Start"), Message("Begin a new interview."), True),
    Command(
        "interview_setup.reports", "r", Message("Reports"), Message("Show the reports of earlier interviews."), True
    ),
    Command("interview_setup.leave", "escape,q", Message("Back"), Message("Go back."), True),
    Command("interview.next", "enter", Message("Next"), Message("Go on with the next question."), True),
    Command(
        "interview.finish",
        "ctrl+r",
        Message("End"),
        Message("Ask whether to end the interview now and see the report."),
        True,
    ),
    Command(
        "interview.leave",
        "escape,q",
        Message("Pause"),
        Message("Pause the interview, which is kept; first leave a field with text in it."),
        True,
    ),
    Command(
        "report.look", "enter,o", Message("Questions"), Message("Look at the questions with the right answers."), True
    ),
    Command("report.practise", "p", Message("Practise"), Message("Practise the questions that went badly."), True),
    Command(
        "report.help_most",
        "h",
        Message("What helps most"),
        Message("Study the cards that help most until the date that you have set."),
        True,
    ),
    Command(
        "report.count",
        "c",
        Message("Count"),
        Message("Let the answers count for the schedule, after a question."),
        True,
    ),
    Command(
        "report.undo",
        "u,ctrl+z",
        Message("Take back"),
        Message("Take back that the answers count for the schedule."),
        True,
    ),
    Command("report.copy", "y", Message("Copy"), Message("Copy the report as Markdown."), True),
    Command("report.leave", "escape,q", Message("Done"), Message("Go back."), True),
    Command("reports.open", "enter,space", Message("Open"), Message("Open the marked report."), True),
    Command("reports.leave", "escape,q", Message("Back"), Message("Go back."), True),
    Command(
        "asked.practise",
        "p,enter",
        Message("Practise it"),
        Message("Practise the marked question; nothing is rescheduled."),
        True,
    ),
    Command("asked.scroll.up", "shift+up", Message("Scroll up"), Message("Scroll the marked question up.")),
    Command(
        "asked.scroll.down", "shift+down,space", Message("Scroll"), Message("Scroll the marked question down."), True
    ),
    Command("asked.leave", "escape,q", Message("Back"), Message("Go back."), True),
    Command("settings.change", "enter,e", Message("Change"), Message("Change the marked setting."), True),
    Command("settings.reset", "d", Message("Default"), Message("Give the marked setting its default value."), True),
    Command("settings.keys", "o", Message("Own keys"), Message("Open the file of your own keys."), True),
    Command("settings.leave", "escape,q", Message("Back"), Message("Go back."), True),
    Command(
        "explorer.choose", "ctrl+o", Message("Choose"), Message("Choose a loss or a comparison from a list."), True
    ),
    Command(
        "explorer.compare",
        "ctrl+r",
        Message("Compare"),
        Message("Lay values of the loss's parameter, such as gamma 0, 1, 2, 5, or related losses over each other."),
        True,
    ),
    Command(
        "explorer.gradient", "ctrl+g", Message("Gradient"), Message("Draw the gradient instead of the loss."), True
    ),
    Command(
        "explorer.nudge.up",
        "ctrl+up,alt+up",
        Message("Number up"),
        Message("Make the number at the cursor a little larger."),
    ),
    Command(
        "explorer.nudge.down",
        "ctrl+down,alt+down",
        Message("Number down"),
        Message("Make the number at the cursor smaller."),
    ),
    Command("explorer.page.up", "pageup", Message("Page up"), Message("Scroll the figures up.")),
    Command("explorer.page.down", "pagedown", Message("Page down"), Message("Scroll the figures down.")),
    Command("explorer.leave", "escape", Message("Back"), Message("Go back."), True),
)


def commands_of(*places: str) -> tuple[Command, ...]:
    """The commands of some places, in the order of the table."""
    return tuple(command for command in COMMANDS if command.place in places)


def bindings(*places: str) -> list[BindingType]:
    """Textual's bindings for the commands of some places."""
    return list(_bindings(commands_of(*places)))


def _bindings(commands: Iterable[Command]) -> Iterator[Binding]:
    for command in commands:
        yield Binding(
            command.keys,
            command.action,
            command.title.text,
            show=command.shown,
            priority=command.priority,
            tooltip=command.help.text,
            id=command.id,
        )


def command(identifier: str) -> Command:
    """The command with this id.

    Raises:
        KeyError: if no such command is declared.
    """
    for candidate in COMMANDS:
        if candidate.id == identifier:
            return candidate
    raise KeyError(identifier)


def key_name(key: str) -> str:
    """A key as people read it: ``ctrl+s`` → ``^s``, ``question_mark`` → ``?``."""
    if key.startswith("ctrl+"):
        return "^" + key_name(key[5:])
    return _KEY_NAMES.get(key, key)


_KEY_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "plus": "+",
    "minus": "-",
    "full_stop": ".",
    "comma": ",",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "shift+up": "shift+↑",
    "shift+down": "shift+↓",
    "shift+left": "shift+←",
    "shift+right": "shift+→",
}
