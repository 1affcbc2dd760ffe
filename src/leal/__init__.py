"""Leal measures customer loyalty, explains it, predicts its worth, helps to act on it, proves the result.

Names are resolved on first use, so that ``import leal`` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from leal.act import Action, action_value, read_actions, word_of_mouth
    from leal.checks import Audit, Check, audit, diagnose, read_session
    from leal.documents import session_of, strategy_of, write_document, write_questionnaire
    from leal.errors import LealError
    from leal.evidence import Evidence
    from leal.explain import priorities, priorities_by_group
    from leal.intake import Loaded, Reconciliation, join_report, load, read_answers, read_table
    from leal.measure import (
        Ces,
        Csat,
        Hierarchy,
        MoneyByGroup,
        Movement,
        NpsByGroup,
        NpsResult,
        Signals,
        ces,
        cohort_retention,
        compare_waves,
        csat,
        customer_summary,
        enough_answers,
        epsi,
        epsi_index,
        hierarchy,
        index_differences,
        index_ranking,
        market_study,
        money_by_group,
        movement,
        movement_value,
        norms,
        nps,
        nps_beside_index,
        nps_change,
        protect_small_cells,
        signals,
    )
    from leal.path_model import Moments, PathModel
    from leal.predict import (
        BgNbd,
        GammaGamma,
        MbgNbd,
        ParetoNbd,
        equity_bridge,
        justified_cost,
        lifetime_value,
        tracking,
        which_number,
    )
    from leal.prove import Experiment, Ledger, experiment

_PUBLIC = {
    "BgNbd": "leal.predict",
    "equity_bridge": "leal.predict",
    "justified_cost": "leal.predict",
    "lifetime_value": "leal.predict",
    "tracking": "leal.predict",
    "which_number": "leal.predict",
    "MbgNbd": "leal.predict",
    "GammaGamma": "leal.predict",
    "ParetoNbd": "leal.predict",
    "Action": "leal.act",
    "action_value": "leal.act",
    "read_actions": "leal.act",
    "word_of_mouth": "leal.act",
    "Experiment": "leal.prove",
    "Ledger": "leal.prove",
    "experiment": "leal.prove",
    "compare_waves": "leal.measure",
    "nps_change": "leal.measure",
    "enough_answers": "leal.measure",
    "Hierarchy": "leal.measure",
    "protect_small_cells": "leal.measure",
    "hierarchy": "leal.measure",
    "MoneyByGroup": "leal.measure",
    "movement_value": "leal.measure",
    "money_by_group": "leal.measure",
    "customer_summary": "leal.measure",
    "cohort_retention": "leal.measure",
    "Signals": "leal.measure",
    "signals": "leal.measure",
    "Movement": "leal.measure",
    "movement": "leal.measure",
    "Ces": "leal.measure",
    "Csat": "leal.measure",
    "ces": "leal.measure",
    "csat": "leal.measure",
    "Reconciliation": "leal.intake",
    "read_answers": "leal.intake",
    "read_table": "leal.intake",
    "load": "leal.intake",
    "join_report": "leal.intake",
    "Loaded": "leal.intake",
    "Audit": "leal.checks",
    "Check": "leal.checks",
    "Evidence": "leal.evidence",
    "LealError": "leal.errors",
    "Moments": "leal.path_model",
    "NpsByGroup": "leal.measure",
    "NpsResult": "leal.measure",
    "PathModel": "leal.path_model",
    "audit": "leal.checks",
    "diagnose": "leal.checks",
    "read_session": "leal.checks",
    "session_of": "leal.documents",
    "strategy_of": "leal.documents",
    "write_document": "leal.documents",
    "epsi": "leal.measure",
    "epsi_index": "leal.measure",
    "index_differences": "leal.measure",
    "index_ranking": "leal.measure",
    "market_study": "leal.measure",
    "norms": "leal.measure",
    "nps_beside_index": "leal.measure",
    "write_questionnaire": "leal.documents",
    "nps": "leal.measure",
    "priorities": "leal.explain",
    "priorities_by_group": "leal.explain",
}

_FLOORS = (
    "act",
    "charts",
    "checks",
    "documents",
    "engine",
    "errors",
    "evidence",
    "explain",
    "intake",
    "measure",
    "path_model",
    "predict",
    "prove",
    "simulate",
    "statistics",
    "wording",
)
"""Modules that ``leal.explain.drivers`` and the like reach without an import of their own."""

__all__ = [
    "Action",
    "Audit",
    "BgNbd",
    "Ces",
    "Check",
    "Csat",
    "Evidence",
    "Experiment",
    "GammaGamma",
    "Hierarchy",
    "LealError",
    "Ledger",
    "Loaded",
    "MbgNbd",
    "Moments",
    "MoneyByGroup",
    "Movement",
    "NpsByGroup",
    "NpsResult",
    "ParetoNbd",
    "PathModel",
    "Reconciliation",
    "Signals",
    "__version__",
    "action_value",
    "audit",
    "ces",
    "cohort_retention",
    "compare_waves",
    "csat",
    "customer_summary",
    "diagnose",
    "enough_answers",
    "epsi",
    "epsi_index",
    "equity_bridge",
    "experiment",
    "hierarchy",
    "index_differences",
    "index_ranking",
    "join_report",
    "justified_cost",
    "lifetime_value",
    "load",
    "market_study",
    "money_by_group",
    "movement",
    "movement_value",
    "norms",
    "nps",
    "nps_beside_index",
    "nps_change",
    "priorities",
    "priorities_by_group",
    "protect_small_cells",
    "read_actions",
    "read_answers",
    "read_session",
    "read_table",
    "session_of",
    "signals",
    "strategy_of",
    "tracking",
    "which_number",
    "word_of_mouth",
    "write_document",
    "write_questionnaire",
]


def __getattr__(name: str) -> object:
    if name in _FLOORS:
        return import_module(f"leal.{name}")
    if name not in _PUBLIC:
        raise AttributeError(f"module 'leal' has no attribute {name!r}")
    value = getattr(import_module(_PUBLIC[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
