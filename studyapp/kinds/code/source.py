"""What is checked of a learner's source before it runs: that it can be read, defines the function, stays in bounds."""

from __future__ import annotations

import ast
import warnings

from msgspec import Struct

from studyapp.kinds.code.syntax import explained
from studyapp.locale.message import Message

_NO_FUNCTION_SIGNATURE = Message("“{text}” is no function signature")
_SIGNATURE_ONE_FUNCTION = Message("the signature is not one function")
_SIGNATURE_PLAIN_POSITIONAL = Message("the signature has plain positional arguments only, without defaults and stars")
_FUNCTION_TAKES_NO_ARGUMENTS = Message("the function takes no arguments")
_NO_FUNCTION_SIGNATURE_2 = Message("“{text}” is no function signature: {error}")
_SIGNATURE_PYTHON = Message("the signature is not Python")

_NO_CODE = Message("there is no code yet")
_SYNTAX = Message("line {line}: {error}")
_UNREADABLE = Message("this cannot be read as Python: {error}")
_IMPORT = Message("line {line}: “{name}” cannot be imported here, only math, numpy and a few of the standard library")
_NOT_DEFINED = Message("the function {name} is not defined")
_OTHER_DEFINED = Message("the function {name} is not defined; there is {other}")
_ASYNC = Message("line {line}: write a plain function, not an async one")
_LOOP = Message("line {line}: the task is to be done without a Python loop, and “{what}” is one")
_CALLED_AS = Message("line {line}: the function is called as {call}")

ALLOWED_IMPORTS = frozenset(
    {
        "math",
        "numpy",
        "typing",
        "collections",
        "itertools",
        "functools",
        "operator",
        "heapq",
        "bisect",
        "re",
        "string",
        "random",
        "decimal",
        "fractions",
        "dataclasses",
        "__future__",
    }
)


_LOOPS: tuple[tuple[type[ast.AST], str], ...] = (
    (ast.For, "for"), (ast.AsyncFor, "for"), (ast.While, "while"), (ast.ListComp, "for"), (ast.SetComp, "for"),
    (ast.DictComp, "for"), (ast.GeneratorExp, "for"),
)  # fmt: skip
_LOOPING_CALLS = frozenset({
    "map", "filter", "reduce", "vectorize", "frompyfunc", "apply_along_axis", "apply_over_axes", "nditer", "starmap",
    "accumulate", "fromiter", "fromfunction",
})  # fmt: skip
"""Functions that call a Python function once for each entry."""


class SourceProblem(Struct, frozen=True):
    """Why a source cannot be run; ``position`` is the place in the text where that shows, from 0."""

    message: str
    position: int | None


class Signature(Struct, frozen=True):
    """The function that a card asks for."""

    name: str
    parameters: tuple[str, ...]


def read_signature(text: str) -> Signature:
    """The name and parameters in ``def iou(box_a, box_b)``.

    Raises:
        ValueError: the text is no such line.
    """
    try:
        module = ast.parse(text.strip().rstrip(":") + ": ...")
    except (SyntaxError, ValueError) as error:
        raise ValueError(_NO_FUNCTION_SIGNATURE_2(text=text, error=error)) from None
    if len(module.body) != 1 or not isinstance(module.body[0], ast.FunctionDef):
        raise ValueError(_NO_FUNCTION_SIGNATURE(text=text))
    return Signature(module.body[0].name, _parameters(module.body[0].args))


def signature_names(signature: str) -> list[str]:
    """The argument names of ``def f(x, y)``. Raises ValueError for anything but plain positional
    arguments."""
    text = signature.strip()
    try:
        body = ast.parse(text.rstrip(":") + ":\n    pass").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(_SIGNATURE_PYTHON()) from None
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef) or "\n" in text:
        raise ValueError(_SIGNATURE_ONE_FUNCTION())
    function = body[0]
    arguments = function.args
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.defaults or function.decorator_list:
        raise ValueError(_SIGNATURE_PLAIN_POSITIONAL())
    names = [argument.arg for argument in arguments.posonlyargs + arguments.args]
    if not names:
        raise ValueError(_FUNCTION_TAKES_NO_ARGUMENTS())
    return names


