r"""Card text as lines of plain styled text for a terminal: light Markdown, LaTeX, English and Chinese.

Stands alone: no other part of the app, and of screen libraries only rich's widths of characters. `render` takes a
card's text; the functions beside it render one formula, one table or one number. Styles of spans are listed in
`spans.STYLES`.
"""

from studyapp.render.cells import cell_width, graphemes, pad, visible
from studyapp.render.inline import formulas
from studyapp.render.layout import formula_block, has_layout
from studyapp.render.linear import formula_inline
from studyapp.render.lost import lost_symbols, unknown_commands
from studyapp.render.markdown import render
from studyapp.render.number import format_value, significant
from studyapp.render.pictures import bar, heat_cell, heat_level, sparkline
from studyapp.render.spans import STYLES, Line, Rendered, Span, line_text, line_width, plain
from studyapp.render.tables import table
from studyapp.render.wrap import wrap

__all__ = [
    "STYLES",
    "Line",
    "Rendered",
    "Span",
    "bar",
    "cell_width",
    "format_value",
    "formula_block",
    "formula_inline",
    "formulas",
    "graphemes",
    "has_layout",
    "heat_cell",
    "heat_level",
    "line_text",
    "line_width",
    "lost_symbols",
    "pad",
    "plain",
    "render",
    "significant",
    "sparkline",
    "table",
    "unknown_commands",
    "visible",
    "wrap",
]
