"""Records what the bundled exercises draw: each card as it was, and for many seeds a digest of the numbers drawn.

``python -m tests.data.variants.record`` writes ``variants.json``. It is meant to be run once: answers in the log keep
their seeds for ever, so what a seed draws may only change where the old numbers made no fair exercise.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from studyapp.deck.reader import parse_deck
from studyapp.digest import blake2b
from studyapp.grading.draw import draw_all
from studyapp.grading.stream import Stream
from studyapp.kinds.code import CodeCard
from studyapp.kinds.code.inputs import trials
from studyapp.kinds.compute import ComputeCard
from studyapp.kinds.compute.variant import draw_variant

SEEDS = 60
CODE_SEEDS = 3
FILE = Path(__file__).with_name("variants.json")
_CONTENT = Path(__file__).parents[3] / "content"


def digest(value: Any) -> str:
    """Eight hexadecimal digits of the value's JSON."""
    return blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=4).hexdigest()


def drawn(card: ComputeCard, seed: int) -> str:
    """The digest of what a seed draws."""
    variant = draw_variant(card, seed)
    return digest({name: variant.values[name] for name in card.draw})


def inputs(card: CodeCard, seed: int) -> str:
    """The digest of the inputs on which a code answer of this seed is tried."""
    return digest([dict(trial.arguments) for trial in trials(card, seed)])


def candidates(card: ComputeCard, seed: int, most: int = 200) -> list[str]:
    """The digests of all draws of a seed, in the order in which they are tried."""
    stream = Stream(card.id, seed)
    return [digest(draw_all(card.draw, stream)) for _ in range(most)]


def main() -> None:
    """Write the file."""
    record: list[dict[str, Any]] = []
    for path in sorted(_CONTENT.rglob("*.yaml")):
        if path.name.endswith(".zh.yaml"):
            continue
        deck = parse_deck(path.read_text(encoding="utf-8"), path).deck
        for card in deck.cards if deck else ():
            if isinstance(card, ComputeCard):
                seen = [drawn(card, seed) for seed in range(SEEDS)]
            elif isinstance(card, CodeCard):
                seen = [inputs(card, seed) for seed in range(CODE_SEEDS)]
            else:
                continue
            record.append({"card": _bare(msgspec.to_builtins(card)), "digests": " ".join(seen)})
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in record)
    FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def _bare(fields: dict[str, Any]) -> dict[str, Any]:
    """The card without its texts."""
    kept = {key: value for key, value in fields.items() if key not in _TEXTS}
    for entry in [*kept.get("wrong", []), *(one for part in kept.get("parts", []) for one in part.get("wrong", []))]:
        entry["say"] = ""
    for part in kept.get("parts", []):
        part["ask"] = ""
    return {"question": "", **kept}


_TEXTS = frozenset({"question", "solution", "hints", "tags", "covers", "source", "leads_to", "starter"})


if __name__ == "__main__":
    main()
