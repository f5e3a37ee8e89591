"""The hash from which chance is drawn: the same on every machine and in every version."""

from __future__ import annotations

try:
    # `hashlib` would load OpenSSL, which takes longer than the whole bank; this is the same function.
    from _blake2 import blake2b
except ImportError:  # a Python that keeps it elsewhere
    from hashlib import blake2b

__all__ = ["blake2b"]
