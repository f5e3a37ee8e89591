"""What LaTeX commands stand for: glyphs with their role in a formula, accents, alphabets, scripts."""

from __future__ import annotations

from typing import Literal

Role = Literal[
    "ordinary",
    "binary",  # + − · ∩: spaced when it stands between operands
    "relation",
    "function",  # log, max, softmax: applies to what follows
    "word",  # BCE, TP: an upright name
    "big",  # Σ ∏ ∫
    "open",
    "close",
    "bar",  # | and ‖: opens, closes or separates, told by what stands around it
    "punctuation",
    "space",
    "text",
    "command",  # not known: shown as typed
]


def _table(pairs: str) -> dict[str, str]:
    words = pairs.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


_ORDINARY = _table("""
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ
    lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ
    phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ
    Phi Φ Psi Ψ Omega Ω partial ∂ nabla ∇ infty ∞ ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ wp ℘ imath ı jmath ȷ
    emptyset ∅ varnothing ∅ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠ triangle △
    ldots … dots … dotsc … dotsb ⋯ cdots ⋯ vdots ⋮ ddots ⋱ prime ′ degree ° dagger † ddagger ‡
    checkmark ✓ square □ blacksquare ■ Box □ bullet • therefore ∴ because ∵ surd √ S § P ¶ copyright ©
    pounds £ mathsection § backslash \\ textbackslash \\ # # $ $ % % & & _ _ lq ‘ rq ’ mathdollar $
    textunderscore _ colon : beth ℶ complement ∁ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠
    sharp ♯ flat ♭ natural ♮
""")

_BINARY = _table("""
    pm ± mp ∓ times × div ÷ cdot · ast ∗ star ⋆ circ ∘ oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙ oslash ⊘ cap ∩
    cup ∪ setminus ∖ smallsetminus ∖ wedge ∧ land ∧ vee ∨ lor ∨ uplus ⊎ sqcap ⊓ sqcup ⊔ amalg ⨿ bmod mod
""")

_RELATION = _table("""
    le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ ne ≠ neq ≠ lt < gt > ll ≪ gg ≫ approx ≈ sim ∼ simeq ≃
    cong ≅ equiv ≡ propto ∝ asymp ≍ doteq ≐ triangleq ≜ coloneqq ≔ coloneq ≔ in ∈ notin ∉ ni ∋ subset ⊂
    supset ⊃ subseteq ⊆ supseteq ⊇ to → rightarrow → gets ← leftarrow ← leftrightarrow ↔ Rightarrow ⇒
    implies ⇒ Leftarrow ⇐ impliedby ⇐ Leftrightarrow ⇔ iff ⇔ mapsto ↦ longrightarrow ⟶ longleftarrow ⟵
    Longrightarrow ⟹ longmapsto ⟼ uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗
    searrow ↘ hookrightarrow ↪ leadsto ⇝ rightsquigarrow ⇝ xrightarrow → perp ⊥ models ⊨ vdash ⊢ prec ≺
    succ ≻ preceq ⪯ succeq ⪰ lesssim ≲ gtrsim ≳ nleq ≰ ngeq ≱ subsetneq ⊊ mid | nmid ∤ parallel ∥
""")

_BIG = _table("""
    sum Σ prod ∏ coprod ∐ bigcup ⋃ bigcap ⋂ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ bigodot ⨀
    bigsqcup ⨆ int ∫ iint ∬ iiint ∭ oint ∮ smallint ∫
""")

_OPEN = _table("lbrace { { { lbrack [ lfloor ⌊ lceil ⌈ langle ⟨ lvert | lVert ‖ lgroup (")
_CLOSE = _table("rbrace } } } rbrack ] rfloor ⌋ rceil ⌉ rangle ⟩ rvert | rVert ‖ rgroup )")
_BAR = _table("| ‖ Vert ‖ vert |")

FUNCTIONS = words(
    """
    arccos arcsin arctan arg argmax argmin cos cosh cot coth csc deg det dim exp gcd hom inf ker lg
    lim liminf limsup ln log max min Pr sec sin sinh sup tan tanh softmax sigmoid sign sgn diag tr
    rank softplus relu
    """
)

