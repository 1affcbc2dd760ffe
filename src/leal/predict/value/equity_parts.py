"""What the change of each customer's value is made of: new, lost, retention, spend, margin."""

from __future__ import annotations

import numpy as np

from leal.predict.purchase_models.customer_columns import Floats
from leal.predict.value.outlook import Outlook

GONE = 0.5
"""P(alive) below which a customer who was there counts as lost."""


def lost_customers(then: Outlook, now: Outlook, old: np.ndarray) -> np.ndarray:
    """Return which customers were there at first and are probably gone."""
    return np.asarray(old & (then.p_alive >= GONE) & (now.p_alive < GONE))


def shared_parts(then: Outlook, now: Outlook, old: np.ndarray) -> dict[str, Floats]:
    """Return each customer's part of the values, the change and its components."""
    before = np.where(old, then.value, 0.0)
    after = now.value
    change = after - before
    lost = lost_customers(then, now, old)
    stayed = old & ~lost
    shares = _logarithmic_shares(then, now, change)
    parts = {name: np.where(stayed, share, 0.0) for name, share in shares.items()}
    # what rounding of the logarithms leaves goes to the retention, so that all add up to the last digit
    parts["retention"] = np.where(stayed, change - parts["spend"] - parts["margin"], 0.0)
    return {
        "before": before,
        "after": after,
        "change": change,
        "new": np.where(old, 0.0, after),
        "lost": np.where(lost, change, 0.0),
        **parts,
    }


def _logarithmic_shares(then: Outlook, now: Outlook, change: Floats) -> dict[str, Floats]:
    """Return how much of each customer's change is due to spend and to margin (logarithmic mean)."""
    tiny = 1e-300
    ratio = np.log(np.maximum(now.value, tiny) / np.maximum(then.value, tiny))
    same = np.abs(ratio) < 1e-9
    mean = np.where(same, now.value, change / np.where(same, 1.0, ratio))
    amounts = np.log(np.maximum(now.spending.mean, tiny) / np.maximum(then.spending.mean, tiny))
    margins = np.log(now.margin / then.margin) if min(now.margin, then.margin) > 0 else 0.0
    return {"spend": mean * amounts, "margin": mean * margins}
