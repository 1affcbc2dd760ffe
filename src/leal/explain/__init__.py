"""Why: what drives satisfaction, with what certainty, and what is only the score in other words."""

from leal.explain.asymmetry import Asymmetry
from leal.explain.construct_asymmetry import (
    ConstructAsymmetries,
    ConstructAsymmetry,
    construct_asymmetries,
)
from leal.explain.driver_analysis import drivers
from leal.explain.driver_results import Driver, Drivers
from leal.explain.group_priorities import GroupPriorities, priorities_by_group, priorities_of_groups
from leal.explain.guard import LeftOut
from leal.explain.importance_and_performance import Priorities, Priority, priorities
from leal.explain.items import Item, common_scale, find_items, scale_of
from leal.explain.money_link import money_per_point
from leal.explain.needs import DriftOfNeeds, NeedChange, drift_of_needs
from leal.explain.openings import RivalOpening, RivalOpenings, rival_openings
from leal.explain.study import EpsiStudy, epsi_study

__all__ = [
    "Asymmetry",
    "ConstructAsymmetries",
    "ConstructAsymmetry",
    "DriftOfNeeds",
    "Driver",
    "Drivers",
    "EpsiStudy",
    "GroupPriorities",
    "Item",
    "LeftOut",
    "NeedChange",
    "Priorities",
    "Priority",
    "RivalOpening",
    "RivalOpenings",
    "common_scale",
    "construct_asymmetries",
    "drift_of_needs",
    "drivers",
    "epsi_study",
    "find_items",
    "money_per_point",
    "priorities",
    "priorities_by_group",
    "priorities_of_groups",
    "rival_openings",
    "scale_of",
]
