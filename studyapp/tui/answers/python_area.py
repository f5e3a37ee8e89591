"""A text area for Python: highlighting without a parser package, and indentation that follows the line above."""

from __future__ import annotations

import builtins
import keyword
import re

from textual.events import Key

from studyapp.tui.answers.text_pad import TextPad

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n]*)
    | (?P<string>[rbuRBU]{0,2}(?:'{3}(?:.|\n)*?(?:'{3}|\Z)|"{3}(?:.|\n)*?(?:"{3}|\Z)
        |'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?))
    | (?P<number>(?<![\w.])(?:0[xX][\da-fA-F_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][-+]?\d+)?)\b)
    | (?P<word>[^\W\d]\w*)
    """,
    re.VERBOSE,
)
_KEYWORDS = frozenset([*keyword.kwlist, *keyword.softkwlist])
_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))


def python_tokens(text: str) -> list[tuple[int, int, str]]:
    """Start, end and kind of the tokens worth a colour; unfinished code is fine."""
    found: list[tuple[int, int, str]] = []
    after_def = False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind == "word":
            word = match[0]
            if after_def:
                kind = "function"
            elif word in ("True", "False", "None"):
                kind = "boolean"
            elif word in _KEYWORDS:
                kind = "keyword"
            elif word in _BUILTINS:
                kind = "function.call"
            else:
                kind = ""
            after_def = word in ("def", "class")
        if kind:
            found.append((match.start(), match.end(), kind))
    return found


class PythonArea(TextPad):
    """A code editor for one function."""

    def __init__(self, text: str) -> None:
        super().__init__(text, soft_wrap=False, tab_behavior="indent", show_line_numbers=True, compact=True)
        self.indent_width = 4

    def _build_highlight_map(self) -> None:
        self._line_cache.clear()
        highlights = self._highlights
        highlights.clear()
        text = self.document.text
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        row = 0
        for start, end, kind in python_tokens(text):
            while starts[row + 1] <= start:
                row += 1
            last = row
            while starts[last + 1] < end:
                last += 1
            for number in range(row, last + 1):
                first = max(start, starts[number])
                final = min(end, starts[number + 1] - 1)
                content = text[starts[number] : starts[number + 1] - 1]
                highlights[number].append(
                    (
                        len(content[: first - starts[number]].encode()),
                        len(content[: final - starts[number]].encode()),
                        kind,
                    )
                )

    async def _on_key(self, event: Key) -> None:
        if event.key == "enter" and not self.read_only:
            event.stop()
            event.prevent_default()
            row, column = self.cursor_location
            before = self.document.get_line(row)[:column]
            indent = before[: len(before) - len(before.lstrip())]
            if before.rstrip().endswith(":"):
                indent += " " * self.indent_width
            start, end = self.selection
            self.replace("\n" + indent, start, end, maintain_selection_offset=False)
        elif event.key == "escape":
            event.prevent_default()  # leaving the editor is the screen's business
