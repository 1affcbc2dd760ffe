"""Scores, movement, signals, rank, purchases and money by group."""

from leal.measure.customer_base import (
    DAYS_IN_YEAR,
    action_spending,
    customer_base,
    customer_register,
    is_control,
    money_summary,
)
from leal.measure.group_money import SILENT, group_money
from leal.measure.moment_figures import Figures, figures
from leal.measure.money_groups import money_by_group
from leal.measure.money_results import Gap, GroupMoney, MoneyByGroup
from leal.measure.movement_money import (
    MovementValue,
    answer_pairs,
    movement_value,
    movement_values,
    value_of_moving,
)
from leal.measure.nps_groups import NpsByGroup, NpsDifference
from leal.measure.nps_result import NpsResult, nps_of_counts
from leal.measure.purchases import customer_summary, daily_money, purchase_days
from leal.measure.reweighting import Reweighted, reweight
from leal.measure.scored_answers import GROUPS, group_of, latest_answers, scored_answers
from leal.measure.scores import nps

__all__ = [
    "DAYS_IN_YEAR",
    "GROUPS",
    "SILENT",
    "Figures",
    "Gap",
    "GroupMoney",
    "MoneyByGroup",
    "MovementValue",
    "NpsByGroup",
    "NpsDifference",
    "NpsResult",
    "Reweighted",
    "action_spending",
    "answer_pairs",
    "customer_base",
    "customer_register",
    "customer_summary",
    "daily_money",
    "figures",
    "group_money",
    "group_of",
    "is_control",
    "latest_answers",
    "money_by_group",
    "money_summary",
    "movement_value",
    "movement_values",
    "nps",
    "nps_of_counts",
    "purchase_days",
    "reweight",
    "scored_answers",
    "value_of_moving",
]
