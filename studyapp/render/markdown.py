"""Card text → lines: the blocks of light Markdown.

Paragraphs, `-`/`*`/`+` and `1.` lists nested by indent, `>` quotes, `#` headings, fenced code, pipe
tables, `---` rules, and `$$…$$` formulas, which stand in lines of their own even in the middle of a
paragraph. Lines of a paragraph run together; two spaces at a line's end keep the break. Whatever has no
meaning here is literal text.
"""

from __future__ import annotations

import re

from studyapp.render.cells import cell_width, is_wide, visible
from studyapp.render.highlight import code_lines
from studyapp.render.inline import formula_places, inline_spans
from studyapp.render.layout import formula_block
from studyapp.render.spans import Line, Rendered, Span, line_text, merged, rendered
from studyapp.render.tables import table
from studyapp.render.wrap import NO_BREAK_SPACE, wrap

FORMULA_INDENT = 2
NARROWEST_TEXT = 8
DEEPEST_NESTING = 8

_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})\s*([\w+#.-]*)[^`]*$")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)(\s+#+)?\s*$")
_RULE = re.compile(r"\s{0,3}-{3,}\s*$")
_ITEM = re.compile(r"(\s*)([-*+•]|\d{1,9}[.)])(\s+|$)(.*)$")
_QUOTE = re.compile(r"\s{0,3}>\s?(.*)$")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_FULL_WIDTH_MARKS = frozenset("，。、；：？！（）「」『』《》【】")
_BULLETS = ("•", "◦", "▪")


def render(text: str, width: int) -> Rendered:
    """Card text as styled lines for a terminal of `width` cells. Never raises, whatever the text holds."""
    lines = _Blocks(visible(text).split("\n"), max(1, width), 0).lines()
    return rendered(_without_edges(tuple(map(_with_plain_spaces, lines))))


def _with_plain_spaces(line: Line) -> Line:
    return tuple(Span(span.text.replace(NO_BREAK_SPACE, " "), span.style) for span in line)


def _without_edges(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Without blank lines at the start and at the end."""
    start, end = 0, len(lines)
    while start < end and not line_text(lines[start]).strip():
        start += 1
    while end > start and not line_text(lines[end - 1]).strip():
        end -= 1
    return lines[start:end]


class _Blocks:
    def __init__(self, source: list[str], width: int, depth: int, style: str = "", list_depth: int = 0) -> None:
        self.source = source
        self.width = max(NARROWEST_TEXT, width) if depth else width
        self.depth = depth
        self.style = style
        self.list_depth = list_depth
        self.position = 0
        self.result: list[Line] = []
        self.apart = False  # what comes next stands apart from what was last added

    def lines(self) -> list[Line]:
        while self.position < len(self.source):
            line = self.source[self.position]
            if not line.strip():
                self.position += 1
                self.blank()
            elif _FENCE.match(line):
                self.code()
            elif heading := _HEADING.match(line):
                self.position += 1
                self.blank()
                self.result += wrap(inline_spans(heading[2] or heading[1], "heading"), self.width)
            elif _RULE.match(line):
                self.position += 1
                self.result.append((Span("─" * self.width, "rule"),))
                self.apart = False
            elif _QUOTE.match(line) and self.depth < DEEPEST_NESTING:
                self.set_apart()
                self.quote()
            elif _ITEM.match(line) and self.depth < DEEPEST_NESTING:
                self.set_apart()
                self.item_list()
            elif self.table_here():
                self.pipe_table()
            else:
                self.paragraph()
        return self.result

    def blank(self) -> None:
        """One empty line, unless there is one or nothing stands above."""
        if self.result and line_text(self.result[-1]):
            self.result.append(())

    def set_apart(self) -> None:
        if self.apart:
            self.blank()
        self.apart = False

    # ---- code

    def code(self) -> None:
        opening = _FENCE.match(self.source[self.position])
        assert opening is not None
        fence, language = opening[1], opening[2]
        indent = len(self.source[self.position]) - len(self.source[self.position].lstrip())
        self.position += 1
        content = []
        while self.position < len(self.source):
            line = self.source[self.position]
            self.position += 1
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                break
            content.append(line[min(indent, len(line) - len(line.lstrip())) :])
        self.blank()
        self.result += code_lines(content, language)
        self.apart = True

    # ---- quotes and lists

    def quote(self) -> None:
        inner = []
        while self.position < len(self.source):
            match = _QUOTE.match(self.source[self.position])
            if not match:
                break
            inner.append(match[1])
            self.position += 1
        lines = _Blocks(inner, self.width - 2, self.depth + 1, "quote").lines()
        bar = Span("│ ", "marker")
        self.result += [merged((bar, *line)) if line else (Span("│", "marker"),) for line in lines]

    def item_list(self) -> None:
        first = _ITEM.match(self.source[self.position])
        assert first is not None
        indent = len(first[1])
        items, loose = self.items(indent)
        numbers = [item[0] for item in items]
        marker_width = max(len(number) if number[0].isdigit() else 1 for number in numbers) + 1
        for index, (number, content) in enumerate(items):
            if index and loose:
                self.blank()
            marker = number if number[0].isdigit() else _BULLETS[min(self.list_depth, len(_BULLETS) - 1)]
            lead = marker.rjust(marker_width - 1) + " "
            block = _Blocks(content, self.width - marker_width, self.depth + 1, self.style, self.list_depth + 1)
            for number_of_line, line in enumerate(_without_edges(tuple(block.lines())) or ((),)):
                start = Span(lead, "marker") if number_of_line == 0 else Span(" " * marker_width)
                self.result.append(merged((start, *line)) if line or number_of_line == 0 else ())

    def items(self, indent: int) -> tuple[list[tuple[str, list[str]]], bool]:
        """The items of the list that starts here, each with its lines; and whether blank lines part them."""
        items: list[tuple[str, list[str]]] = []
        loose = False
        content_indent = indent + 2
        ordered: bool | None = None
        fence = ""
        while self.position < len(self.source):
            line = self.source[self.position]
            space = len(line) - len(line.lstrip())
            match = _ITEM.match(line)
            blank_before = bool(self.position and not self.source[self.position - 1].strip())
            if fence:
                items[-1][1].append(line[min(space, content_indent) :])
                if line.strip() == fence:
                    fence = ""
            elif match and indent - 1 <= space < content_indent and not _RULE.match(line):
                if ordered is not None and ordered != match[2][0].isdigit():
                    break
                ordered = match[2][0].isdigit()
                loose = loose or (bool(items) and blank_before)
                content_indent = len(match[1]) + len(match[2]) + min(max(len(match[3]), 1), 4)
                items.append((match[2], [match[4]]))
            elif not line.strip():
                if not self.continues(content_indent, indent):
                    break
                items[-1][1].append("")
            elif space >= content_indent or (space > indent and not blank_before) or (space and blank_before):
                items[-1][1].append(line[min(space, content_indent) :])
                opening = _FENCE.match(items[-1][1][-1])
                fence = opening[1] if opening else ""
            elif blank_before or self.starts_block(line):
                break
            else:
                items[-1][1].append(line.strip())  # a lazily continued paragraph
            self.position += 1
        return items, loose

    def continues(self, content_indent: int, indent: int) -> bool:
        """Whether the list goes on after the blank line here."""
        for line in self.source[self.position :]:
            if line.strip():
                space = len(line) - len(line.lstrip())
                return space > indent or (bool(_ITEM.match(line)) and space >= indent and not _RULE.match(line))
        return False

    def starts_block(self, line: str) -> bool:
        return any(pattern.match(line) for pattern in (_FENCE, _HEADING, _QUOTE, _RULE))

    # ---- tables

    def table_here(self) -> bool:
        return (
            self.position + 1 < len(self.source)
            and "|" in self.source[self.position]
            and "-" in self.source[self.position + 1]
            and bool(_TABLE_RULE.match(self.source[self.position + 1]))
            and len(_table_cells(self.source[self.position])) == len(_table_cells(self.source[self.position + 1]))
        )

    def pipe_table(self) -> None:
        rows = [_table_cells(self.source[self.position])]
        aligns = [_alignment(cell) for cell in _table_cells(self.source[self.position + 1])]
        self.position += 2
        while self.position < len(self.source) and "|" in self.source[self.position]:
            rows.append(_table_cells(self.source[self.position]))
            self.position += 1
        cells = [[inline_spans(cell, self.style) for cell in row] for row in rows]
        self.blank()
        self.apart = True
        self.result += table(cells, aligns, self.width)

    # ---- paragraphs and formulas

    def paragraph(self) -> None:
        parts = [self.source[self.position]]
        self.position += 1
        while self.position < len(self.source):
            line = self.source[self.position]
            inside_formula = _formula_open("\n".join(parts))
            if not inside_formula and (
                not line.strip() or self.starts_block(line) or _ITEM.match(line) or self.table_here()
            ):
                break
            closes_later = any("$$" in later for later in self.source[self.position :])
            if not closes_later and (not line.strip() or self.starts_block(line) or _ITEM.match(line)):
                break
            parts.append(line)
            self.position += 1
        text = "\n".join(parts)
        end = 0
        for start, stop in formula_places(text):
            self.running_text(text[end:start])
            self.formula(text[start + 2 : stop - 2])
            end = stop
        self.running_text(text[end:])

    def running_text(self, text: str) -> None:
        if not text.strip():
            return
        self.set_apart()
        for line in _joined(text):
            self.result += wrap(inline_spans(line, self.style), self.width)

    def formula(self, latex: str) -> None:
        indent = FORMULA_INDENT
        lines = formula_block(latex, self.width - indent)
        if max(map(cell_width, lines)) > self.width - indent:
            indent = 0
            lines = formula_block(latex, self.width)
        stands_apart = len(lines) > 1 or self.depth == 0  # in lists, one line stays with its item
        if stands_apart or self.apart:
            self.blank()
        self.result += [(Span(" " * indent + line, "math"),) if line else () for line in lines]
        self.apart = stands_apart


def _formula_open(text: str) -> bool:
    """Whether a `$$` in the text waits for its partner."""
    return "$$" in text and len(re.findall(r"(?<!\\)\$\$", re.sub(r"`[^`\n]*`", "", text))) % 2 == 1


def _joined(text: str) -> list[str]:
    """Source lines run together: with a space, but without one between wide characters; hard breaks kept."""
    lines = [""]
    for raw in text.split("\n"):
        part = raw.strip(" ")
        if part:
            before = lines[-1]
            glue = "" if not before or _runs_on(before[-1], part[0]) else " "
            lines[-1] = before + glue + part
        if raw.endswith("  ") and part:
            lines.append("")
    return [re.sub(r" {2,}", " ", line) if "`" not in line else line for line in lines if line]


def _runs_on(before: str, after: str) -> bool:
    """Whether no space parts two characters: both wide, or one of them a full-width mark."""
    marks = _FULL_WIDTH_MARKS
    return (is_wide(before) and is_wide(after)) or before in marks or after in marks


def _alignment(rule: str) -> str:
    rule = rule.strip()
    if rule.startswith(":") and rule.endswith(":") and len(rule) > 1:
        return "center"
    if rule.endswith(":"):
        return "right"
    return "left" if rule.startswith(":") else "auto"


def _table_cells(line: str) -> list[str]:
    r"""The cells of a table row: parted by `|` outside code and formulas; `\|` is a bar outside formulas."""
    text = line.strip()
    text = text.removeprefix("|")
    if text.endswith("|") and not text.endswith("\\|"):
        text = text[:-1]
    cells = [""]
    for piece in re.findall(r"`[^`]*`|\$[^$\s](?:[^$]*[^$\s])?\$(?!\d)|\\\||\||[^`$\\|]+|.", text):
        if piece == "|":
            cells.append("")
        else:
            cells[-1] += "|" if piece == "\\|" else piece
    return [cell.strip() for cell in cells]
