"""The index by weights that are held fixed: for trends and benchmarks, where only the answers may move it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from leal.errors import BadOption, BadValue
from leal.path_model.index import Definition
from leal.path_model.moments import Covariance, Missing, Moments
from leal.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from leal.engine import FrameLike
    from leal.path_model.model_fit import PathFit


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedWeights:
    """The weights of an index, estimated once (on a base period, on all companies together) and kept.

    Attributes
    ----------
    constructs : mapping of str to mapping of str to float
        By construct and item; the weights of a construct sum to 1.
    definition : {"A", "B", "C", "D"}
        How they were made; see `leal.path_model.Definition`.
    scale : (float, float)
        Lowest and highest possible answer.
    n : int
        Answers that they were estimated on.
    """

    constructs: Mapping[str, Mapping[str, float]]
    definition: Definition
    scale: tuple[float, float]
    n: int

    @property
    def items(self) -> tuple[str, ...]:
        """The items of all constructs, in order."""
        return tuple(item for items in self.constructs.values() for item in items)

    def index(
        self,
        data: FrameLike | Moments,
        by: str | Sequence[str] | None = None,
        weight: str | None = None,
        *,
        missing: Missing = "casewise",
        level: float = 0.95,
    ) -> pl.DataFrame:
        """Return the index of any answers (another wave, each company) by these weights.

        Parameters
        ----------
        data : dataframe, path or Moments
            Answers with the items as columns, in any engine and of any size, or their moments.
        by : str, sequence of str or None
            Columns of groups, where `data` are answers; moments have their own.
        weight : str or None
            Column of sampling weights.
        missing : {"casewise", "mean", "pairwise", "em"}
            What to do with gaps, construct by construct.
        level : float
            Confidence level.

        Returns
        -------
        polars.DataFrame
            The columns of the groups, construct, estimate (0 to 100), standard_error, ci_low, ci_high, n,
            level, method. A group without two answers to a construct has empty figures.

        Notes
        -----
        The index is then a mean over respondents, so its standard error needs no resampling:
        sqrt(w' V w), V the covariances of the items' means (S / n_effective without gaps; with gaps each mean
        rests on who answered its item), with a t quantile. It leaves out that the weights themselves are
        uncertain: right for a change under the same weights, too narrow for the level of one company with
        own weights.
        """
        import polars as pl

        moments = data if isinstance(data, Moments) else Moments.from_frame(data, self.items, by, weight)
        rows = [
            dict(zip(moments.keys.columns, key, strict=True)) | self._row(name, part, missing, level)
            for key, part in moments.groups().items()
            for name in self.constructs
        ]
        return pl.DataFrame(rows, infer_schema_length=None)

    def _row(self, name: str, moments: Moments, missing: Missing, level: float) -> dict[str, object]:
        items = self.constructs[name]
        covariance = moments.select(tuple(items)).covariance(missing)
        values = _index(covariance, np.array(list(items.values())), self.scale, level)
        names = ("estimate", "standard_error", "ci_low", "ci_high")
        told: dict[str, object] = {"construct": name} | dict(zip(names, values, strict=True))
        return told | {"n": covariance.n, "level": level, "method": "fixed_weights"}

    def to_dict(self) -> dict[str, Any]:
        """Return the weights as plain JSON values, for the next wave; `from_dict` reads them."""
        return {
            "definition": self.definition,
            "scale": list(self.scale),
            "n": self.n,
            "constructs": {name: dict(items) for name, items in self.constructs.items()},
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> FixedWeights:
        """Return weights from what `to_dict` gave (or a person wrote); they are made to sum to 1.

        Raises
        ------
        BadValue
            A construct has no items, or weights that are not above zero.
        """
        if told["definition"] not in get_args(Definition):
            raise BadOption("definition", told["definition"], list(get_args(Definition)))
        constructs = {name: _normed(name, items) for name, items in told["constructs"].items()}
        low, high = told["scale"]
        return cls(
            constructs=constructs,
            definition=told["definition"],
            scale=(float(low), float(high)),
            n=int(told.get("n", 0)),
        )


def _normed(name: str, items: Mapping[str, float]) -> dict[str, float]:
    if not items or min(items.values()) <= 0:
        raise BadValue(
            Text("The weights of {construct} are not all above zero.", construct=name),
            hint=Text("Drop items whose weight is zero or negative, or turn their scale."),
        )
    total = sum(items.values())
    return {item: float(value) / total for item, value in items.items()}


def _index(
    covariance: Covariance, weights: np.ndarray, scale: tuple[float, float], level: float
) -> tuple[float | None, ...]:
    from scipy.stats import t as student

    low, high = scale
    if covariance.n < 2 or not np.isfinite(covariance.means).all():
        return (None, None, None, None)
    unit = 100 / (high - low)
    estimate = (float(weights @ covariance.means) - low) * unit
    error = float(np.sqrt(max(weights @ covariance.of_means @ weights, 0.0))) * unit
    reach = float(student.ppf((1 + level) / 2, max(covariance.least_effective_n - 1, 1))) * error
    return (estimate, error, max(0.0, estimate - reach), min(100.0, estimate + reach))


def fixed_weights_of(fit: PathFit, definition: Definition) -> FixedWeights:
    """Return the weights of a fit's index, to be held fixed; see `PathFit.fixed_weights`."""
    values = iter(fit.index_weights(definition).tolist())
    constructs = {
        construct.name: _normed(construct.name, {item: next(values) for item in construct.items})
        for construct in fit.model.constructs
    }
    return FixedWeights(constructs=constructs, definition=definition, scale=fit.options.scale, n=fit.n)
