"""The command line: one module a command, each imported only when it runs."""

from studyapp.cli.group import commands

__all__ = ["commands"]
