"""Which examiner the settings name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from studyapp.settings import Settings


class Examiner(Struct, frozen=True):
    """An endpoint that speaks OpenAI's chat completions.

    ``address`` is that of its interface, such as ``http://localhost:11434/v1``; an empty ``model`` stands for the first
    that the endpoint lists; ``key`` is sent as a bearer token where there is one.
    """

    address: str
    model: str = ""
    key: str = ""

    def __repr__(self) -> str:
        return f"Examiner({self.address!r}, {self.model!r})"  # a key is not for logs

    @property
    def place(self) -> tuple[str, str, int, str]:
        """Scheme, host, port and path of the address."""
        parts = urlsplit(self.address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return parts.scheme, parts.hostname or "", port, parts.path.rstrip("/")


def examiner_of(settings: Settings, environment: Mapping[str, str]) -> Examiner | None:
    """The examiner that is set; None where there is none."""
    if not settings.examiner:
        return None
    key = environment.get(settings.examiner_key, "") if settings.examiner_key else ""
    return Examiner(settings.examiner, settings.examiner_model, re.sub(r"[^\x21-\x7e]", "", key))
