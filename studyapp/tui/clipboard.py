"""Copying to the clipboard, both through the terminal and through the system's own tool."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from textual.app import App

_TOOLS: tuple[tuple[str, ...], ...] = (
    ("pbcopy",),
    ("wl-copy",),
    ("xclip", "-selection", "clipboard"),
    ("xsel", "--clipboard", "--input"),
    ("clip.exe",),
)


def copy(app: App[Any], text: str, environment: Mapping[str, str] | None = None) -> None:
    """Copy text through OSC 52, and with the desktop's tool where one can reach the user's screen.

    Over SSH the tool would fill the clipboard of the wrong machine, so only the terminal is asked there.
    """
    environment = os.environ if environment is None else environment
    app.copy_to_clipboard(text)
    if app.is_headless or "SSH_CONNECTION" in environment:
        return
    for tool in _TOOLS:
        needs_display = tool[0] in ("xclip", "xsel") and "DISPLAY" not in environment
        needs_wayland = tool[0] == "wl-copy" and "WAYLAND_DISPLAY" not in environment
        if needs_display or needs_wayland or shutil.which(tool[0]) is None:
            continue
        try:
            subprocess.run(
                tool,
                input=text.encode(),
                timeout=2,
                check=False,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        return
