"""`studyapp loss`: values, gradients and cards on stdout, trouble on stderr, exit codes 0 and 2."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from studyapp import losses
from studyapp.cli.loss import loss as command
from studyapp.cli.loss import read_array


def run(*words: str) -> Result:
    return CliRunner().invoke(command, list(words), catch_exceptions=False)


PRINTED = [
    (("bce", "[1, 0]", "[0.9, 0.2]"), "0.16425203348601802"),
    (("bce", "1 0", "0.9,0.2", "--grad"), "[-0.5555555555555556, 0.625]"),
    (("hinge", "-1 1", "0.5, −2", "--reduction", "none"), "[1.5, 3.0]"),
    (("hinge", "-1", "-.5"), "0.5"),
    (("hinge", "-1", "-5e-1", "--margin=2"), "1.5"),
    (("huber", "0", "3", "--delta", "2"), "4.0"),
    (("Huber", "--delta", "2", "0", "3"), "4.0"),
    (("mse", "--y-pred", "3", "--y-true", "1"), "4.0"),
    (("bce", "0", "1000", "--from-logits"), "1000.0"),
    (("bce", "0", "1000", "--from-logits=true"), "1000.0"),
    (("bce", "1", "0"), "inf"),
    (("bce", "1 0", "0.5 0.5", "--sample-weight", "0 0"), "0.0"),
    (("kl", "[.5 .5]", "(0.5, 0.5)", "--base", "2"), "0.0"),
    (("softmax", "0 0", "--grad"), "[0.25, -0.25]\n[-0.25, 0.25]"),
    (("dice", "1 0; 0 1", "1 0; 0 1", "--axis", "-1", "--reduction", "none"), "[0.0, 0.0]"),
    (("dice", "1 0; 0 1", "1 0; 0 1", "--axis", "0,1"), "0.0"),
    (("lovasz_softmax", "0 1", "1 0; 0 1", "--classes", "all"), "0.0"),
    (("lovasz_softmax", "0 1", "1 0; 0 1", "--classes", "0 1"), "0.0"),
    (("iou_loss", "0 0 1 1", "0 0 1 1", "--form", "log"), "0.0"),
    (("triplet", "0 0", "0 1", "3 4", "--margin", "5", "--wrt", "negative", "--grad"), "[-0.6, -0.8]"),
    (("focal", "1", "0.5", "--alpha", "none", "--gamma", "1", "--reduction", "sum"), "0.34657359027997264"),
]


@pytest.mark.parametrize(("words", "printed"), PRINTED)
def test_prints_the_value(words: tuple[str, ...], printed: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout.strip(), result.stderr) == (0, printed, "")


REFUSED = [
    (("hinge", "0 1", "1 2"), "use 2*y - 1"),
    (("hinje", "1", "1"), "did you mean hinge?"),
    (("bce", "1", "x"), "y_pred cannot be read: “x” is no name"),
    (("bce", "1 0; 1", "1"), "the rows of this matrix are not equally long"),
    (("bce", "1"), "y_pred is missing"),
    (("bce", "1", "0.5", "0.5"), "bce takes 2 arguments"),
    (("huber", "0", "3", "--dleta", "2"), "did you mean --delta?"),
    (("huber", "0", "3", "--delta"), "--delta needs a value"),
    (("huber", "0", "3", "--delta", "0"), "delta must be a number > 0; got 0"),
    (("huber", "0", "3", "--reduction", "median"), "got 'median'"),
    (("bce", "1", "0.5", "--from-logits=perhaps"), "from_logits must be True or False"),
    (("ciou", "0 0 1 1", "0 0 1 1", "--hold-alpha"), "parameter of the gradient alone"),
    ((), "which loss?"),
    (("--list", "fruit"), "there is no family 'fruit'"),
    (("mse", "", "1"), "y_true cannot be read: there is nothing to read"),
    (("mse", "[]", "1"), "y_true has shape (0,) but y_pred has shape ()"),
    (("mse", '{"a": 1}', "1"), "y_true is a dict"),
    (("mse", '"1"', "1"), "y_true must be numbers; got text"),
    (("mse", "NaN", "1"), "y_true must be finite numbers; got nan"),
    (("mse", "1", "1", "--grad", "--reduction"), "--reduction needs a value"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_refuses_with_one_clear_message(words: tuple[str, ...], message: str) -> None:
    result = run(*words)
    assert result.exit_code == 2 and result.stdout == ""
    assert message in result.stderr and "Traceback" not in result.stderr


def test_json() -> None:
    value = json.loads(run("bce", "1 0", "0.9 0.2", "--grad", "--json").stdout)
    assert value == {"loss": "bce", "result": "gradient", "value": [-0.5555555555555556, 0.625]}
    assert json.loads(run("bce", "1", "0", "--json").stdout)["value"] == "inf"
    assert json.loads(run("kl", "[[1,0]]", "[[0.5,0.5]]", "--grad", "--json").stdout)["value"] == [[-2.0, 0.0]]


@pytest.mark.parametrize("name", losses.names())
def test_a_name_alone_shows_the_card(name: str) -> None:
    text, card = run(name), json.loads(run(name, "--json").stdout)
    assert text.exit_code == 0 and losses.get(name).title in text.stdout
    assert card["name"] == name and card["formula"] == losses.get(name).formula
    assert list(card["arguments"]) == list(losses.get(name).domain)
    assert all("--" + key.replace("_", "-") in text.stdout for key in card["parameters"])


def test_list_names_every_loss() -> None:
    printed = run("--list")
    assert printed.exit_code == 0
    assert {line.split()[0] for line in printed.stdout.splitlines() if line.startswith("  ")} == set(losses.names())
    assert [card["name"] for card in json.loads(run("--list", "retrieval", "--json").stdout)] == list(
        losses.names("retrieval")
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-.5", -0.5),
        ("inf", float("inf")),
        ("[1, 0]", [1, 0]),
        ("[1]", [1]),
        ("1,", [1.0]),
        ("1, 0", [1.0, 0.0]),
        ("(1, 0)", [1.0, 0.0]),
        ("1/2 ln(1)", [0.5, 0.0]),
        ("1 0; 0 1", [[1.0, 0.0], [0.0, 1.0]]),
        ("[1 0; 0 1]", [[1.0, 0.0], [0.0, 1.0]]),
        ("[[1, 0], [0, 1]]", [[1, 0], [0, 1]]),
        ("−1 2", [-1.0, 2.0]),
    ],
)
def test_arrays_are_read_as_people_write_them(text: str, value: Any) -> None:
    assert read_array(text, "x") == value
