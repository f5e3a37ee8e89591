"""``studyapp schema``: the JSON Schema of a deck."""

from __future__ import annotations

import click

from studyapp.cli.output import print_json


@click.command(epilog="Example: studyapp schema > deck.schema.json")
def schema() -> None:
    """Print the JSON Schema of a deck file, for editors that complete and check YAML."""
    from studyapp.deck.schema import json_schema

    print_json(json_schema())
