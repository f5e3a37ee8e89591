"""What Linux itself refuses a learner's function: programs and processes, sockets, and files outside of its folder.

Checks written in Python hold for whoever goes through Python's own functions. These hold for whatever the process
does. The child process loads this module by its path; it imports nothing of the app. Where the system does not have
these means (macOS, Windows, an old kernel, a processor not listed) it does nothing, and there are the checks in Python
alone.
"""

from __future__ import annotations

import os
import platform
import struct
import sys
from typing import Any

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446

_FILE_RIGHTS = {1: 0x1FF3, 2: 0x3FF3, 3: 0x7FF3}
"""By version of Landlock, what is governed: all that changes files or starts programs; reading is not."""
_OWN_FOLDER = 1 << 1 | 1 << 8 | 1 << 14
"""What stays allowed in the folder: to write a file, to make one, to cut one."""
_TCP, _SIGNALS = 3, 2

_ANYWHERE = (424, 425, 428, 429, 430, 431, 432, 433, 434, 442, 452, 463, 466, 467)
"""Numbers that all processors share: of asynchronous calls, processes by descriptor, mounts, extended attributes."""
_REFUSED = {
    "x86_64": (
        # socket connect bind socketpair, fork vfork execve execveat, kill tkill and signals with data
        41, 42, 49, 53, 57, 58, 59, 322, 62, 200, 129, 297,
        # truncate rename* mkdir* rmdir unlink* link* symlink* chmod* chown* utime* mknod* *xattr
        76, 82, 264, 316, 83, 258, 84, 87, 263, 86, 265, 88, 266, 90, 91, 268, 92, 93, 94, 260, 132, 235, 261, 280,
        133, 259, 188, 189, 190, 197, 198, 199,
        # ptrace process_vm_writev, mounts and namespaces, bpf userfaultfd perf, modules, clocks, names, keys, queues
        101, 311, 165, 166, 155, 161, 272, 308, 321, 323, 298, 175, 313, 176, 246, 169, 167, 168, 164, 227, 159, 305,
        170, 171, 304, 250, 248, 249, 163, 179, 68, 64, 29, 240, 112, 109,
    ),
    "aarch64": (
        198, 203, 200, 199, 221, 281, 129, 130, 138, 240,
        45, 38, 276, 34, 35, 37, 36, 52, 53, 55, 54, 88, 33, 5, 6, 7, 14, 15, 16,
        117, 271, 40, 39, 41, 51, 97, 268, 280, 282, 241, 105, 273, 106, 104, 142, 224, 225, 170, 112, 171, 266,
        161, 162, 265, 219, 217, 218, 89, 60, 186, 190, 194, 180, 157, 154,
    ),
}  # fmt: skip
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3, _OF_A_THREAD = 435, 0x10000

_ALLOW, _FAIL, _NOT_PERMITTED, _NOT_THERE = 0x7FFF0000, 0x50000, 1, 38
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06


def refuse_in_kernel(folder: str) -> tuple[bool, bool]:
    """Refuse it for this process from now on: whether files are governed, and whether system calls are."""
    machine = platform.machine()
    if not sys.platform.startswith("linux") or struct.calcsize("P") != 8 or machine not in _ARCHITECTURE:
        return False, False
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False, False
    return _govern_files(ctypes, libc, folder), _filter_calls(ctypes, libc, machine)


def _govern_files(ctypes: Any, libc: Any, folder: str) -> bool:
    """Landlock: nothing is written, made or deleted outside of the folder, and nothing executed."""
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    rights = _FILE_RIGHTS[min(version, 3)]
    attributes = struct.pack("QQQ", rights, _TCP, _SIGNALS)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if rules < 0:
        return False
    try:
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            rule = struct.pack("=Qi", _OWN_FOLDER & rights, place)
            done = libc.syscall(_ADD_RULE, rules, 1, rule, 0) == 0
        finally:
            os.close(place)
        return bool(done and libc.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _filter_calls(ctypes: Any, libc: Any, machine: str) -> bool:
    """Seccomp: the calls listed fail as not permitted; a thread may be started, a process not."""
    refused = (*_REFUSED[machine], *_ANYWHERE)
    program = [(_LOAD, 0, 0, 4), (_IF_EQUAL, 1, 0, _ARCHITECTURE[machine]), (_RETURN, 0, 0, _FAIL | _NOT_PERMITTED)]
    program.append((_LOAD, 0, 0, 0))
    program += [(_IF_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _FAIL | _NOT_PERMITTED)]
    program += [(_IF_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _FAIL | _NOT_THERE)]  # the C library then takes clone
    for number in refused:
        program += [(_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _FAIL | _NOT_PERMITTED)]
    program += [(_IF_EQUAL, 0, 3, _CLONE[machine]), (_LOAD, 0, 0, 16), (_IF_BITS, 1, 0, _OF_A_THREAD)]
    program += [(_RETURN, 0, 0, _FAIL | _NOT_PERMITTED), (_RETURN, 0, 0, _ALLOW)]
    code = b"".join(struct.pack("HBBI", *step) for step in program)
    held = ctypes.create_string_buffer(code, len(code))
    what = struct.pack("HxxxxxxQ", len(program), ctypes.addressof(held))
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, what, 0, 0) == 0)
