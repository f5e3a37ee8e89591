"""The signs and LaTeX commands that expressions know, with what they are read as."""

from __future__ import annotations

DASHES = frozenset("−‐‑‒–—―﹣－⁃")
"""Every dash that a keyboard, a word processor or a paste puts in the place of a minus sign."""

SIGNS = {
    "×": "*", "·": "*", "∙": "*", "⋅": "*",
    "•": "*", "∗": "*", "✕": "*", "⨯": "*", "÷": "/", "∕": "/", "⁄": "/", "≤": "<=", "≥": ">=", "≠": "!=",
    "⩽": "<=", "⩾": ">=", "∣": "|", "｜": "|", "、": ",", "。": ".", "【": "[", "】": "]", "〔": "[", "〕": "]",
    "⟨": "(", "⟩": ")", "‖": "‖", "∥": "‖", "ℯ": "e", "‘": "'", "’": "'", "“": '"', "”": '"', "﹪": "%",
}  # fmt: skip

SUPERSCRIPTS = {
    **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)),
    "⁺": "+", "⁻": "-", "⁽": "(", "⁾": ")", "ⁿ": "n", "ˣ": "x", "ʸ": "y", "ᶻ": "z", "ᵗ": "t", "ᵏ": "k", "ᵞ": "γ",
    "ⁱ": "i", "ᵃ": "a", "ᵇ": "b", "ᵖ": "p", "ᵍ": "g", "⋅": "*", "ᐟ": "/",
}  # fmt: skip

COMMAND_SIGNS = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "le": "<=", "leq": "<=", "ge": ">=", "geq": ">=",
    "ne": "!=", "neq": "!=", "lt": "<", "gt": ">", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|",
    "lVert": "‖", "rVert": "‖", "Vert": "‖", "lbrack": "[", "rbrack": "]", "langle": "(", "rangle": ")",
    "lparen": "(", "rparen": ")",
}  # fmt: skip

IGNORED_COMMANDS = frozenset({
    "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "quad", "qquad",
    "displaystyle", "textstyle", "limits", "nolimits",
})  # fmt: skip
NAME_COMMANDS = frozenset({
    "mathrm", "operatorname", "text", "textrm", "mathit", "mathbf", "mathsf", "boldsymbol", "bm", "rm",
})  # fmt: skip
FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac"})
MATRICES = frozenset({"matrix", "pmatrix", "bmatrix", "vmatrix", "array", "smallmatrix"})
