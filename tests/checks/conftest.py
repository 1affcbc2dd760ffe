"""The simulated company that the checks are tried on, made once a session, and what is true of it."""

from __future__ import annotations

import pytest

from leal.simulate import Company, Truth, company, large_sample


@pytest.fixture(scope="session")
def simulated() -> Company:
    """Return a small company whose truth is known."""
    return company(seed=11)


@pytest.fixture(scope="session")
def truth(simulated: Company) -> Truth:
    """Return what its plan says outright; its large-sample values are of fewer customers, to be quick."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(large_sample, "TRUTH_CUSTOMERS", 2_000)
        patch.setattr(large_sample, "EFFECT_CUSTOMERS", 1_000)
        return large_sample.truth_of.__wrapped__(simulated.plan)
