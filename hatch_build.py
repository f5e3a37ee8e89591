"""Puts the compiled catalogues (``studyapp.mo``) into the wheel. An editable installation reads ``studyapp.po``."""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALE = "studyapp/locale"


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles every catalogue outside of the source tree, so that a build leaves nothing behind."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        compile_po = _module(Path(self.root, LOCALE, "po_file.py")).compile_po
        for source in sorted(Path(self.root, LOCALE).glob("*/LC_MESSAGES/studyapp.po")):
            compiled = Path(self._folder.name, f"{source.parts[-3]}.mo")
            compiled.write_bytes(compile_po(source.read_text(encoding="utf-8")))
            build_data["force_include"][str(compiled)] = f"{LOCALE}/{source.parts[-3]}/LC_MESSAGES/studyapp.mo"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self._folder.cleanup()


def _module(path: Path) -> ModuleType:
    """A module of the package, without its dependencies being installed."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
