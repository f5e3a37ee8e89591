"""A disk that takes writes and fails to flush them: what the app says of an answer is what the next start finds."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .app import run, without_surprise
from .audit import read_log

FLUSHES = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static int calls = 0;
static int fails(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, "progress.db-wal") && ++calls >= atoi(getenv("FAIL_FROM"));
}
int fsync(int descriptor) {
    if (fails(descriptor)) { errno = EIO; return -1; }
    return ((int (*)(int)) dlsym(RTLD_NEXT, "fsync"))(descriptor);
}
int fdatasync(int descriptor) {
    if (fails(descriptor)) { errno = EIO; return -1; }
    return ((int (*)(int)) dlsym(RTLD_NEXT, "fdatasync"))(descriptor);
}
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that stands before the C library's flushes."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("this needs a C compiler, and Linux")
    folder = tmp_path_factory.mktemp("flushes")
    (folder / "flushes.c").write_text(FLUSHES)
    built = folder / "flushes.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", built, folder / "flushes.c", "-ldl"], check=True)
    return built


@pytest.mark.parametrize("fail_from", [2, 3, 4, 6, 8])
def test_an_answer_that_could_not_be_recorded_is_not_there_at_the_next_start(
    library: Path, scratch: Path, fail_from: int
) -> None:
    home = scratch / "home"
    assert run(home, "review", "--limit", "1", typed=":give-up\n3\n").returncode == 0
    done = run(
        home, "review", typed=":give-up\n3\n" * 10, LD_PRELOAD=str(library), FAIL_FROM=str(fail_from)
    )  # fmt: skip
    assert done.returncode == 1 and "failed" in done.stderr and without_surprise(done.stderr)
    told = re.search(r"^(\d+) answers?", done.stdout, re.MULTILINE)
    acknowledged = 1 + (int(told[1]) if told else 0)
    assert run(home, "decks").returncode == 0
    assert len(read_log(home)) == acknowledged, done.stdout[-500:] + done.stderr
    assert run(home, "doctor").returncode == 0


def test_the_library_that_fails_lets_others_pass(library: Path, scratch: Path) -> None:
    done = run(scratch / "home", "review", "--limit", "2", typed=":give-up\n3\n" * 2, LD_PRELOAD=str(library),
               FAIL_FROM="1000")  # fmt: skip
    assert done.returncode == 0 and len(read_log(scratch / "home")) == 2