SYMBOLS: dict[str, tuple[str, Role]] = {
    **{name: (glyph, "ordinary") for name, glyph in _ORDINARY.items()},
    **{name: (glyph, "binary") for name, glyph in _BINARY.items()},
    **{name: (glyph, "relation") for name, glyph in _RELATION.items()},
    **{name: (glyph, "big") for name, glyph in _BIG.items()},
    **{name: (glyph, "open") for name, glyph in _OPEN.items()},
    **{name: (glyph, "close") for name, glyph in _CLOSE.items()},
    **{name: (glyph, "bar") for name, glyph in _BAR.items()},
    **{name: (name, "function") for name in FUNCTIONS},
    "liminf": ("lim inf", "function"),
    "limsup": ("lim sup", "function"),
}
"""Command name (without backslash) → what is shown, and its role."""

CHARACTERS: dict[str, tuple[str, Role]] = {
    "-": ("−", "binary"),
    "*": ("*", "binary"),
    "|": ("|", "bar"),
    "‖": ("‖", "bar"),
    "∥": ("‖", "bar"),
    "~": (" ", "space"),
    **{glyph: (glyph, "binary") for glyph in ["+", "−", *_BINARY.values()] if len(glyph) == 1},
    **{glyph: (glyph, "relation") for glyph in ["=", ":", "<", ">", *_RELATION.values()] if glyph != "|"},
    **{glyph: (glyph, "big") for glyph in ["∑", *_BIG.values()] if glyph != "Σ"},
    **{glyph: (glyph, "open") for glyph in "([⌊⌈⟨（"},
    **{glyph: (glyph, "close") for glyph in ")]⌋⌉⟩）!"},
    **{glyph: (glyph, "punctuation") for glyph in ",;，；、"},
}
"""Characters typed as themselves whose role is not `ordinary`."""

SPACES: dict[str, int] = {
    "!": 0,
    ",": 1,
    ":": 1,
    ">": 1,
    ";": 1,
    " ": 1,
    "\n": 1,
    "thinspace": 1,
    "medspace": 1,
    "thickspace": 1,
    "enspace": 1,
    "space": 1,
    "quad": 3,
    "qquad": 5,
    "negthinspace": 0,
}
"""Spacing command → cells."""

IGNORED = words(
    """
    displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag hline big
    Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm biggm Biggm rm bf it sf tt
    cal normalsize small large
    """
)
"""Commands that only steer sizes or styles and show nothing of their own."""

SIDE_LIMITS = frozenset("∫∬∭∮")
"""Big operators whose limits stand beside them, not above and below."""

LIMIT_FUNCTIONS = frozenset(["lim", "max", "min", "sup", "inf", "lim inf", "lim sup", "argmax", "argmin", "Pr", "det"])

ACCENTS: dict[str, str] = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0305",
    "underline": "\u0332",
    "dot": "\u0307",
    "ddot": "\u0308",
    "vec": "\u20d7",
    "overrightarrow": "\u20d7",
    "check": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "grave": "\u0300",
    "mathring": "\u030a",
}
"""Accent command → combining mark."""

ACCENT_ROWS: dict[str, str] = {
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "─",
    "\u0305": "─",
    "\u0332": "─",
    "\u20d7": "→",
    "\u0307": "˙",
    "\u0308": "¨",
    "\u030c": "ˇ",
    "\u0306": "˘",
    "\u0301": "´",
    "\u0300": "`",
    "\u030a": "˚",
}
"""Combining mark → the sign that stands over a wider expression (rules are repeated to its width)."""

RULE_MARKS = frozenset("\u0304\u0305\u0332")


def _alphabet(capital_a: int, small_a: int, digit_0: int | None, exceptions: str = "") -> dict[str, str]:
    result = {chr(65 + i): chr(capital_a + i) for i in range(26)}
    result.update({chr(97 + i): chr(small_a + i) for i in range(26)})
    if digit_0 is not None:
        result.update({chr(48 + i): chr(digit_0 + i) for i in range(10)})
    result.update(_table(exceptions))
    return result


