"""Decks from an address: a repository served on the loopback interface."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from studyapp.exchange import shared

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

DECK = """\
deck: team/basics
title: Basics
cards:
  - {id: team-a, kind: recall, question: What is a?, answer: The first}
  - {id: team-b, kind: recall, question: What is b?, answer: The second}
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


class Repository:
    """A repository of decks, and where it is served."""

    def __init__(self, folder, port):
        self.folder = folder / "decks"
        self.served = folder / "served"
        self.address = f"http://127.0.0.1:{port}/decks.git"
        self.folder.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words):
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        environment = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run(["git", *identity, *words], cwd=self.folder, env=environment, check=True, capture_output=True)

    def publish(self, **files):
        for name, text in files.items():
            path = self.folder / name.replace("__", ".")
            if text is None:
                path.unlink()
            else:
                path.write_text(text)
        self.git("add", "-A")
        self.git("commit", "--quiet", "--allow-empty", "-m", "x")
        bare = self.served / "decks.git"
        shutil.rmtree(bare, ignore_errors=True)
        self.git("clone", "--quiet", "--bare", ".", str(bare))
        self.git("--git-dir", str(bare), "update-server-info")


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "remote" / "served").mkdir(parents=True)
    handler = partial(Quiet, directory=str(tmp_path / "remote" / "served"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield Repository(tmp_path / "remote", server.server_address[1])
    server.shutdown()
    thread.join()
    server.server_close()


def test_decks_come_from_an_address_and_are_brought_up_to_date(learner, repository):
    repository.publish(basics__yaml=DECK)
    assert "added team/basics: 2 cards" in learner.run("add", repository.address)
    assert "nothing is new" in learner.run("update")
    changed = DECK.replace("The first", "The very first").replace("team-b", "team-c")
    repository.publish(basics__yaml=changed, README__md="x")
    said = learner.run("update")
    assert "1 new card\n  + team-c: What is b?" in said and "1 changed card\n  ~ team-a" in said
    assert "1 gone card, whose history stays\n  - team-b" in said
    assert learner.cards()["team-a"]["answer"] == "The very first"
    assert json.loads(learner.run("update", "decks", "--json"))[0]["name"] == "decks"


@pytest.mark.parametrize("broken", ["deck: [\n", "title: no name\ncards: []\n", ""])
def test_a_broken_version_leaves_the_old_one(learner, repository, broken):
    repository.publish(basics__yaml=DECK)
    learner.run("add", repository.address)
    repository.publish(basics__yaml=broken)
    code, _, err = learner.try_to("update")
    assert code == 1 and "is broken, so the old one stays" in err
    assert set(learner.cards()) == {"team-a", "team-b"}
    repository.publish(basics__yaml=DECK.replace("The first", "Mended"))
    learner.run("update")
    assert learner.cards()["team-a"]["answer"] == "Mended"


def test_what_was_edited_here_is_never_overwritten(learner, repository):
    repository.publish(basics__yaml=DECK, other__yaml=DECK.replace("team", "other"))
    learner.run("add", repository.address)
    mine = learner.home / "shared" / "decks" / "basics.yaml"
    mine.write_text(DECK.replace("The second", "mine"))
    repository.publish(other__yaml=DECK.replace("team", "other").replace("The first", "new"))
    learner.run("update")
    assert learner.cards()["team-b"]["answer"] == "mine" and learner.cards()["other-a"]["answer"] == "new"
    repository.publish(basics__yaml=DECK.replace("The first", "theirs"))
    code, _, err = learner.try_to("update")
    assert code == 1 and "was edited here" in err and learner.cards()["team-b"]["answer"] == "mine"


def test_nothing_of_a_repository_is_run_or_followed(learner, repository, tmp_path):
    marker = tmp_path / "ran"
    repository.publish(basics__yaml=DECK)
    (repository.folder / "secret.yaml").symlink_to("/etc/hostname")
    (repository.folder / ".gitattributes").write_text("*.yaml filter=evil\n")
    (repository.folder / ".gitmodules").write_text(
        f'[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "touch {marker}"\n'
    )
    repository.publish()
    learner.run("add", repository.address)
    clone = learner.home / "shared" / "decks"
    assert not (clone / "secret.yaml").is_symlink() and not marker.exists()
    hooks = clone / ".git" / "hooks"
    assert not hooks.exists() or not any(hooks.iterdir())
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "post-merge", "reference-transaction"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {marker}\n")
        (hooks / name).chmod(0o755)
    repository.publish(basics__yaml=DECK.replace("The first", "new"))
    learner.try_to("update")
    assert not marker.exists()


@pytest.mark.parametrize(
    "address",
    ["file:///etc", "ext::sh -c 'touch x'", "fd::17", "ftp://host/x.git", "--upload-pack=touch x://y", "file:x.git",
     "transport::address"],
)  # fmt: skip
def test_other_transports_are_refused(learner, address):
    code, _, err = learner.try_to("add", "--", address)
    assert code == 1 and ("is no address of a kind" in err or "there is no file or folder" in err.lower()), err
    assert not (learner.home / "shared").exists()


def test_an_address_that_is_not_there_or_holds_no_decks_adds_nothing(learner, repository):
    code, _, err = learner.try_to("add", repository.address)
    assert code == 1 and "could not be fetched" in err
    repository.publish(README__md="no decks")
    code, _, err = learner.try_to("add", repository.address)
    assert code == 1 and "holds no deck" in err
    assert list((learner.home / "shared").iterdir()) == []
    code, _, err = learner.try_to("update")
    assert code == 1 and "comes from an address" in err


def test_without_git_it_is_said(learner, monkeypatch):
    monkeypatch.setattr(shared.shutil, "which", lambda name: None)
    code, _, err = learner.try_to("add", "https://example.org/decks.git")
    assert code == 1 and "git is not installed" in err
