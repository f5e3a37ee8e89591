"""libyaml's complaints in words that say what to do."""

from __future__ import annotations

import re

import yaml

from studyapp.locale.message import Message

_WHAT_BEGINS_LINE = Message(", in what begins at line {value}")
_TAB_INDENTATION = Message("a tab in the indentation")
_YAML_INDENTS_SPACES_ONLY = Message("YAML indents with spaces only")
_UNKNOWN_ESCAPE_DOUBLE_QUOTES = Message("unknown escape {value} in double quotes")
_WRITE_LATEX_SINGLE_QUOTES = Message("write LaTeX in single quotes or after |, where a backslash is just a backslash")
_X_U_U_DOUBLE = Message("\\x, \\u and \\U in double quotes need hexadecimal digits")
_COLON_WHERE_NO_KEY = Message("a colon where no key can be")
_PUT_TEXT_CONTAINS_QUOTES = Message("put a text that contains ': ' in quotes, or after |")
_VALUE_CANNOT_BEGIN = Message("a value cannot begin with {here}")
_PUT_QUOTES = Message("put it in quotes")
_KEY_WITHOUT_COLON = Message("a key without a colon")
_WRITE_KEY_VALUE_INDENT = Message("write key: value, and indent the lines of a longer text")
_QUOTE_NEVER_CLOSED = Message("a quote is never closed")
_CLOSE_DOUBLE_QUOTE_BELONGS = Message("close it, or double a quote that belongs to the text")
_NEW_KEY_EXPECTED_HERE = Message("a new key was expected here")
_CHECK_INDENTATION_QUOTES_LINE = Message("check the indentation and quotes of this line and the one above")
_NEW_ITEM_EXPECTED_HERE = Message("a new item (-) was expected here")
_CHECK_INDENTATION_LINE_ONE = Message("check the indentation of this line and the one above")
_VALUE_EXPECTED_HERE = Message("a value was expected here")
_CLOSE_BRACKET_PUT_TEXT = Message("close the bracket, or put a text with such characters in quotes")
_COMMA_EXPECTED_HERE = Message("a comma or }} was expected here")
_PUT_TEXT_INSIDE_QUOTES = Message("put a text with , : {{ }} [ ] inside {{ }} in quotes")
_COMMA_EXPECTED_HERE_2 = Message("a comma or ] was expected here")
_PUT_TEXT_INSIDE_QUOTES_2 = Message("put a text with , : {{ }} [ ] inside [ ] in quotes")
_NAME_EXPECTED_AFTER = Message("a name was expected after & or *")
_TEXT_BEGINS_MUST_QUOTES = Message("a text that begins with & or * must be in quotes")
_SOMETHING_LOOKS_LIKE_YAML = Message("something that looks like a YAML tag")
_TEXT_BEGINS_MUST_QUOTES_2 = Message("a text that begins with ! must be in quotes")
_NOTHING_ELSE_MAY_STAND = Message("nothing else may stand on a line after | or >")
_PUT_TEXT_BEGINS_QUOTES = Message(
    "put a text that begins with | or > in quotes; a longer text begins on the next line, indented"
)


class YamlTrouble(Exception):
    """A file that is not the YAML that decks may use. ``line`` and ``column`` count from 1."""

    def __init__(self, line: int, column: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.code = code
        self.message = message
        self.hint = hint


def is_depth_limit(error: yaml.YAMLError) -> bool:
    """Whether libyaml stopped at its own limit of nesting, which is far above that of decks (since libyaml 0.2.6)."""
    return "nesting depth" in str(getattr(error, "problem", None))


def explain(error: yaml.YAMLError, text: str, line_offset: int = 0) -> YamlTrouble:
    """Turns an error of the parser into YamlTrouble at its place in ``text``."""
    problem = str(getattr(error, "problem", None) or "").strip()
    context = str(getattr(error, "context", None) or "").strip()
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    lines = text.split("\n")
    written = lines[line] if line < len(lines) else ""
    code, message, hint = _meaning(problem, context, written, column)
    context_mark = getattr(error, "context_mark", None)
    if context_mark is not None and mark is not None and context_mark.line != line:
        message += _WHAT_BEGINS_LINE(value=context_mark.line + 1 + line_offset)
    return YamlTrouble(line + 1 + line_offset, column + 1, code, message, hint)


def _meaning(problem: str, context: str, written: str, column: int) -> tuple[str, str, str]:
    """Code, message and hint for a complaint about the line ``written``, at ``column`` from 0."""
    here = written[column : column + 1]
    indentation = re.match(r"\s*", written)
    if here == "\t" or (indentation and "\t" in indentation.group()):
        return "tab", _TAB_INDENTATION(), _YAML_INDENTS_SPACES_ONLY()
    if "unknown escape" in problem:
        return (
            "yaml",
            _UNKNOWN_ESCAPE_DOUBLE_QUOTES(value=written[column - 1 : column + 1].strip()),
            _WRITE_LATEX_SINGLE_QUOTES(),
        )
    if "hexdecimal" in problem or "hexadecimal" in problem:
        return (
            "yaml",
            _X_U_U_DOUBLE(),
            _WRITE_LATEX_SINGLE_QUOTES(),
        )
    if "mapping values are not allowed" in problem:
        return "yaml", _COLON_WHERE_NO_KEY(), _PUT_TEXT_CONTAINS_QUOTES()
    if "cannot start any token" in problem:
        return "yaml", _VALUE_CANNOT_BEGIN(here=here), _PUT_QUOTES()
    if "could not find expected ':'" in problem:
        return "yaml", _KEY_WITHOUT_COLON(), _WRITE_KEY_VALUE_INDENT()
    if "unexpected end of stream" in problem and "quoted" in context:
        return "yaml", _QUOTE_NEVER_CLOSED(), _CLOSE_DOUBLE_QUOTE_BELONGS()
    if "block mapping" in context:
        return (
            "yaml",
            _NEW_KEY_EXPECTED_HERE(),
            _CHECK_INDENTATION_QUOTES_LINE(),
        )
    if "block collection" in context:
        return (
            "yaml",
            _NEW_ITEM_EXPECTED_HERE(),
            _CHECK_INDENTATION_LINE_ONE(),
        )
    if "node content" in problem:
        return "yaml", _VALUE_EXPECTED_HERE(), _CLOSE_BRACKET_PUT_TEXT()
    if "flow mapping" in context:
        return "yaml", _COMMA_EXPECTED_HERE(), _PUT_TEXT_INSIDE_QUOTES()
    if "flow sequence" in context:
        return "yaml", _COMMA_EXPECTED_HERE_2(), _PUT_TEXT_INSIDE_QUOTES_2()
    if "anchor" in context or "alias" in context:
        return "yaml", _NAME_EXPECTED_AFTER(), _TEXT_BEGINS_MUST_QUOTES()
    if "tag" in context:
        return "yaml", _SOMETHING_LOOKS_LIKE_YAML(), _TEXT_BEGINS_MUST_QUOTES_2()
    if "block scalar" in context:
        return (
            "yaml",
            _NOTHING_ELSE_MAY_STAND(),
            _PUT_TEXT_BEGINS_QUOTES(),
        )
    return "yaml", f"{problem or 'this is not YAML'}{f', {context}' if context else ''}", ""
