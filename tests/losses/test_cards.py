"""The loss cards: complete, true to the functions, and found by any of their names."""

from __future__ import annotations

import doctest
import inspect
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studyapp import losses
from studyapp.losses import LossError
from tests.losses.samples import draw

TABLE = {
    "regression": "mse quadratic_cost mae mbe huber smooth_l1 log_cosh quantile",
    "classification": "zero_one bce balanced_bce cross_entropy sparse_cross_entropy nll hinge squared_hinge "
    "multiclass_hinge perceptron logistic exponential focal softmax_focal",
    "information": "self_information entropy cross_entropy_of kl js joint_entropy conditional_entropy "
    "mutual_information",
    "segmentation": "soft_iou dice tversky focal_tversky lovasz_hinge lovasz_softmax pixel_cross_entropy",
    "detection": "box_iou giou diou ciou iou_loss giou_loss diou_loss ciou_loss mean_iou",
    "retrieval": "triplet sum_hinge max_hinge info_nce",
    "regularisation": "l1_penalty l2_penalty elastic_net",
    "activations": "sigmoid softmax log_softmax logsumexp softplus",
}
ALL = losses.names()


def test_the_table_of_losses_is_complete() -> None:
    for family, names in TABLE.items():
        assert set(losses.names(family)) == set(names.split())
    assert losses.families() == tuple(TABLE)
    assert sum(len(names.split()) for names in TABLE.values()) == len(ALL) == len(set(ALL))
    assert all(getattr(losses, name) is losses.get(name) for name in ALL)
    assert set(ALL) <= set(losses.__all__)


@pytest.mark.parametrize(
    ("spoken", "name"),
    [
        ("MAE", "mae"),
        ("l1 loss", "mae"),
        ("Absolute Error", "mae"),
        ("mean-squared-error", "mse"),
        ("log loss", "bce"),
        ("pinball", "quantile"),
        ("KL divergence", "kl"),
        ("Jaccard loss", "soft_iou"),
        ("VSE++ loss", "max_hinge"),
        ("VSE loss", "sum_hinge"),
        ("InfoNCE", "info_nce"),
        ("Smooth L1", "smooth_l1"),
        ("cross-entropy", "cross_entropy"),
        ("mIoU", "mean_iou"),
    ],
)
def test_losses_are_found_by_any_of_their_names(spoken: str, name: str) -> None:
    assert losses.get(spoken).name == name


@pytest.mark.parametrize(
    ("misspelt", "nearest"), [("hinje", "hinge"), ("smoothl2", "smooth_l1"), ("tverski", "tversky")]
)
def test_an_unknown_name_gets_the_nearest_one(misspelt: str, nearest: str) -> None:
    with pytest.raises(LossError, match=f"did you mean {nearest}\\?"):
        losses.get(misspelt)
    with pytest.raises(LossError, match="names\\(\\) lists all"):
        losses.get("zzzzzzzz")


@pytest.mark.parametrize("name", ALL)
def test_a_card_is_complete(name: str) -> None:
    loss = losses.get(name)
    assert loss.title and loss.family in TABLE and loss.sections
    assert loss.formula and loss.formula.count("{") == loss.formula.count("}")
    assert loss.formula.count("\\begin") == loss.formula.count("\\end")
    assert loss.relations or name == "mbe"
    documents = re.compile(r"^00[0-4]( |$)")
    assert all(documents.match(section) for section in loss.sections)
    for domain in (*loss.domain.values(), *loss.logit_domain.values()):
        assert domain.description and domain.kind != "any"


@pytest.mark.parametrize("name", ALL)
def test_the_card_tells_the_signature(name: str) -> None:
    loss = losses.get(name)
    signature = inspect.signature(loss)
    keywords = {key for key, entry in signature.parameters.items() if entry.kind is inspect.Parameter.KEYWORD_ONLY}
    assert [key for key in signature.parameters if key not in keywords] == list(loss.domain)
    gradient_only = set(loss.parameters) - keywords
    assert gradient_only <= {"wrt", "hold_alpha"} and keywords <= set(loss.parameters)
    assert set(loss.defaults) == set(loss.parameters)
    for key in keywords:
        assert loss.defaults[key] == signature.parameters[key].default
    for key, parameter in loss.parameters.items():
        assert parameter.meaning and parameter.description
        default = loss.defaults[key]
        admitted = parameter.admit(name, key, default)
        assert (default is None and parameter.optional) or admitted == default


