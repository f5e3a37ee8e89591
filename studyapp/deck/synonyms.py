"""Names of the same thing in search: “相对熵” finds what is called KL 散度, “hinge” what is called 合页损失.

They stand in the glossary of each language, a Markdown table: the name used, the English term, the other names.
"""

from __future__ import annotations

import re
from functools import cache

from studyapp.locale.catalogue import beside, languages

from .fold import fold

GLOSSARY = "GLOSSARY.md"
_BETWEEN = re.compile(r"\s*[,，、;；]\s*")
_TRIGRAM = 3


def read_glossary(text: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a glossary's tables, each the names of one thing, in the order in which they stand.

    >>> read_glossary("| 中文 | English | 其他 |\\n|---|---|---|\\n| KL 散度 | KL divergence | 相对熵 |")
    (('KL 散度', 'KL divergence', '相对熵'),)
    """
    rows: list[tuple[str, ...]] = []
    head = True
    for line in text.splitlines():
        if not line.startswith("|"):
            head = True
        elif set(line) <= set("|-: "):
            head = False
        elif not head:
            cells = [cell for cell in line.strip("| ").split("|") if cell.strip()]
            rows.append(tuple(name.strip() for cell in cells for name in _BETWEEN.split(cell) if name.strip()))
    return tuple(rows)


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """Every name, folded, with all folded names of its rows."""
    groups: dict[str, dict[str, None]] = {}
    for path in filter(None, (beside(language, GLOSSARY) for language in languages())):
        for row in read_glossary(path.read_text("utf-8")):
            names = dict.fromkeys(map(fold, row))
            for name in names:
                groups.setdefault(name, {}).update(names)
    return {name: tuple(others) for name, others in groups.items()}


def synonyms_of(wanted: str) -> tuple[str, ...]:
    """The other names, folded, of what a folded text names.

    Names of one or two characters stand for a longer one only if that is as short: they would be found in much else.
    """
    others = _groups().get(wanted, ())
    least = min(len(wanted), _TRIGRAM)
    return tuple(other for other in others if len(other) >= least and wanted not in other)