def _parameters(arguments: ast.arguments) -> tuple[str, ...]:
    return tuple(argument.arg for argument in (*arguments.posonlyargs, *arguments.args))


def check_source(source: str, signature: Signature, no_loop: bool = False) -> SourceProblem | None:
    """The first thing that keeps the source from being run, or None; with ``no_loop`` a loop of Python does, too."""
    if not source.strip():
        return SourceProblem(_NO_CODE(), 0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(source)
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset or 1
        return SourceProblem(_SYNTAX(line=line, error=explained(error.msg)), _offset(source, line, column - 1))
    except (ValueError, RecursionError, MemoryError) as error:
        return SourceProblem(_UNREADABLE(error=str(error)), 0)
    return (
        _imports(source, module)
        or _function(source, module, signature)
        or (_loop(source, module, signature.name) if no_loop else None)
    )


def _loop(source: str, module: ast.Module, function: str) -> SourceProblem | None:
    """The first loop of Python: a statement, a comprehension, a call for each entry, or the function calling itself."""
    for node in ast.walk(module):
        what = next((word for kind, word in _LOOPS if isinstance(node, kind)), "")
        if isinstance(node, (ast.Name, ast.Attribute)):
            name = node.id if isinstance(node, ast.Name) else node.attr
            what = name if name in _LOOPING_CALLS else ""
        if isinstance(node, ast.FunctionDef) and node.name == function:
            called = {
                one.func.id for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
            }
            what = function if function in called else ""
        if what:
            line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
            return SourceProblem(_LOOP(line=line, what=what), _offset(source, line, column))
    return None


def _offset(source: str, line: int, column: int) -> int:
    lines = source.split("\n")
    return sum(len(text) + 1 for text in lines[: line - 1]) + max(0, column)


def _imports(source: str, module: ast.Module) -> SourceProblem | None:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "."] if not node.level else ["."]
        else:
            continue
        for name in names:
            if name.split(".")[0] not in ALLOWED_IMPORTS:
                message = _IMPORT(line=node.lineno, name=name)
                return SourceProblem(message, _offset(source, node.lineno, node.col_offset))
    return None


def not_defined(function: str) -> SourceProblem:
    """The source does not define the function, or defines something that cannot be called."""
    return SourceProblem(_NOT_DEFINED(name=function), 0)


def _is_bound(name: str, module: ast.Module) -> bool:
    """Whether some statement, wherever it stands, gives something this name."""
    for node in ast.walk(module):
        match node:
            case ast.FunctionDef(name=bound) | ast.AsyncFunctionDef(name=bound) | ast.ClassDef(name=bound):
                found = bound == name
            case ast.Name(id=bound, ctx=ast.Store()):
                found = bound == name
            case ast.alias(name=imported, asname=bound):
                found = (bound or imported) == name
            case _:
                found = False
        if found:
            return True
    return False


def _function(source: str, module: ast.Module, signature: Signature) -> SourceProblem | None:
    """That the function is defined and can be called with the arguments of the card."""
    functions = [node for node in module.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    found = next((node for node in reversed(functions) if node.name == signature.name), None)
    if found is None:
        if _is_bound(signature.name, module):
            return None  # in an ``if``, as a class, by an assignment: what it is shows once it has run
        if functions:
            return SourceProblem(_OTHER_DEFINED(name=signature.name, other=functions[0].name), 0)
        return not_defined(signature.name)
    position = _offset(source, found.lineno, found.col_offset)
    if isinstance(found, ast.AsyncFunctionDef):
        return SourceProblem(_ASYNC(line=found.lineno), position)
    arguments = found.args
    given = _parameters(arguments)
    needed = len(given) - len(arguments.defaults)
    wanted = len(signature.parameters)
    keyword_only = [
        one.arg for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if default is None
    ]
    if not (needed <= wanted and (wanted <= len(given) or arguments.vararg)) or keyword_only:
        shown = f"{signature.name}({', '.join(signature.parameters)})"
        return SourceProblem(_CALLED_AS(line=found.lineno, call=shown), position)
    return None
