"""Scores, movement, signals, rank, purchases and money by group."""

from leal.measure.customer_base import (
    DAYS_IN_YEAR,
    action_spending,
    customer_base,
    customer_register,
    is_control,
    money_summary,
)
from leal.measure.earlier_and_later import DECILES, NPS_GROUPS, RFM, SegmentFrame, agreements, segment_frame
from leal.measure.group_money import SILENT, group_money
from leal.measure.label_agreement import Agreement, adjusted_rand, agreement
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
from leal.measure.noticing_counts import read_columns
from leal.measure.noticing_table import ActionNoticing, noticing
from leal.measure.nps_groups import NpsByGroup, NpsDifference
from leal.measure.nps_result import NpsResult, nps_of_counts
from leal.measure.purchases import customer_summary, daily_money, purchase_days
from leal.measure.questionnaires import Question, Questionnaire, questionnaire
from leal.measure.reweighting import Reweighted, reweight
from leal.measure.satisfaction_index import epsi
from leal.measure.scored_answers import GROUPS, group_of, latest_answers, scored_answers
from leal.measure.scores import nps
from leal.measure.segment_bench import Segmentations, segmentations
from leal.measure.silence import silent_after
from leal.measure.switching_flows import Switching, net_flows, switching
from leal.measure.wallet_ranks import Wallet, wallet, wallet_shares
from leal.measure.wish_value import Wish, WishList, wish_values

__all__ = [
    "DAYS_IN_YEAR",
    "DECILES",
    "GROUPS",
    "NPS_GROUPS",
    "RFM",
    "SILENT",
    "ActionNoticing",
    "Agreement",
    "Figures",
    "Gap",
    "GroupMoney",
    "MoneyByGroup",
    "MovementValue",
    "NpsByGroup",
    "NpsDifference",
    "NpsResult",
    "Question",
    "Questionnaire",
    "Reweighted",
    "SegmentFrame",
    "Segmentations",
    "Switching",
    "Wallet",
    "Wish",
    "WishList",
    "action_spending",
    "adjusted_rand",
    "agreement",
    "agreements",
    "answer_pairs",
    "customer_base",
    "customer_register",
    "customer_summary",
    "daily_money",
    "epsi",
    "figures",
    "group_money",
    "group_of",
    "is_control",
    "latest_answers",
    "money_by_group",
    "money_summary",
    "movement_value",
    "movement_values",
    "net_flows",
    "noticing",
    "nps",
    "nps_of_counts",
    "purchase_days",
    "questionnaire",
    "read_columns",
    "reweight",
    "scored_answers",
    "segment_frame",
    "segmentations",
    "silent_after",
    "switching",
    "value_of_moving",
    "wallet",
    "wallet_shares",
    "wish_values",
]
