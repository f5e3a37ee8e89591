"""``studyapp loss``: the reference losses from the shell."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

import click

from studyapp.cli.completion import loss_names
from studyapp.cli.output import json_option, print_json, say
from studyapp.locale.message import Message
from studyapp.nearest import nearest
from studyapp.render.cells import pad

if TYPE_CHECKING:
    from studyapp.losses import Loss
    from studyapp.losses.parameter import Parameter

_WHICH, _TOO_DEEP = Message("which loss? --list shows them all"), Message("{name} is nested too deeply")
_NO_PARAMETER = Message("{loss} has no parameter {name}; {hint}")
_NEEDS_VALUE = Message("{name} needs a value")
_ALSO, _ARGUMENTS, _PARAMETERS = Message("Also called: {names}"), Message("Arguments"), Message("Parameters")
_DEFAULT = Message("default {value}")
_NO_FAMILY = Message("there is no family {name}; families: {known}")
_CANNOT_READ = Message(
    "{name} cannot be read: {why}, at character {place} of {text}. Write 0.5, '[1, 0]', '1 0' or '1 0; 0 1'"
)


@click.command(
    context_settings={"ignore_unknown_options": True},
    epilog="""\b
Examples:
  studyapp loss bce '[1, 0]' '[0.9, 0.2]'
  studyapp loss bce '1 0' '2.2 -1.4' --from-logits --grad
  studyapp loss kl '0.5 0.5' '0.25 0.75' --base 2
  studyapp loss cross-entropy '1 0 0; 0 1 0' '0.7 0.2 0.1; 0.1 0.8 0.1' --reduction none
  studyapp loss dice
  studyapp loss --list regression""",
)
@click.argument("name", required=False, shell_complete=loss_names)
@click.argument("words", metavar="[ARG]... [--PARAMETER VALUE]...", nargs=-1, type=click.UNPROCESSED)
@click.option("--grad", is_flag=True, help="The gradient in the prediction instead of the value.")
@click.option("--list", "as_list", is_flag=True, help="List all losses, or those of the family NAME.")
@json_option
@click.pass_context
def loss(
    context: click.Context, name: str | None, words: tuple[str, ...], grad: bool, as_list: bool, as_json: bool
) -> None:
    """Value or gradient of the reference loss NAME for the arguments given.

    An ARG is a number, a vector ("[1, 0]", "1, 0" or "1 0") or a matrix ("1 0; 0 1" or JSON), in the order target,
    prediction. Parameters are given by name: --delta 2, --from-logits. Without any ARG the card of the loss is
    shown: formula, arguments, parameters. In JSON an infinite value is the text "inf" or "-inf".
    """
    from studyapp import losses
    from studyapp.loss_titles import find_loss

    try:
        if as_list:
            _print_list(name, as_json)
            return
        if name is None:
            raise losses.LossError(_WHICH())
        found = find_loss(name)
        arguments, keywords = _sort_words(found, words)
        if not arguments and not keywords and not grad:
            _print_card(found, as_json)
            return
        result = (found.grad if grad else found)(*arguments, **keywords)
    except losses.LossError as error:
        raise click.UsageError(str(error), context) from None
    if as_json:
        print_json({"loss": found.name, "result": "gradient" if grad else "value", "value": _plain(result)})
    else:
        say(_as_text(result))


# ------------------------------------------------------------------ reading


def read_array(text: str, name: str) -> Any:
    """A number, vector or matrix as nested lists: JSON, or in the form in which answers are typed."""
    from studyapp.formula import LIST, ExpressionError, parse
    from studyapp.losses import LossError

    try:
        return json.loads(text)
    except RecursionError:
        raise LossError(_TOO_DEEP(name=name)) from None
    except ValueError:
        pass
    try:
        return parse(text, (), LIST).evaluate({}).tolist()
    except ExpressionError as error:
        shown = repr(text[:60])
        raise LossError(_CANNOT_READ(name=name, why=error.message, place=error.column + 1, text=shown)) from None


def _sort_words(found: Loss, words: tuple[str, ...]) -> tuple[list[Any], dict[str, Any]]:
    """Arguments in their order, and parameters by name, from the words of the command line."""
    from studyapp.losses import LossError

    arguments: list[Any] = []
    keywords: dict[str, Any] = {}
    names = list(found.domain)
    remaining = list(words)
    while remaining:
        word = remaining.pop(0)
        if not word.startswith("--"):
            place = names[len(arguments)] if len(arguments) < len(names) else f"argument {len(arguments) + 1}"
            arguments.append(read_array(word, place))
            continue
        option, given, value = word[2:].partition("=")
        key = option.replace("-", "_")
        if key in names:
            keywords[key] = read_array(value if given else _value_of(word, remaining), key)
            continue
        parameter = found.parameters.get(key)
        if parameter is None:
            near = nearest(key, [*found.parameters, "grad", "json", "list"])
            hint = (
                f"did you mean --{near.replace('_', '-')}?"
                if near
                else f"`studyapp loss {found.name}` shows what it has"
            )
            raise LossError(_NO_PARAMETER(loss=found.name, name=option, hint=hint))
        if parameter.kind == "flag" and not given:
            keywords[key] = True
        else:
            keywords[key] = _read_parameter(parameter, key, value if given else _value_of(word, remaining))
    return arguments, keywords


def _value_of(word: str, remaining: list[str]) -> str:
    from studyapp.losses import LossError

    if not remaining:
        raise LossError(_NEEDS_VALUE(name=word))
    return remaining.pop(0)


def _read_parameter(parameter: Parameter, key: str, text: str) -> Any:
    """The value that the loss itself will check: a word, True or False, None, or numbers."""
    word = text.strip()
    if parameter.optional and word.lower() == "none":
        return None
    if parameter.kind == "flag":
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(word.lower(), word)
    if word in getattr(parameter, "choices", ()) or parameter.kind == "option":
        return word
    value = read_array(word, key)
    if parameter.kind == "axes":
        entries = value if isinstance(value, list) else [value]
        return tuple(int(entry) if float(entry).is_integer() else entry for entry in entries)
    return value


# ------------------------------------------------------------------ printing


def _bare(value: Any) -> Any:
    """Python's own numbers and lists in the place of NumPy's."""
    return value.tolist() if hasattr(value, "tolist") else value


def _plain(value: Any) -> Any:
    """Nested lists of numbers that JSON can hold; infinities as text."""
    value = _bare(value)
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value if value not in (float("inf"), float("-inf")) else str(value)


def _as_text(value: Any) -> str:
    """A number or vector on one line, a matrix a row a line; blank lines between matrices."""
    if not hasattr(value, "tolist") or value.ndim < 2:
        return str(_bare(value))
    return str("\n" * (value.ndim - 1)).join(_as_text(part) for part in value)


def _card(found: Loss) -> dict[str, Any]:
    """The loss card as plain data."""
    return {
        "name": found.name,
        "title": found.title,
        "family": found.family,
        "aliases": list(found.aliases),
        "formula": found.formula,
        "arguments": {
            name: {"kind": domain.kind, "is": domain.description, "axes": list(domain.trailing)}
            for name, domain in found.domain.items()
        },
        "parameters": {
            name: {
                "kind": parameter.kind,
                "is": parameter.description,
                "default": found.defaults[name],
                "meaning": parameter.meaning,
            }
            for name, parameter in found.parameters.items()
        },
        "kinks": found.kinks,
        "relations": list(found.relations),
        "sections": list(found.sections),
    }


def _print_card(found: Loss, as_json: bool) -> None:
    card = _card(found)
    if as_json:
        print_json(card)
        return
    from studyapp.loss_titles import loss_family, loss_title

    say(f"{loss_title(found)}  ({found.name}, {loss_family(found)})")
    if found.aliases:
        say(_ALSO(names=", ".join(found.aliases)))
    say(f"\n{inspect.cleandoc(found.__doc__ or '')}\n\n{_ARGUMENTS}")
    for name, entry in card["arguments"].items():
        axes = ", ".join(["…", *entry["axes"]])
        say(f"  {name:<14} ({axes}): {entry['is']}")
    if card["parameters"]:
        say(_PARAMETERS())
    for name, entry in card["parameters"].items():
        option = "--" + name.replace("_", "-")
        say(f"  {option:<18} {entry['meaning']}; {entry['is']} ({_DEFAULT(value=entry['default'])})")
    for heading, lines in (("Relations", found.relations), ("Treated in", found.sections)):
        if lines:
            say(f"{heading}\n  " + "\n  ".join(lines))


def _print_list(family: str | None, as_json: bool) -> None:
    from studyapp import losses
    from studyapp.loss_titles import loss_title

    if family is not None and family not in losses.families():
        raise losses.LossError(_NO_FAMILY(name=repr(family), known=", ".join(losses.families())))
    chosen = [losses.get(name) for name in losses.names(family)]
    if as_json:
        print_json([_card(entry) for entry in chosen])
        return
    for group in dict.fromkeys(entry.family for entry in chosen):
        say(group)
        for entry in (entry for entry in chosen if entry.family == group):
            arguments = " ".join(name.upper() for name in entry.domain)
            say(f"  {entry.name:<22} {pad(loss_title(entry), 34)} {arguments}")
