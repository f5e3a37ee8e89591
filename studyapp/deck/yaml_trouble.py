"""libyaml's complaints in words that say what to do."""

from __future__ import annotations

import re

import yaml


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
        message += f", in what begins at line {context_mark.line + 1 + line_offset}"
    return YamlTrouble(line + 1 + line_offset, column + 1, code, message, hint)


def _meaning(problem: str, context: str, written: str, column: int) -> tuple[str, str, str]:
    """Code, message and hint for a complaint about the line ``written``, at ``column`` from 0."""
    here = written[column : column + 1]
    indentation = re.match(r"\s*", written)
    if here == "\t" or (indentation and "\t" in indentation.group()):
        return "tab", "a tab in the indentation", "YAML indents with spaces only"
    if "unknown escape" in problem:
        return (
            "yaml",
            f"unknown escape {written[column - 1 : column + 1].strip()} in double quotes",
            "write LaTeX in single quotes or after |, where a backslash is just a backslash",
        )
    if "hexdecimal" in problem or "hexadecimal" in problem:
        return (
            "yaml",
            "\\x, \\u and \\U in double quotes need hexadecimal digits",
            "write LaTeX in single quotes or after |, where a backslash is just a backslash",
        )
    if "mapping values are not allowed" in problem:
        return "yaml", "a colon where no key can be", "put a text that contains ': ' in quotes, or after |"
    if "cannot start any token" in problem:
        return "yaml", f"a value cannot begin with {here!r}", "put it in quotes"
    if "could not find expected ':'" in problem:
        return "yaml", "a key without a colon", "write key: value, and indent the lines of a longer text"
    if "unexpected end of stream" in problem and "quoted" in context:
        return "yaml", "a quote is never closed", "close it, or double a quote that belongs to the text"
    if "block mapping" in context:
        return (
            "yaml",
            "a new key was expected here",
            "check the indentation and quotes of this line and the one above",
        )
    if "block collection" in context:
        return (
            "yaml",
            "a new item (-) was expected here",
            "check the indentation of this line and the one above",
        )
    if "node content" in problem:
        return "yaml", "a value was expected here", "close the bracket, or put a text with such characters in quotes"
    if "flow mapping" in context:
        return "yaml", "a comma or } was expected here", "put a text with , : { } [ ] inside { } in quotes"
    if "flow sequence" in context:
        return "yaml", "a comma or ] was expected here", "put a text with , : { } [ ] inside [ ] in quotes"
    if "anchor" in context or "alias" in context:
        return "yaml", "a name was expected after & or *", "a text that begins with & or * must be in quotes"
    if "tag" in context:
        return "yaml", "something that looks like a YAML tag", "a text that begins with ! must be in quotes"
    if "block scalar" in context:
        return (
            "yaml",
            "nothing else may stand on a line after | or >",
            "put a text that begins with | or > in quotes; a longer text begins on the next line, indented",
        )
    return "yaml", f"{problem or 'this is not YAML'}{f', {context}' if context else ''}", ""
