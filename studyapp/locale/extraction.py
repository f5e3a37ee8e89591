"""For translators: finds the texts of help pages in the source of commands, beside the messages.

Babel calls it, as ``pyproject.toml`` says; the app does not import it.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

_DECORATORS = ("command", "group", "option", "version_option")


def commands(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Any]:
    """The messages of a module, then the help of its commands and options."""
    from babel.messages.extract import extract_python

    yield from extract_python(file, keywords, comment_tags, options)  # type: ignore[arg-type]
    file.seek(0)
    for line, text in help_texts(file.read().decode("utf-8")):
        yield line, None, text, []


def help_texts(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every help page and of every option's help."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node) in _DECORATORS:
            for keyword in node.keywords:
                if keyword.arg == "help" and isinstance(keyword.value, ast.Constant):
                    yield node.lineno, inspect.cleandoc(str(keyword.value.value))
        elif isinstance(node, ast.FunctionDef) and any(
            isinstance(one, ast.Call) and _name(one) in ("command", "group") for one in node.decorator_list
        ):
            text = ast.get_docstring(node)
            if text:
                yield node.lineno, text


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""