@pytest.mark.parametrize("name", ALL)
def test_spelling_the_defaults_out_changes_nothing(name: str) -> None:
    loss = losses.get(name)
    arguments = draw(loss, np.random.default_rng(0), {})
    in_value = {key: loss.defaults[key] for key in loss.parameters if key in inspect.signature(loss).parameters}
    np.testing.assert_array_equal(loss(*arguments, **in_value), loss(*arguments))
    np.testing.assert_array_equal(loss.grad(*arguments, **loss.defaults), loss.grad(*arguments))


@pytest.mark.parametrize("name", ALL)
def test_a_docstring_says_all_that_a_learner_needs(name: str) -> None:
    loss = losses.get(name)
    text = inspect.cleandoc(loss.__doc__ or "")
    assert re.search(r"^    \S", text, re.MULTILINE), "no formula"
    for part in ("Shapes:", "Source:", ">>> ", f"losses.{name}("):
        assert part in text, part
    assert "Relation:" in text or "Pitfall:" in text
    assert loss.slope is not None and (loss.slope.__doc__ or "").strip()


@pytest.mark.parametrize("name", ALL)
def test_the_example_of_a_docstring_is_true(name: str) -> None:
    run_examples(losses.get(name).__doc__ or "", name)


@pytest.mark.parametrize("path", sorted(Path(losses.__file__).parent.glob("*.py")), ids=lambda path: path.name)
def test_a_file_is_short_enough_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 350


def run_examples(text: str, name: str) -> None:
    example = doctest.DocTestParser().get_doctest(text, {"losses": losses, "np": np}, name, None, 0)
    assert example.examples
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert runner.run(example, out=report.append).failed == 0, "".join(report)


@pytest.mark.parametrize("name", ALL)
def test_a_card_that_names_kinks_can_tell_how_far_they_are(name: str) -> None:
    loss = losses.get(name)
    assert bool(loss.kinks) == (loss._kink_distance is not None)
    assert loss.kink_distance(*draw(loss, np.random.default_rng(4), {})) > 0


KINKS: list[tuple[str, Any, dict[str, Any], float]] = [
    ("mae", ([1.0, 5.0], [1.5, 5.25]), {}, 0.25),
    ("hinge", ([1, -1], [0.5, 3.0]), {}, 0.5),
    ("perceptron", ([1, -1], [0.5, 3.0]), {}, 0.5),
    ("smooth_l1", ([1.0], [1.0]), {}, math.inf),
    ("smooth_l1", ([1.0], [1.5]), {"beta": 0}, 0.5),
    ("multiclass_hinge", ([0], [[1.0, 0.5]]), {}, 0.5),
    ("multiclass_hinge", ([0], [[1.0, 1.0, 1.25]]), {}, 0.25),
    ("lovasz_hinge", ([1, 0], [0.5, 0.0]), {}, 0.5),
    ("max_hinge", ([[0.0, 1.0, 0.75], [-9, 0.0, -9], [-9, -9, 0.0]],), {}, 0.25),
    ("sum_hinge", ([[1.0, 0.5], [0.0, 1.0]],), {"margin": 0.25}, 0.25),
    ("triplet", ([0.0], [1.0], [3.0]), {"margin": 1.5}, 0.5),
    ("mse", ([1.0], [1.0]), {}, math.inf),
    ("box_iou", ([0, 0, 2, 2], [0.5, 1, 4, 3]), {}, 0.5),
    ("giou_loss", ([0, 0, 2, 2], [2.25, 1, 4, 3]), {}, 0.25),
    ("focal_tversky", ([1, 1], [1.0, 0.0]), {}, 1 / 3),
]


@pytest.mark.parametrize(("name", "arguments", "parameters", "distance"), KINKS)
def test_distance_to_the_nearest_kink(name: str, arguments: Any, parameters: Any, distance: float) -> None:
    assert losses.get(name).kink_distance(*arguments, **parameters) == pytest.approx(distance)
