"""The words that expressions know: functions with how many arguments they take, constants, other spellings.

Nothing here needs NumPy; the functions themselves are in ``functions``.
"""

from __future__ import annotations

from typing import NamedTuple

from studyapp.locale.message import Message


class Arity(NamedTuple):
    """How many arguments a function takes, and which keywords."""

    least: int
    most: int
    keywords: tuple[str, ...] = ()


_MANY = 64

ELEMENTARY: dict[str, Arity] = {
    "exp": Arity(1, 1),
    "ln": Arity(1, 1),
    "log": Arity(1, 1, ("base",)),
    "log2": Arity(1, 1),
    "log10": Arity(1, 1),
    "log1p": Arity(1, 1),
    "expm1": Arity(1, 1),
    "sqrt": Arity(1, 1),
    "root": Arity(2, 2),
    "abs": Arity(1, 1),
    "sign": Arity(1, 1),
    "min": Arity(1, _MANY, ("axis",)),
    "max": Arity(1, _MANY, ("axis",)),
    "minimum": Arity(2, 2),
    "maximum": Arity(2, 2),
    "floor": Arity(1, 1),
    "ceil": Arity(1, 1),
    "factorial": Arity(1, 1),
    "comb": Arity(2, 2),
    "round": Arity(1, 2),
    "tanh": Arity(1, 1),
    "cosh": Arity(1, 1),
    "sinh": Arity(1, 1),
    "sech": Arity(1, 1),
    "sin": Arity(1, 1),
    "cos": Arity(1, 1),
    "tan": Arity(1, 1),
    "atan": Arity(1, 1),
    "sigmoid": Arity(1, 1),
    "logit": Arity(1, 1),
    "softplus": Arity(1, 1),
    "relu": Arity(1, 1),
}
"""Functions of numbers. A learner may type these."""

ARRAY_FUNCTIONS: dict[str, Arity] = {
    "sum": Arity(1, 1, ("axis",)),
    "mean": Arity(1, 1, ("axis",)),
    "median": Arity(1, 1, ("axis",)),
    "var": Arity(1, 1, ("axis", "ddof")),
    "std": Arity(1, 1, ("axis", "ddof")),
    "prod": Arity(1, 1, ("axis",)),
    "norm": Arity(1, 1, ("axis", "order")),
    "sort": Arity(1, 1),
    "argmax": Arity(1, 1, ("axis",)),
    "argmin": Arity(1, 1, ("axis",)),
    "clip": Arity(3, 3),
    "dot": Arity(2, 2),
    "matmul": Arity(2, 2),
    "transpose": Arity(1, 1),
    "outer": Arity(2, 2),
    "diag": Arity(1, 1),
    "cumsum": Arity(1, 1),
    "argsort": Arity(1, 1),
    "range": Arity(1, 3),
    "inv": Arity(1, 1),
    "det": Arity(1, 1),
    "where": Arity(3, 3),
    "any": Arity(1, 1),
    "all": Arity(1, 1),
    "zeros": Arity(1, 1),
    "ones": Arity(1, 1),
    "concat": Arity(1, _MANY),
    "len": Arity(1, 1),
    "size": Arity(1, 1),
    "softmax": Arity(1, 1, ("axis",)),
    "log_softmax": Arity(1, 1, ("axis",)),
    "logsumexp": Arity(1, 1, ("axis",)),
}
"""Functions of vectors and matrices; ``axis`` is an integer literal."""

LEARNER_ARRAY_FUNCTIONS = frozenset({"sum", "mean", "norm", "clip", "where"})

CONSTANTS = frozenset({"pi", "e", "inf"})

FUNCTION_SPELLINGS: dict[str, str] = {
    "sgn": "sign",
    "arctan": "atan",
    "sigma": "sigmoid",
    "Exp": "exp",
    "Ln": "ln",
    "Log": "ln",
    "LN": "ln",
    "LOG": "ln",
    "log_e": "ln",
    "loge": "ln",
    "EXP": "exp",
    "Sqrt": "sqrt",
    "Max": "max",
    "Min": "min",
    "ReLU": "relu",
    "fabs": "abs",
    "power": "^",
    "pow": "^",
    "logsoftmax": "log_softmax",
}
"""Other spellings of functions, by the key of the spelling."""

CONSTANT_SPELLINGS: dict[str, str] = {
    "PI": "pi",
    "Pi": "pi",
    "E": "e",
    "infinity": "inf",
    "Infinity": "inf",
    "Inf": "inf",
    "INF": "inf",
    "infty": "inf",
}

AMBIGUOUS_FUNCTIONS: dict[str, Message] = {
    "lg": Message("lg means base 2 in some books and base 10 in others: write log2, log10 or ln"),
    "ld": Message("write log2 for the logarithm with base 2"),
}
