"""`Loss`: a reference function with its gradient and its card, made by the decorator `loss`.

A loss is written as two plain formulas over checked float64 arrays: its value, sample by sample, and its gradient.

    @loss(title="Hinge loss", formula=..., domain={"y_true": SIGN, "score": REAL}, ...)
    def hinge(y_true, score, *, margin=1.0):
        return np.maximum(0.0, margin - y_true * score)

    @hinge.gradient
    def _(y_true, score, *, margin=1.0):
        return np.where(y_true * score < margin, -y_true, 0.0)

`Loss` does what all have in common: it checks the arguments against the stated domains, silences floating-point
warnings where infinities are the right answer, and reduces the samples to their mean or sum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from .conversion import Array
from .domain import Domain
from .errors import LossError
from .parameter import REDUCTION, Parameter
from .shapes import check_shapes

if TYPE_CHECKING:
    from inspect import Signature

Formula = Any
"""A plain function of checked arrays."""


class _Signature:
    """What `help` and `inspect.signature` show of a loss: the parameters of its formula, and `reduction`."""

    def __get__(self, loss: Loss | None, owner: type[Loss]) -> Signature:
        if loss is None:
            raise AttributeError("only a loss has a signature of its own")
        import inspect  # late: no computation needs it

        signature = inspect.signature(loss.value)
        if loss.reduction is None:
            return signature
        reduction = inspect.Parameter("reduction", inspect.Parameter.KEYWORD_ONLY, default=loss.reduction)
        return signature.replace(parameters=[*signature.parameters.values(), reduction])


class Loss:
    """A callable reference loss (or measure, or activation) with `.grad` and the attributes of its card.

    name         the function's name: "bce"
    title        "Binary cross-entropy"
    formula      LaTeX
    family       "classification"
    aliases      other names that `losses.get` understands
    domain       argument name → Domain; with from_logits=True, `logit_domain` holds instead
    parameters   parameter name → Parameter
    defaults     parameter name → default value
    relations    sentences that tie it to other losses
    sections     where the study documents treat it
    kinks        where it has no derivative, in words; "" if it is smooth
    """

    __signature__ = _Signature()

    def __init__(
        self,
        value: Formula,
        *,
        title: str,
        formula: str,
        family: str,
        domain: Mapping[str, Domain],
        logit_domain: Mapping[str, Domain],
        parameters: Mapping[str, Parameter],
        aliases: tuple[str, ...],
        relations: tuple[str, ...],
        sections: tuple[str, ...],
        kinks: str,
        reduction: str | None,
        shared: tuple[str, ...],
        never_warns: bool,
    ) -> None:
        self.name: str = value.__name__
        self.title = title
        self.formula = formula
        self.family = family
        self.aliases = aliases
        self.domain: Mapping[str, Domain] = MappingProxyType(dict(domain))
        self.logit_domain: Mapping[str, Domain] = MappingProxyType({**domain, **logit_domain})
        self.relations = relations
        self.sections = sections
        self.kinks = kinks
        self.reduction = reduction
        """The default reduction; None for functions that return every value and have nothing to reduce."""
        self.value = value
        """The bare formula: checked float64 arrays in, one value a sample out."""

        self._shared = frozenset(shared)
        self._never_warns = never_warns
        self.slope: Formula = None
        """The bare formula of the gradient, sample by sample."""
        self.divisor: Formula = None
        """What the mean divides by, where that is not the number of samples."""
        self._kink_distance: Formula = None
        self._names = tuple(domain)
        self._arguments = tuple(self.domain.items())
        self._logit_arguments = tuple(self.logit_domain.items()) if logit_domain else self._arguments
        self._one_number_each = not any(argument.trailing for argument in (*domain.values(), *logit_domain.values()))

        # Read from the function itself: inspect.signature of every loss would double the time of the import.
        optional = value.__defaults__ or ()
        self._optional_arguments = dict(zip(self._names[len(self._names) - len(optional) :], optional, strict=True))
        defaults = dict(value.__kwdefaults__ or {})
        self._value_parameters = {name: parameters[name] for name in defaults}
        self._gradient_parameters = dict(self._value_parameters)
        self.parameters: Mapping[str, Parameter] = MappingProxyType(dict(parameters))
        self.defaults: dict[str, Any] = defaults
        if reduction is not None:
            self.parameters = MappingProxyType({**parameters, "reduction": REDUCTION})
            self.defaults["reduction"] = reduction
        self.__name__ = self.__qualname__ = value.__name__
        self.__module__ = value.__module__
        self.__doc__ = value.__doc__

    def __repr__(self) -> str:
        return f"<loss {self.name}{self.__signature__}>"

    # ------------------------------------------------------------------ value and gradient

    def __call__(self, *arguments: Any, reduction: str | None = None, **parameters: Any) -> Any:
        """The loss: a float for "mean" and "sum", one value a sample for "none"."""
        arrays, parameters, never_warns = self._admit(arguments, parameters, self._value_parameters)
        reduction = self._admit_reduction(reduction)
        if never_warns:
            return self._evaluate(arrays, parameters, reduction)
        with np.errstate(all="ignore"):
            return self._without_nan(self._evaluate(arrays, parameters, reduction))

    def grad(self, *arguments: Any, reduction: str | None = None, **parameters: Any) -> Any:
        """The gradient of the reduced loss, in the shape of the argument it is taken in.

        With reduction="none" each sample's own derivative, not divided by the number of samples.
        """
        if self.slope is None:
            raise LossError(f"{self.name} has no gradient")
        arrays, parameters, never_warns = self._admit(arguments, parameters, self._gradient_parameters)
        reduction = self._admit_reduction(reduction)
        if never_warns:
            return self._differentiate(arrays, parameters, reduction)
        with np.errstate(all="ignore"):
            return self._without_nan(self._differentiate(arrays, parameters, reduction))

    def kink_distance(self, *arguments: Any, **parameters: Any) -> float:
        """How far the arguments are from the nearest point without a derivative; inf if the loss is smooth."""
        if self._kink_distance is None:
            return float("inf")
        arrays, parameters, _ = self._admit(arguments, parameters, self._value_parameters)
        with np.errstate(all="ignore"):
            distances = np.asarray(self._kink_distance(*arrays, **parameters))
        return float(distances.min()) if distances.size else float("inf")

    def _evaluate(self, arrays: list[Array], parameters: dict[str, Any], reduction: str | None) -> Any:
        values = self.value(*arrays, **parameters)
        if reduction is None or reduction == "none":
            values += 0.0  # turns -0.0 into 0.0
            return values if values.ndim else float(values)
        total = float(np.add.reduce(values, axis=None)) + 0.0
        if reduction == "sum":
            return total
        return total / self._mean_divisor(values.size, arrays, parameters)

    def _differentiate(self, arrays: list[Array], parameters: dict[str, Any], reduction: str | None) -> Any:
        gradient = self.slope(*arrays, **parameters)
        if reduction == "mean":
            if self.divisor is None:
                batch_axes = arrays[0].ndim - len(self._arguments[0][1].trailing)
                count = arrays[0].size if self._one_number_each else int(np.prod(arrays[0].shape[:batch_axes]))
            else:
                count = 0
            divisor = self._mean_divisor(count, arrays, parameters)
            if divisor != 1:
                gradient /= divisor
        gradient += 0.0  # turns -0.0 into 0.0
        return gradient if gradient.ndim else float(gradient)

    def _without_nan(self, result: Any) -> Any:
        """The result, unless it holds what only an overflow on the way can have caused, such as inf - inf."""
        if np.count_nonzero(np.isnan(result)):
            raise LossError(
                f"{self.name}: the arguments are so large that values on the way exceed the range of 64-bit floats; "
                "scale them down"
            )
        return result

    def _mean_divisor(self, count: int, arrays: list[Array], parameters: dict[str, Any]) -> float:
        divisor = count if self.divisor is None else self.divisor(*arrays, **parameters)
        if not divisor:
            raise LossError(
                f"{self.name}: there is nothing to average (no samples, or no weight on any); "
                "reduction='sum' gives 0, reduction='none' the samples"
            )
        return float(divisor)

    # ------------------------------------------------------------------ what the family files add

    def gradient(self, formula: Formula) -> Formula:
        """Decorator: the closed-form gradient, sample by sample."""
        self.slope = formula
        for name, default in (formula.__kwdefaults__ or {}).items():
            if name not in self._value_parameters:
                self._gradient_parameters[name] = self.parameters[name]
                self.defaults[name] = default
        return formula

    def mean_divisor(self, formula: Formula) -> Formula:
        """Decorator: what reduction="mean" divides by, where that is not the number of samples."""
        self.divisor = formula
        return formula

    def distance_to_kink(self, formula: Formula) -> Formula:
        """Decorator: how far each sample is from a point without a derivative."""
        self._kink_distance = formula
        return formula

    # ------------------------------------------------------------------ checks

    def _admit(
        self, arguments: tuple[Any, ...], parameters: dict[str, Any], known: dict[str, Parameter]
    ) -> tuple[list[Array], dict[str, Any], bool]:
        if len(arguments) != len(self._names):
            arguments = self._bind(arguments, parameters)
        expected = self._arguments
        never_warns = self._never_warns
        if parameters:
            parameters = self._admit_parameters(parameters, known)
            never_warns = False
            if parameters.get("from_logits"):
                expected = self._logit_arguments
        arrays = []
        for (name, domain), argument in zip(expected, arguments, strict=True):
            array, is_moderate = domain.admit(self.name, name, argument)
            never_warns = never_warns and is_moderate
            arrays.append(array)
        if self._one_number_each:
            shape = arrays[0].shape
            for array in arrays:
                if array.shape != shape:
                    check_shapes(self.name, expected, arrays, self._shared)
        else:
            check_shapes(self.name, expected, arrays, self._shared)
        return arrays, parameters, never_warns

    def _bind(self, arguments: tuple[Any, ...], parameters: dict[str, Any]) -> tuple[Any, ...]:
        """Arguments given by name, left out, or too many."""
        if len(arguments) > len(self._names):
            names = ", ".join(self._names)
            extra = [name for name in self._value_parameters]
            cure = f"; give parameters by name, as in {extra[0]}=…" if extra else ""
            raise LossError(f"{self.name} takes {len(self._names)} arguments ({names}); got {len(arguments)}{cure}")
        bound = list(arguments)
        for name in self._names[len(arguments) :]:
            if name in parameters:
                bound.append(parameters.pop(name))
            elif name in self._optional_arguments:
                bound.append(self._optional_arguments[name])
            else:
                raise LossError(f"{self.name} needs {' and '.join(self._names)}; {name} is missing")
        return tuple(bound)

    def _admit_parameters(self, parameters: dict[str, Any], known: dict[str, Parameter]) -> dict[str, Any]:
        admitted = {}
        for name, value in parameters.items():
            if name not in known:
                self._refuse_parameter(name, known)
            admitted[name] = known[name].admit(self.name, name, value)
        return admitted

    def _refuse_parameter(self, name: str, known: dict[str, Parameter]) -> None:
        if name in self._names:
            raise LossError(f"{self.name}: {name} was given twice, by place and by name")
        if name in self.parameters:
            raise LossError(f"{self.name}: {name} is a parameter of the gradient alone")
        has = [*known, *(["reduction"] if self.reduction else [])]
        from studyapp.nearest import nearest  # late: only mistakes need it

        near = nearest(name, has)
        suggestion = f"; did you mean {near}?" if near else ""
        listed = f"It has: {', '.join(has)}" if has else "It has none"
        raise LossError(f"{self.name} has no parameter {name}{suggestion}. {listed}")

    def _admit_reduction(self, reduction: str | None) -> str | None:
        if reduction is None:
            return self.reduction
        if self.reduction is None:
            raise LossError(f"{self.name} has nothing to reduce: it takes no reduction")
        return REDUCTION.admit(self.name, "reduction", reduction)  # type: ignore[no-any-return]


def loss(
    *,
    title: str,
    formula: str,
    family: str,
    domain: Mapping[str, Domain],
    logit_domain: Mapping[str, Domain] | None = None,
    parameters: Mapping[str, Parameter] | None = None,
    aliases: tuple[str, ...] = (),
    relations: tuple[str, ...] = (),
    sections: tuple[str, ...] = (),
    kinks: str = "",
    reduction: str | None = "mean",
    shared: tuple[str, ...] = (),
    never_warns: bool = False,
) -> Callable[[Formula], Loss]:
    """Decorator that turns a value formula into a `Loss`.

    logit_domain   domains that replace those of `domain` when from_logits=True
    shared         arguments that may lack the batch axes, one value serving all samples
    never_warns    whether the formula cannot divide by zero or take log 0 when the arguments are moderate
                   and inside their domains; then the guard against warnings is left out, which is faster
    """

    def make(value: Formula) -> Loss:
        return Loss(
            value,
            title=title,
            formula=formula,
            family=family,
            domain=domain,
            logit_domain=logit_domain or {},
            parameters=parameters or {},
            aliases=aliases,
            relations=relations,
            sections=sections,
            kinks=kinks,
            reduction=reduction,
            shared=shared,
            never_warns=never_warns,
        )

    return make
