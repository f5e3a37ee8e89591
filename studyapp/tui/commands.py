"""Every command of the app, declared once: key bindings, key line, command palette and help all read this table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from textual.binding import Binding, BindingType


class Command(Struct, frozen=True):
    """One thing that the user can ask for.

    ``id`` is the place and the action (``review.flag``); settings rebind keys by it. ``keys`` are alternatives, the
    first is the one that is shown. ``shown`` puts the command on the key line. A ``priority`` key works even
    where text is being typed.
    """

    id: str
    keys: str
    title: str
    help: str
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


PLACES: dict[str, str] = {
    "app": "Everywhere",
    "home": "Home",
    "review": "Studying",
    "card": "On a card",
    "practice": "Practice",
    "ahead": "Studying ahead",
    "summary": "Summary",
    "browse": "Browse",
    "statistics": "Statistics",
    "explorer": "Explorer",
    "decks": "Decks",
    "problems": "Problems of decks",
    "interview_setup": "Mock interview: choices",
    "interview": "Mock interview",
    "report": "Interview report",
    "reports": "Earlier reports",
    "asked": "Questions of an interview",
    "plan": "Plan",
    "settings": "Settings",
}
"""Where commands apply, in the order in which help lists them."""

COMMANDS: tuple[Command, ...] = (
    Command("app.help", "question_mark,f1", "Help", "Show what can be done here and how answers are typed.", True),
    Command("app.command_palette", "ctrl+p", "Commands", "Find any command by typing a part of its name."),
    Command("app.language", "l,ctrl+l", "Language", "Switch the cards between English and Chinese."),
    Command("app.quit", "ctrl+q", "Quit", "Leave the app. Everything that was rated is saved.", priority=True),
    Command("home.study", "enter,space", "Study", "Study the chosen deck, or all of them.", True),
    Command("home.browse", "slash", "Browse", "Find cards, look at them, practise them.", True),
    Command("home.statistics", "t", "Stats", "What you remember, what comes, what is weak.", True),
    Command("home.interview", "m", "Interview", "A mock interview: questions against the clock, with a report.", True),
    Command("home.plan", "i", "Plan", "Study to a date: what will be known on the day, and the way there.", True),
    Command("home.explore", "x", "Explore", "Values, gradients and curves of the reference losses.", True),
    Command("home.decks", "d", "Decks", "Add, write, edit and forget decks of your own.", True),
    Command("home.problems", "p", "Problems", "Show what is wrong in the deck files, and open the line."),
    Command("home.settings", "comma", "Settings", "Change settings, colours and keys."),
    Command("home.undo", "u,ctrl+z", "Undo", "Take back the last rating or mark, also of an earlier day."),
    Command("home.reload", "r", "Reload", "Look for changes in the deck files."),
    Command("home.leave", "q", "Quit", "Leave the app.", True),
    Command("home.escape", "escape", "Quit on twice", "Leave the app when pressed twice within two seconds."),
    Command("card.reveal", "space,enter", "Reveal", "Show the answer.", True),
    Command("card.submit", "enter", "Check answer", "Check the answer.", True),
    Command("card.stop", "escape", "Stop", "Stop your function while it runs. Nothing is counted.", True),
    Command("card.check", "ctrl+s", "Check answer", "Check the answer, also while typing in several lines.", True),
    Command("review.accept", "enter", "Rate", "Give the rating that is marked (▸).", True),
    Command("ahead.accept", "enter", "Rate", "Give the rating that is marked (▸).", True),
    Command("practice.next", "enter", "Next", "Go on with the next card.", True),
    Command("review.rate.1", "1", "Again", "It was forgotten or wrong."),
    Command("review.rate.2", "2", "Hard", "It was remembered with effort."),
    Command("review.rate.3", "3", "Good", "It was remembered."),
    Command("review.rate.4", "4", "Easy", "It was remembered without effort."),
    Command("card.sideways.right", "shift+right", "Sideways", "Scroll wide formulas and code to the right.", True),
    Command("card.sideways.left", "shift+left", "Sideways back", "Scroll wide formulas and code to the left."),
    Command("card.retry", "r", "Try again", "Answer once more. The first answer is the one that counts.", True),
    Command("card.solution", "v", "Solution", "Show the answer and the solution.", True),
    Command("card.plot", "p", "Plot", "Show or hide the plot of this card's loss.", True),
    Command("card.hint", "h,ctrl+t", "Hint", "Show the next hint. Hints lower the suggested rating.", True),
    Command("card.give_up", "g,ctrl+g", "Give up", "Show the answer without trying.", True),
    Command("card.write", "ctrl+e", "Editor", "Write the answer in your own editor.", True, priority=True),
    Command("card.type", "i", "Type", "Go back to the answer field.", True),
    Command(
        "review.undo",
        "u,ctrl+z",
        "Undo",
        "Take back the last rating or mark; an earlier session's after asking.",
        True,
    ),
    Command("review.edit", "e,ctrl+o", "Edit card", "Open the card at its line in your editor, then go on.", True),
    Command("review.flag", "f,alt+f", "Flag", "Mark the card for later, or unmark it.", True),
    Command("review.bury", "b,alt+b", "Bury", "Leave the card for another day.", True),
    Command("review.suspend", "s,alt+s", "Suspend", "Take the card out of all sessions; browse brings it back.", True),
    Command("card.copy", "y", "Copy source", "Copy the card's text with its LaTeX source."),
    Command("card.explore", "x", "Explore", "Open the loss of this card in the explorer.", True),
    Command("card.page.up", "pageup", "Page up", "Scroll the card up."),
    Command("card.page.down", "pagedown,space", "Page down", "Scroll the card down."),
    Command("review.leave", "escape,q", "Back", "Leave the answer field, then the session. All is saved.", True),
    Command("ahead.rate.1", "1", "Again", "It was forgotten or wrong."),
    Command("ahead.rate.2", "2", "Hard", "It was remembered with effort."),
    Command("ahead.rate.3", "3", "Good", "It was remembered."),
    Command("ahead.rate.4", "4", "Easy", "It was remembered without effort."),
    Command("ahead.undo", "u,ctrl+z", "Undo", "Take back the last rating given here and ask its card again.", True),
    Command("ahead.leave", "escape,q", "Back", "Leave the answer field, then the cards.", True),
    Command("practice.leave", "escape,q", "Back", "Leave the answer field, then the practice.", True),
    Command("summary.undo", "u,ctrl+z", "Undo", "Take back the last rating and go on with that card.", True),
    Command("summary.leave", "enter,space,q,escape", "Done", "Go back to the decks.", True),
    Command("problems.open", "enter,e", "Open line", "Open the file at this line in your editor.", True),
    Command("problems.leave", "escape,q", "Back", "Go back.", True),
    Command("browse.search", "slash,ctrl+f", "Search", "Go to the search field.", True),
    Command("browse.list", "tab,down", "To the list", "Go from the search field to the cards found.", True),
    Command("browse.practise", "p,ctrl+r", "Practise", "Practise all cards found; nothing is rescheduled.", True),
    Command("browse.ahead", "a", "Study ahead", "Study all cards found, due or not; they are rescheduled.", True),
    Command("browse.edit", "e,ctrl+o", "Edit", "Open the marked card at its line in your editor.", True),
    Command("browse.flag", "f", "Flag", "Flag the marked card, or take its flag away.", True),
    Command("browse.suspend", "s", "Suspend", "Suspend the marked card, or resume it.", True),
    Command("browse.reset", "R", "Reset", "Make the marked card new again; its history stays."),
    Command("browse.undo", "u", "Undo", "Take back the newest rating or mark."),
    Command("browse.scroll.up", "shift+up", "Scroll up", "Scroll the marked card up."),
    Command("browse.scroll.down", "shift+down,space", "Scroll down", "Scroll the marked card down."),
    Command("browse.leave", "escape,q", "Back", "Go back.", True),
    Command("plan.study", "enter,space", "Study", "Study what the plan asks today.", True),
    Command("plan.new", "n", "New", "Set a target: a date, and the minutes you have a day.", True),
    Command("plan.change", "c", "Change", "Change the target that is shown.", True),
    Command("plan.next", "tab,j", "Next", "Show the next target.", True),
    Command("plan.end", "d", "End", "End the target that is shown; what was learnt stays.", True),
    Command("plan.leave", "escape,q", "Back", "Go back.", True),
    Command("statistics.drill", "d", "Mistakes", "Practise the cards of the mistakes that come back.", True),
    Command("statistics.weakest.1", "1,w", "Weakest", "Practise the weakest topic.", True),
    Command("statistics.weakest.2", "2", "Second weakest", "Practise the second weakest topic."),
    Command("statistics.weakest.3", "3", "Third weakest", "Practise the third weakest topic."),
    Command("statistics.weakest.4", "4", "Fourth weakest", "Practise the fourth weakest topic."),
    Command("statistics.weakest.5", "5", "Fifth weakest", "Practise the fifth weakest topic."),
    Command("statistics.leave", "escape,q,enter", "Back", "Go back.", True),
    Command("decks.stop", "escape", "Stop reading", "Stop reading what is being added; nothing is added then.", True),
    Command("decks.switch", "space", "On/off", "Study the marked deck, or leave it out; its history stays.", True),
    Command("decks.limits", "t", "Limits", "Set the marked deck's own daily limits and how much of it is kept.", True),
    Command(
        "decks.beyond", "b", "Beyond", "Ask the marked deck's cards tagged beyond, never, or once its topic is learnt."
    ),
    Command("decks.add", "a", "Add", "Add a deck or a folder of decks of your own.", True),
    Command("decks.import", "i", "Import", "Bring in cards and history from Anki, CSV, Markdown and others.", True),
    Command("decks.take_back", "u", "Undo import", "Take back the newest import: its cards, files and history."),
    Command("decks.create", "n", "New", "Write a starter deck of your own and add it.", True),
    Command("decks.edit", "e,enter", "Edit", "Open the marked deck in your editor.", True),
    Command("decks.remove", "d", "Remove", "Remove one of your decks; its file and history stay.", True),
    Command(
        "decks.shift.earlier", "K,shift+up", "Earlier", "Move the marked deck up: its new cards come earlier.", True
    ),
    Command("decks.shift.later", "J,shift+down", "Later", "Move the marked deck down: its new cards come later.", True),
    Command("decks.problems", "p", "Problems", "Show what is wrong in the deck files.", True),
    Command("decks.leave", "escape,q", "Back", "Go back.", True),
    Command(
        "interview_setup.choose",
        "enter,space",
        "Choose",
        "Start, or change the marked choice; of topics and kinds several.",
        True,
    ),
    Command("interview_setup.turn.left", "left", "Previous", "Change the marked choice."),
    Command("interview_setup.turn.right", "right", "Next choice", "Change the marked choice."),
    Command("interview_setup.start", "s", "Start", "Begin a new interview.", True),
    Command("interview_setup.reports", "r", "Reports", "Show the reports of earlier interviews.", True),
    Command("interview_setup.leave", "escape,q", "Back", "Go back.", True),
    Command("interview.next", "enter", "Next", "Go on with the next question.", True),
    Command("interview.finish", "ctrl+r", "End", "Ask whether to end the interview now and see the report.", True),
    Command(
        "interview.leave",
        "escape,q",
        "Pause",
        "Pause the interview, which is kept; first leave a field with text in it.",
        True,
    ),
    Command("report.look", "enter,o", "Questions", "Look at the questions with the right answers.", True),
    Command("report.practise", "p", "Practise", "Practise the questions that went badly.", True),
    Command("report.count", "c", "Count", "Let the answers count for the schedule, after a question.", True),
    Command("report.undo", "u,ctrl+z", "Take back", "Take back that the answers count for the schedule.", True),
    Command("report.copy", "y", "Copy", "Copy the report as Markdown.", True),
    Command("report.leave", "escape,q", "Done", "Go back.", True),
    Command("reports.open", "enter,space", "Open", "Open the marked report.", True),
    Command("reports.leave", "escape,q", "Back", "Go back.", True),
    Command("asked.practise", "p,enter", "Practise it", "Practise the marked question; nothing is rescheduled.", True),
    Command("asked.scroll.up", "shift+up", "Scroll up", "Scroll the marked question up."),
    Command("asked.scroll.down", "shift+down,space", "Scroll", "Scroll the marked question down.", True),
    Command("asked.leave", "escape,q", "Back", "Go back.", True),
    Command("settings.change", "enter,e", "Change", "Change the marked setting.", True),
    Command("settings.reset", "d", "Default", "Give the marked setting its default value.", True),
    Command("settings.keys", "o", "Own keys", "Open the file of your own keys.", True),
    Command("settings.leave", "escape,q", "Back", "Go back.", True),
    Command("explorer.choose", "ctrl+o", "Choose", "Choose a loss or a comparison from a list.", True),
    Command(
        "explorer.compare",
        "ctrl+r",
        "Compare",
        "Lay values of the loss's parameter, such as gamma 0, 1, 2, 5, or related losses over each other.",
        True,
    ),
    Command("explorer.gradient", "ctrl+g", "Gradient", "Draw the gradient instead of the loss.", True),
    Command("explorer.nudge.up", "ctrl+up,alt+up", "Number up", "Make the number at the cursor a little larger."),
    Command("explorer.nudge.down", "ctrl+down,alt+down", "Number down", "Make the number at the cursor smaller."),
    Command("explorer.page.up", "pageup", "Page up", "Scroll the figures up."),
    Command("explorer.page.down", "pagedown", "Page down", "Scroll the figures down."),
    Command("explorer.leave", "escape", "Back", "Go back.", True),
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
            command.title,
            show=command.shown,
            priority=command.priority,
            tooltip=command.help,
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
