"""The ten checks over an Evidence: guarded, exposed or unknown, how much money is at stake, what to do."""

from leal.checks.audits import Audit, audit
from leal.checks.book import Book
from leal.checks.catalogue import MISTAKES, Mistake, mistake
from leal.checks.customer_languages import languages_of_customers
from leal.checks.equity_section import bridge_supplement
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
from leal.checks.further import further_results
from leal.checks.guards import GUARDS
from leal.checks.loyalty_section import grid_supplement
from leal.checks.number_section import numbers_supplement
from leal.checks.penalties import penalties_exhibit
from leal.checks.registry import CHECKS
from leal.checks.session import Diagnosis, Step, diagnose
from leal.checks.session_answers import (
    Answer,
    SessionAnswers,
    blank_session,
    parse_answer,
    read_session,
)
from leal.checks.session_assumptions import ASSUMED, ASSUMPTION_WORDS, Scenarios
from leal.checks.session_inputs import Assumption
from leal.checks.session_money import Potential, repeat_potential
from leal.checks.session_questions import SESSION_QUESTIONS, SessionQuestion
from leal.checks.session_stakes import STAKE_FACTORS
from leal.checks.supplement import Supplement

__all__ = [
    "ASSUMED",
    "ASSUMPTION_WORDS",
    "CHECKS",
    "GUARDS",
    "MISTAKES",
    "SESSION_QUESTIONS",
    "STAKE_FACTORS",
    "Answer",
    "Assumption",
    "Audit",
    "Book",
    "Check",
    "Claim",
    "Diagnosis",
    "Exhibit",
    "Heading",
    "Mistake",
    "Named",
    "Picture",
    "Potential",
    "Scenarios",
    "SessionAnswers",
    "SessionQuestion",
    "Step",
    "Supplement",
    "Unit",
    "Verdict",
    "audit",
    "blank_session",
    "bridge_supplement",
    "diagnose",
    "further_results",
    "grid_supplement",
    "languages_of_customers",
    "missing_evidence",
    "mistake",
    "numbers_supplement",
    "parse_answer",
    "penalties_exhibit",
    "read_session",
    "repeat_potential",
]
