"""The path model behind the answers: latents of variance 1, what of them is fixed and what moves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from leal.simulate.plan import LATENTS, PATHS, STATE_SHARE

Arrays = dict[str, np.ndarray]


def implied() -> tuple[dict[str, float], dict[tuple[str, str], float]]:
    """Return the spread of disturbances that gives latents variance 1, and the latents' correlations."""
    names: list[str] = ["speed"]
    covariance = np.ones((1, 1))
    spreads: dict[str, float] = {}
    for target in LATENTS:
        weights = np.array([PATHS[target].get(name, 0.0) for name in names])
        with_others = covariance @ weights
        spreads[target] = float(np.sqrt(1 - weights @ with_others))
        covariance = np.block([[covariance, with_others[:, None]], [with_others[None, :], np.ones((1, 1))]])
        names.append(target)
    pairs = {(a, b): float(covariance[i, j]) for i, a in enumerate(names) for j, b in enumerate(names)}
    return spreads, pairs


SPREADS, CORRELATIONS = implied()


def fixed_part(name: str) -> float:
    """Return the standard deviation of the part of a disturbance that is the customer's own for good."""
    return SPREADS[name] * float(np.sqrt(1 - STATE_SHARE.get(name, 0.0)))


def moving_part(name: str) -> float:
    """Return the standard deviation of the part of a disturbance that moves from month to month."""
    return SPREADS[name] * float(np.sqrt(STATE_SHARE.get(name, 0.0)))


def propagate(disturbances: Mapping[str, np.ndarray]) -> Arrays:
    """Return the latents that disturbances (and the cause `speed`) make along the paths; it is linear."""
    shape = next(iter(disturbances.values())).shape
    nothing = np.zeros(shape)
    latents: Arrays = {"speed": disturbances.get("speed", nothing)}
    for target in LATENTS:
        made = disturbances.get(target, nothing)
        for source, weight in PATHS[target].items():
            made = made + weight * latents[source]
        latents[target] = made
    return latents


def total_effect(source: str, target: str) -> float:
    """Return the total effect of one latent on another: the sum over all ways along the paths."""
    return float(propagate({source: np.ones(1)})[target][0])
