"""When two spellings of a name mean the same symbol: ``ŷ``, ``yhat``, ``y_hat`` and ``\\hat{y}`` do."""

from __future__ import annotations

import unicodedata

GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu",
    "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau",
    "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta",
    "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
"""Greek letters by the names that LaTeX and keyboards without Greek use."""

GREEK_NAMES = frozenset(GREEK.values())

SUBSCRIPTS = {
    **{chr(0x2080 + digit): str(digit) for digit in range(10)},
    "ₐ": "a", "ₑ": "e", "ₕ": "h", "ᵢ": "i", "ⱼ": "j", "ₖ": "k", "ₗ": "l", "ₘ": "m", "ₙ": "n", "ₒ": "o",
    "ₚ": "p", "ᵣ": "r", "ₛ": "s", "ₜ": "t", "ᵤ": "u", "ᵥ": "v", "ₓ": "x", "ᵦ": "beta", "ᵧ": "gamma",
    "₊": "+", "₋": "-",
}  # fmt: skip

ACCENTS = {
    "\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0303": "tilde", "\u0307": "dot", "\u20d7": "vec",
}  # fmt: skip
"""Combining marks by the LaTeX command that sets them."""

LATEX_ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde",
    "dot": "dot", "vec": "vec",
}  # fmt: skip


def spelling_key(name: str) -> str:
    """What all spellings of one symbol share; upper and lower case stay apart."""
    parts: list[str] = []
    for character in unicodedata.normalize("NFD", name):
        if character in GREEK:
            parts.append(GREEK[character])
        elif character in SUBSCRIPTS:
            parts.append(SUBSCRIPTS[character])
        elif character in ACCENTS:
            parts.append(ACCENTS[character])
        elif character in "'′’":
            parts.append("prime")
        elif character not in "_{}, ":
            parts.append(unicodedata.normalize("NFKC", character))
    return "".join(parts)
