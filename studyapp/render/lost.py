"""Which symbols of a formula do not show in its rendering: a check for decks, independent of the layouts.

The formula's source is read here a second time, as flat symbols without structure, and compared with what
`formula_inline` and `formula_block` show.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from studyapp.render import symbols
from studyapp.render.cells import visible
from studyapp.render.latex import LatexError, parse, tokens
from studyapp.render.layout import formula_block
from studyapp.render.linear import formula_inline

_WIDE_ENOUGH = 10_000
_SAME = str.maketrans("−′∣⁄∗⊤∘∑ϕ⌊⌈⌋⌉", "-'|/*T°Σφ[[]]")
_STRUCTURE = frozenset("{}^_&~$")
_NO_SYMBOL = re.compile(r"[\s\u0300-\u036f\u20d0-\u20ff]")
_STRETCHED = str.maketrans("⎛⎞⎧⎫⎡⎤⎣⎦⎟║", "(){}[][]|‖")  # what tall delimiters are drawn with


def lost_symbols(latex: str) -> tuple[str, ...]:
    """Letters, digits and symbols of the formula that its one-line or its two-dimensional rendering lacks.

    Empty for every formula that is laid out whole, and for one that has no reading and is shown as its
    source. Symbols are given once for each time that they lack.
    """
    try:
        parse(visible(latex))
    except LatexError:
        return ()  # shown as its source, whole
    wanted = Counter(_wanted(visible(latex)))
    missing: Counter[str] = Counter()
    for shown in (formula_inline(latex), "".join(formula_block(latex, _WIDE_ENOUGH))):
        missing |= wanted - Counter(_normal(shown))
    return tuple(missing.elements())


def unknown_commands(latex: str) -> tuple[str, ...]:
    """Commands of the formula that are shown as typed, in order of appearance."""
    found = [token for token in tokens(visible(latex)) if token[0] == "\\" and len(token) > 1 and token[1].isalpha()]
    return tuple(dict.fromkeys(token for token in found if token[1:] not in _KNOWN))


_BUILT_IN = symbols.words(
    """
    frac dfrac tfrac cfrac binom dbinom tbinom sqrt overbrace underbrace overset underset stackrel substack
    left right middle begin end not pmod tag label phantom hphantom vphantom boxed fbox
    mathop mathrel mathbin mathord mathinner mathstrut operatorname* newline cr
    """
)
_KNOWN = (
    frozenset(symbols.SYMBOLS)
    | frozenset(symbols.ACCENTS)
    | frozenset(symbols.FONTS)
    | frozenset(symbols.SPACES)
    | symbols.IGNORED
    | symbols.TEXT_COMMANDS
    | _BUILT_IN
)


def _normal(text: str) -> Iterable[str]:
    """Characters without alphabet, size or accent: ² as 2, 𝔼 as E, ŷ as y, ⎛ as (."""
    for character in unicodedata.normalize("NFKD", text).translate(_STRETCHED).translate(_SAME):
        if not _NO_SYMBOL.match(character):
            yield character


def _wanted(latex: str) -> Iterable[str]:
    """Every character that a reader should see, from the flat source."""
    source = re.sub(r"\\(begin|end)\s*\{array\}(\s*\[[^\]]*\])?(\s*\{[^}]*\})?", " ", latex)
    source = re.sub(r"\\(begin|end)\s*\{[^}]*\}", " ", source)
    source = re.sub(r"\\([hv]?phantom|label)\s*\{[^{}]*\}", " ", source)
    source = re.sub(r"\\(left|right|middle)\s*\.", " ", source)
    source = re.sub(r"\\\\\s*\[-?[\d.]+\s*(pt|em|ex|mm|cm)\]", " ", source)
    source = re.sub(r"\\sqrt\s*\[([^\]]*)\]", r"\\sqrt \1 ", source)
    for token in tokens(source):
        if token[0] != "\\" or len(token) == 1:
            yield from _normal("" if token in _STRUCTURE else token)
        elif token[1:] in symbols.SYMBOLS:
            yield from _normal(symbols.SYMBOLS[token[1:]][0].replace(" ", ""))
        elif token[1:] not in _KNOWN and token != "\\\\":
            yield from _normal(token)
