"""Cards that ask for far more than a card may: numbers, places, text and lists beyond all measure."""

from __future__ import annotations

from typing import Any

ONE_OR_TWO = {"x": {"integers": [1, 2]}}


def compute(
    draw: dict[str, Any], answer: str = "sum(x)", question: str = "What is {x}?", **more: Any
) -> dict[str, Any]:
    """A compute card."""
    return {"kind": "compute", "question": question, "draw": draw, "answer": answer, **more}


def answer(expression: str) -> dict[str, Any]:
    """A compute card whose answer is this expression."""
    return compute(ONE_OR_TWO, expression)


def formula(variables: dict[str, Any], expression: str = "x+1", **more: Any) -> dict[str, Any]:
    """A formula card."""
    return {"kind": "formula", "question": "Which?", "answer": expression, "variables": variables, **more}


def recall(question: str) -> dict[str, Any]:
    """A recall card whose question is this text."""
    return {"kind": "recall", "question": question, "answer": "b"}


def rows(rule: str, of: object, **more: Any) -> dict[str, Any]:
    """A compute card that draws ten thousand different rows."""
    return compute({"x": {rule: of, "size": 10_000, "distinct": True, **more}})


SQUARE = "ones([100,100])"
MISTAKES = [{"id": f"w{i}", "value": f"x+{i}", "say": "no"} for i in range(1, 3000)]
DRAWS = {
    "a box over millions": compute({"x": {"box": [0, 60_000_000]}}),
    "a box over billions": compute({"x": {"box": [0, 3_000_000_000]}}),
    "whole numbers over 10^18": compute({"x": {"integers": [0, 10**18]}}, "x"),
    "whole numbers over 10^400": compute({"x": {"integers": [0, 10**400]}}, "x"),
    "a grid of tiny steps": compute({"x": {"grid": [0, 1, 1e-300]}}, "x"),
    "a grid over everything": compute({"x": {"grid": [-1e308, 1e308, 1e300]}}, "x"),
    "different numbers of a fine grid": compute({"x": {"grid": [0, 1, 1e-5], "size": 10_000, "distinct": True}}),
    "different rows of a fine simplex": rows("distribution", 2, step=0.00001),
    "different rows that there are not": rows("distribution", 5, step=0.05),
    "a distribution of tiny steps": compute({"x": {"distribution": 2, "step": 1e-300}}),
    "classes beyond measure": compute({"x": {"one_hot": 100_000_000}}),
    "rows of many classes": rows("one_hot", 1000),
    "different boxes": rows("box", [0, 999_999]),
    "different boxes that there are not": rows("box", [0, 2]),
    "a size beyond measure": compute({"x": {"integers": [0, 1], "size": [100_000, 100_000]}}),
    "a size of many axes": compute({"x": {"integers": [0, 1], "size": [1] * 2000}}),
    "many draws": compute({f"x{i}": {"grid": [0, 1, 0.001], "size": 10_000} for i in range(100)}, "sum(x1)", "{x1}?"),
    "many expressions":
        compute({"x": {"grid": [0, 1, 0.1], "size": 10_000}}, let={f"a{i}": "sum(x)" for i in range(400)}),
    "many rows": {"kind": "compute", "question": "{x}?", "rows": [{"x": i} for i in range(20_000)], "answer": "x"},
}  # fmt: skip
EXPRESSIONS = {
    "three arguments over each other": answer("sum(min(0, zeros([10000,1]), ones([1,10000])))"),
    "where over axes": answer("sum(where(1, zeros([10000,1]), ones([1,10000])))"),
    "clip over axes": answer("sum(clip(1, zeros([10000,1]), ones([1,10000])))"),
    "three axes": answer("sum(zeros([10000,1,1]) + ones([1,10000,1]) + ones([1,1,10000]))"),
    "products of products": answer("sum(" + "matmul(" * 40 + SQUARE + f",{SQUARE})" * 40 + ")"),
    "products of more axes": answer("sum(matmul(ones([1,100,100]),ones([100,100,1])))"),
    "an outer product": answer("sum(outer(ones([10000]),ones([10000])))"),
    "joined again and again": answer("sum(" + "concat(" * 14 + "ones([9000])" + ",ones([9000]))" * 14 + ")"),
    "many long sums": answer("+".join(["sum(ones([10000]))"] * 400)),
    "rounded to a billion places": answer("round(x/3,1000000000)"),
    "rounded in the question": compute(ONE_OR_TWO, "x", "{round(x/3,2147483647)} {round(x,1000000000)}?"),
    "powers of powers": answer("9^9^9^9+x"),
    "a factorial": answer("factorial(1e9)+x"),
    "deep brackets": answer("(" * 3000 + "x" + ")" * 3000),
    "deep signs": answer("-" * 5000 + "x"),
    "deep calls": answer("exp(" * 900 + "x" + ")" * 900),
    "a long sum": answer("+".join(["x"] * 5000)),
    "a range beyond measure": answer("sum(arange(1e9))"),
    "a gradient of many entries": answer("sum(softmax.grad(ones([10000])))"),
    "infinite": answer("1e308*10*x"),
    "not a number": answer("0/0*x"),
    "variables up to everything": formula({"x": [-1e308, 1e308]}),
    "variables without bounds": formula({"x": [float("-inf"), float("inf")]}),
    "a domain of nothing": formula({"x": [0, 1]}, where="x>2"),
    "many variables": formula({f"x{i}": [0, 1] for i in range(300)}, "+".join(f"x{i}" for i in range(300))),
    "a reference that is slow": {"kind": "code", "question": "Which?", "signature": "def f(x)",
        "reference": "+".join([f"sum(matmul({SQUARE},{SQUARE}))*x"] * 20), "draw": {"x": {"grid": [0, 1, 0.1]}}},
    "many mistakes":
        compute({"x": {"integers": [1, 9]}}, "x", wrong=MISTAKES),
}  # fmt: skip
TEXTS = {
    "a giant number of numbers": compute({"x": {"integers": [1, 2], "size": 10_000}}, "sum(x)", "{x} " * 300),
    "many placeholders": compute(ONE_OR_TWO, "x", "{x+1} " * 20_000),
    "widths beyond measure": compute(ONE_OR_TWO, "x", "{x:.1000000000f} {x:>1000000000}?"),
    "stars": recall("*" * 50_000 + "a"), "underscores": recall("_a" * 30_000),
    "backticks": recall("`" * 20_001 + "a ` " * 9000),
    "brackets": recall("[" * 50_000 + "](" * 10_000), "dollars": recall("$a " * 30_001),
    "quotes": recall("> " * 20_000 + "a"),
    "a wide table": recall("|a" * 20_000 + "|\n" + "|-" * 20_000 + "|\n"), "fences": recall("```\n" * 30_000),
    "a deep list": recall("\n".join(" " * i + "- a" for i in range(2000))), "one word": recall("w" * 1_000_000),
    "words": recall("word " * 200_000), "html": recall("<a " * 50_000), "backslashes": recall("\\" * 100_000),
    "deep fractions": recall("$" + "\\frac{" * 3000 + "a" + "}{b}" * 3000 + "$"),
    "deep roots": recall("$" + "\\sqrt{" * 3000 + "a" + "}" * 3000 + "$"),
    "deep powers": recall("$a" + "^{a" * 3000 + "}" * 3000 + "$"),
    "deep brackets in a formula": recall("$" + "\\left(" * 3000 + "\\right)" * 3000 + "$"),
    "a long formula": recall("$" + "\\alpha+" * 50_000 + "a$"), "many formulas": recall("$\\frac{a}{b}$ " * 5000),
    "a large matrix": recall("$\\begin{matrix}" + ("a&" * 300 + "a\\\\") * 300 + "\\end{matrix}$"),
    "a gap of everything": {"kind": "cloze", "text": "{{" + "a " * 100_000 + "}}"},
    "gaps in gaps": {"kind": "cloze", "text": "{{" * 50_000 + "a" + "}}" * 50_000},
}  # fmt: skip
LISTS = {
    "many gaps": {"kind": "cloze", "text": " ".join(f"{{{{g{i}}}}}" for i in range(5000))},
    "a card a gap": {"kind": "cloze", "each": True, "text": " ".join(f"{{{{g{i}}}}}" for i in range(2000))},
    "many alternatives": {"kind": "cloze", "text": "{{" + "|".join(f"a{i}" for i in range(20_000)) + "}}"},
    "many steps": {"kind": "order", "question": "Which?", "steps": [f"step {i}" for i in range(3000)]},
    "many options": {"kind": "choice", "question": "Which?",
        "options": [{"text": f"o{i}", "correct": i == 0} for i in range(5000)]},
    "many points": {"kind": "explain", "question": "Why?", "answer": "b",
        "points": [f"point {i}" for i in range(3000)]},
    "many hints": {"kind": "recall", "question": "Why?", "answer": "b", "hints": ["h"] * 20_000},
    "many tags": {"kind": "recall", "question": "Why?", "answer": "b", "tags": [f"t{i}" for i in range(20_000)]},
    "many cases": {"kind": "code", "question": "Which?", "signature": "def f(x)", "reference": "x",
        "draw": {"x": {"grid": [0, 1, 0.1]}}, "cases": [{"args": [i]} for i in range(5000)]},
    "many parts": compute(ONE_OR_TWO, parts=[{"id": f"p{i}", "question": "p", "answer": "x"} for i in range(2000)]),
}  # fmt: skip

HOSTILE = {**DRAWS, **EXPRESSIONS, **TEXTS, **LISTS}
KNOWN = (
    "a box over millions", "different rows of a fine simplex", "three arguments over each other", "where over axes",
    "clip over axes", "rounded to a billion places", "rounded in the question", "variables up to everything",
)  # fmt: skip
"""Those that once took gigabytes, tens of seconds or the session."""
