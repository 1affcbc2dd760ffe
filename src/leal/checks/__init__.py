"""The ten checks over an Evidence: guarded, exposed or unknown, how much money is at stake, what to do."""

from leal.checks.findings import (
    Check,
    Claim,
    Exhibit,
    Heading,
    Named,
    Picture,
    Unit,
    Verdict,
    missing_evidence,
)

__all__ = [
    "Check",
    "Claim",
    "Exhibit",
    "Heading",
    "Named",
    "Picture",
    "Unit",
    "Verdict",
    "missing_evidence",
]
