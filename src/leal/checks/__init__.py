"""The ten checks over an Evidence: guarded, exposed or unknown, how much money is at stake, what to do."""

from leal.checks.audits import Audit, audit
from leal.checks.book import Book
from leal.checks.catalogue import MISTAKES, Mistake, mistake
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
from leal.checks.registry import CHECKS

__all__ = [
    "CHECKS",
    "MISTAKES",
    "Audit",
    "Book",
    "Check",
    "Claim",
    "Exhibit",
    "Heading",
    "Mistake",
    "Named",
    "Picture",
    "Unit",
    "Verdict",
    "audit",
    "missing_evidence",
    "mistake",
]
