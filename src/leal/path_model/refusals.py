"""What cannot be fitted or resampled, refused in words with what to do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leal.errors import BadOption, BadValue, Where
from leal.path_model.construct_names import construct_name
from leal.path_model.estimation import Solution
from leal.path_model.moments import Covariance, Moments
from leal.path_model.specification import PathModel
from leal.path_model.structure import Structure
from leal.results import is_number
from leal.wording import Listing, Text

Floats = NDArray[np.float64]


def check_draws(resamples: int, level: float) -> None:
    """Refuse a number of resamples or a level that mean nothing."""
    if not (is_number(resamples) and resamples == int(resamples) and resamples >= 1):
        raise BadOption("resamples", resamples, [Text("a whole number above zero, as 5000")])
    if not (is_number(level) and 0 < level < 1):
        raise BadOption("level", level, [Text("a share between 0 and 1, as 0.95")])


def refuse_unanswered(moments: Moments) -> None:
    """Refuse items that nobody answered, and weights that leave nobody."""
    answered = (moments.present * moments.n[:, None]).sum(axis=0)
    if moments.n.sum() and not moments.total.sum() > 0:
        raise BadValue(
            Text("The weights of all answers are zero."),
            hint=Text("Give a column of weights above zero, or none."),
        )
    for item, count in zip(moments.items, answered, strict=True):
        if moments.n.sum() and not count:
            raise BadValue(
                Text("The item {item} was answered by nobody.", item=item),
                hint=Text("Leave it out of the model, or check the name of its column."),
                where=Where(column=item),
            )


def refuse_unsolved(model: PathModel, solution: Solution) -> None:
    """Refuse a solution that is not a number: items that repeat each other in a block of Mode B."""
    if solution.usable.all():
        return
    names = [one.name for one in model.constructs if one.mode == "B"]
    raise BadValue(
        Text("The model cannot be estimated: items of a construct, or constructs, repeat each other."),
        hint=Text(
            "Drop one of the items that hold the same answers, or measure {names} in Mode A (=~).",
            names=Listing.of(names or model.names),
        ),
    )


def refuse_inconsistent(model: PathModel, solution: Solution, reliability: Floats) -> None:
    """Refuse consistent figures that are no numbers: a reliability of zero or below has no root."""
    if solution.usable.all() and np.isfinite(solution.loadings(Structure(model))).all():
        return
    values = reliability[:, 0]
    names = [name for name, value in zip(model.names, values, strict=True) if not value > 0]
    raise BadValue(
        Text(
            "Consistent PLS is not possible here: reliability rho_A is not above zero for {names}.",
            names=Listing.of(construct_name(name) for name in names or model.names),
        ),
        hint=Text("Fit without consistent=True, or drop items that do not belong together."),
    )


def refuse_what_cannot_be_fitted(model: PathModel, covariance: Covariance) -> None:
    """Refuse fewer than three answers, and items without variation."""
    if covariance.n < 3:
        raise BadValue(
            Text("Only {n} answers are complete; a path model needs more.", n=covariance.n),
            hint=Text("Choose missing='mean' or 'em', or drop items that few answered.")
            if covariance.left_out
            else Text("Collect more answers: ten for each item of the largest construct are wanted."),
        )
    variances = np.diag(covariance.matrix)
    for item, variance in zip(model.items, variances, strict=True):
        if not np.isfinite(variance) or variance <= 0:
            raise BadValue(
                Text("The item {item} has the same answer everywhere, or none.", item=item),
                hint=Text("Leave it out: an item without variation measures nothing."),
                where=Where(column=item),
            )