_BOLD = _alphabet(0x1D400, 0x1D41A, 0x1D7CE)
_BOLD.update({chr(0x3B1 + i): chr(0x1D6C2 + i) for i in range(25)})
_BOLD.update({chr(0x391 + i): chr(0x1D6A8 + i) for i in range(25) if i != 17})
_DOUBLE = _alphabet(0x1D538, 0x1D552, 0x1D7D8, "C ℂ H ℍ N ℕ P ℙ Q ℚ R ℝ Z ℤ")
_SCRIPT = _alphabet(0x1D49C, 0x1D4B6, None, "B ℬ E ℰ F ℱ H ℋ I ℐ L ℒ M ℳ R ℛ e ℯ g ℊ o ℴ")
_FRAKTUR = _alphabet(0x1D504, 0x1D51E, None, "C ℭ H ℌ I ℑ R ℜ Z ℨ")

FONTS: dict[str, dict[str, str]] = {
    "mathbf": _BOLD,
    "boldsymbol": _BOLD,
    "bm": _BOLD,
    "mathbb": _DOUBLE,
    "mathds": _DOUBLE,
    "mathbbm": _DOUBLE,
    "mathcal": _SCRIPT,
    "mathscr": _SCRIPT,
    "mathfrak": _FRAKTUR,
    "mathrm": {},
    "mathsf": {},
    "mathtt": {},
    "mathit": {},
    "mathnormal": {},
    "operatorname": {},
}
"""Alphabet command → letters that it changes. Upright and italic letters look the same here."""

TEXT_COMMANDS = words(
    """
    text textrm textbf textit textsf texttt textnormal mbox hbox
    """
)

_SUPERSCRIPTS = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ",
        strict=True,
    )
)
_SUPERSCRIPTS.update({"′": "′", "*": "*", "∗": "*", "°": "°", "∘": "°", "†": "†"})
_SUBSCRIPTS = dict(zip("0123456789+−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
LONGEST_SMALL_SCRIPT = 6


def small_script(text: str, raised: bool) -> str | None:
    """`text` in Unicode superscripts or subscripts; None where letters lack or it would be hard to read.

    Greek letters stay full size: the small ones are too easily taken for Latin ones (ᵞ and ʸ).
    """
    table = _SUPERSCRIPTS if raised else _SUBSCRIPTS
    if not text or len(text) > LONGEST_SMALL_SCRIPT or (len(text) > 3 and text.isalpha()):
        return None
    small = [table.get(character) for character in text]
    return None if None in small else "".join(part for part in small if part)


VULGAR_FRACTIONS: dict[tuple[str, str], str] = {
    ("1", "2"): "½",
    ("1", "3"): "⅓",
    ("2", "3"): "⅔",
    ("1", "4"): "¼",
    ("3", "4"): "¾",
    ("1", "8"): "⅛",
}

ENVIRONMENTS: dict[str, tuple[str, str]] = {
    "matrix": ("", ""),
    "smallmatrix": ("", ""),
    "array": ("", ""),
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
    "cases": ("{", ""),
    "dcases": ("{", ""),
    "rcases": ("", "}"),
    "aligned": ("", ""),
    "align": ("", ""),
    "align*": ("", ""),
    "split": ("", ""),
    "alignat": ("", ""),
    "alignat*": ("", ""),
    "alignedat": ("", ""),
    "eqnarray": ("", ""),
    "eqnarray*": ("", ""),
    "gathered": ("", ""),
    "gather": ("", ""),
    "gather*": ("", ""),
    "equation": ("", ""),
    "equation*": ("", ""),
    "multline": ("", ""),
    "multline*": ("", ""),
}
"""Environment → the delimiters drawn round it."""

ALIGNED = frozenset(
    ["aligned", "align", "align*", "split", "alignat", "alignat*", "alignedat", "eqnarray", "eqnarray*"]
)
CENTRED_ROWS = frozenset(["gathered", "gather", "gather*", "equation", "equation*", "multline", "multline*"])
CASES = frozenset(["cases", "dcases", "rcases"])
