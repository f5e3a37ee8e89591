"""A file that cannot be read is put aside, and the screen says so; nothing of it is written over."""

from __future__ import annotations

from pathlib import Path


async def test_a_paused_interview_that_cannot_be_read(perform, home: Path):
    home.mkdir(parents=True, exist_ok=True)
    (home / "interview.json").write_bytes(b"[" * 5000)
    async with perform("home") as stage:
        await stage.press("m")
        await stage.see("The paused interview cannot be read", "interview-1.json")
        assert stage.app.screen.paused is None
        await stage.press("s")
        await stage.until(lambda: (home / "interview.json").exists())
    assert (home / "damaged" / "interview-1.json").read_bytes() == b"[" * 5000


async def test_drafts_that_cannot_be_read(perform, home: Path):
    home.mkdir(parents=True, exist_ok=True)
    (home / "drafts.json").write_bytes(b'{"a": 7}')
    async with perform("home") as stage:
        await stage.see("The unfinished answers in", "cannot be read")
    assert (home / "damaged" / "drafts-1.json").read_bytes() == b'{"a": 7}'


async def test_a_key_file_that_cannot_be_read(perform, home: Path):
    home.mkdir(parents=True, exist_ok=True)
    (home / "keys.toml").write_bytes(b"x = " + b"[" * 5000)
    async with perform("home") as stage:
        await stage.see("a number is too long, or brackets are too deep")
    assert (home / "keys.toml").read_bytes() == b"x = " + b"[" * 5000
