"""Scores, movement, signals, rank, purchases and money by group."""

from leal.measure.by_group import ByGroup
from leal.measure.change.mood import CONSIDERED, signals
from leal.measure.change.movement_result import Move, Movement
from leal.measure.change.movements import compare_waves, movement
from leal.measure.change.signal_result import Signal, Signals
from leal.measure.change.wave_series import WaveName, WaveScore
from leal.measure.index.index_bands import EPSI_BANDS, Band, bands_at, bands_met
from leal.measure.index.index_gaps import IndexDifference, IndexDifferences, differences_of, index_differences
from leal.measure.index.index_ranking import IndexRanking, RankedIndex, index_ranking, ranking_of
from leal.measure.index.index_results import ConstructIndex, EpsiIndex
from leal.measure.index.index_scores import epsi_index
from leal.measure.index.item_columns import item_columns, template_held
from leal.measure.index.item_names import item_names, with_item_names
from leal.measure.index.market_studies import MarketStudy, market_study
from leal.measure.index.nps_and_index import NpsBesideIndex, nps_beside_index
from leal.measure.index.published_norms import NormComparison, against_norm, norms
from leal.measure.index.questionnaires import Block, Question, Questionnaire, Template, questionnaire
from leal.measure.index.satisfaction_index import epsi
from leal.measure.loyalty.deeds_by_way import WayBehaviour, WaysBehaviour, ways_behaviour
from leal.measure.loyalty.loyalty_mix import EmployeeTrust, LoyaltyMix, LoyaltyWays
from leal.measure.loyalty.loyalty_questions import (
    EMOTIONAL_PARTS,
    LOYALTY_ITEMS,
    WAY_WORDS,
    WAYS,
    Way,
    loyalty_questionnaire,
    loyalty_questions,
)
from leal.measure.loyalty.ways_to_loyalty import FEWEST_OF_EMPLOYEE, MIXED, leading_ways, loyalty_ways
from leal.measure.money.cohorts import ALL_COHORTS, cohort_retention
from leal.measure.money.customer_base import (
    DAYS_IN_YEAR,
    action_spending,
    customer_base,
    customer_register,
    is_control,
    is_control_word,
    money_summary,
    with_counted_cases,
    with_counted_contacts,
)
from leal.measure.money.earned_growth import (
    EarnedGrowth,
    earned_growth,
    earned_growth_rate,
    growth_by_customer,
    is_earned,
)
from leal.measure.money.group_money import SILENT, group_money
from leal.measure.money.kept_customers import (
    Kept,
    kept_by_customer,
    kept_customers,
    pair_days,
    retention_change,
    retention_of,
    trend_days,
)
from leal.measure.money.margin_column import MarginColumn, read_margins
from leal.measure.money.margin_multiple import (
    DISCOUNT,
    CustomerValue,
    customer_value,
    margin_multiple,
    multiple_sensitivity,
)
from leal.measure.money.moment_figures import Figures, figures
from leal.measure.money.money_groups import money_by_group
from leal.measure.money.money_results import Gap, GroupMoney, MoneyByGroup
from leal.measure.money.movement_money import (
    MovementValue,
    answer_pairs,
    movement_value,
    movement_values,
    value_of_moving,
)
from leal.measure.money.pauses import LateOutcome, late_outcome, pauses
from leal.measure.money.purchases import (
    daily_money,
    purchase_days,
    refuse_several_currencies,
    summarise_customers,
)
from leal.measure.money.scored_answers import GROUPS, group_of, latest_answers, scored_answers
from leal.measure.money.silence import silent_after
from leal.measure.money.summaries import (
    Until,
    calibration_and_holdout,
    customer_summary,
    number_of_day,
    require_margin,
    require_margin_of_days,
)
from leal.measure.net_promoter.accounts import Average
from leal.measure.net_promoter.changes import NpsChange, nps_change
from leal.measure.net_promoter.enough import CAUTIOUS_VARIANCE, Enough, enough_answers
from leal.measure.net_promoter.nps_groups import NpsByGroup, NpsDifference
from leal.measure.net_promoter.nps_result import NpsResult, nps_of_counts
from leal.measure.net_promoter.reweighting import Reweighted, reweight
from leal.measure.net_promoter.satisfaction import Ces, Csat, ces, csat
from leal.measure.net_promoter.scores import nps
from leal.measure.net_promoter.survey_invitations import ANSWERED_WITHIN, STILL_OPEN, survey_invitations
from leal.measure.net_promoter.survey_response import SurveyResponse, survey_response
from leal.measure.net_promoter.waves import WAVE, group_column, wave_order, with_wave
from leal.measure.p_values import PValue
from leal.measure.programmes.noticed import Side, effect_on_noticers, extra_noticed, noticed_share
from leal.measure.programmes.noticing_counts import FEWEST_DAYS_SINCE_START, action_costs, read_columns
from leal.measure.programmes.noticing_table import ActionNoticing, noticing
from leal.measure.programmes.programme_arms import BEFORE_DAYS, customers_of_actions, money_since_start
from leal.measure.programmes.programme_effects import (
    BALANCE_ALARM,
    FEWEST_IN_ARM,
    PAST_HELPS,
    RATIO_ALARM,
    Effect,
    ProgrammeEffect,
    programme_effects,
    usual_split,
)
from leal.measure.programmes.wish_value import SURE, Wish, WishList, wish_values
from leal.measure.rivals.brand_market import BrandMarket, brand_market
from leal.measure.rivals.brand_scores import Benchmark, BrandScore, benchmark
from leal.measure.rivals.growing_rivals import Newcomer, newcomers
from leal.measure.rivals.switching_flows import Flow, Switching, net_flows, present_brands, switching
from leal.measure.rivals.wallet_ranks import Wallet, wallet, wallet_shares
from leal.measure.rivals.wallets_within_persons import wallet_validity
from leal.measure.segments.earlier_and_later import (
    DECILES,
    NPS_GROUPS,
    RFM,
    SegmentFrame,
    agreements,
    segment_frame,
)
from leal.measure.segments.label_agreement import Agreement, adjusted_rand, agreement
from leal.measure.segments.segment_bench import Segmentations, segmentations
from leal.measure.segments.stable_groups import (
    STABILITY_WORDS,
    StableGroup,
    bootstrap_jaccard,
    stability_of,
)
from leal.measure.units.rollup import Hierarchy, UnitNps, hierarchy
from leal.measure.units.small_cells import Protected, protect_small_cells

__all__ = [
    "ALL_COHORTS",
    "ANSWERED_WITHIN",
    "BALANCE_ALARM",
    "BEFORE_DAYS",
    "CAUTIOUS_VARIANCE",
    "CONSIDERED",
    "DAYS_IN_YEAR",
    "DECILES",
    "DISCOUNT",
    "EMOTIONAL_PARTS",
    "EPSI_BANDS",
    "FEWEST_DAYS_SINCE_START",
    "FEWEST_IN_ARM",
    "FEWEST_OF_EMPLOYEE",
    "GROUPS",
    "LOYALTY_ITEMS",
    "MIXED",
    "NPS_GROUPS",
    "PAST_HELPS",
    "RATIO_ALARM",
    "RFM",
    "SILENT",
    "STABILITY_WORDS",
    "STILL_OPEN",
    "SURE",
    "WAVE",
    "WAYS",
    "WAY_WORDS",
    "ActionNoticing",
    "Agreement",
    "Average",
    "Band",
    "Benchmark",
    "Block",
    "BrandMarket",
    "BrandScore",
    "ByGroup",
    "Ces",
    "ConstructIndex",
    "Csat",
    "CustomerValue",
    "EarnedGrowth",
    "Effect",
    "EmployeeTrust",
    "Enough",
    "EpsiIndex",
    "Figures",
    "Flow",
    "Gap",
    "GroupMoney",
    "Hierarchy",
    "IndexDifference",
    "IndexDifferences",
    "IndexRanking",
    "Kept",
    "LateOutcome",
    "LoyaltyMix",
    "LoyaltyWays",
    "MarginColumn",
    "MarketStudy",
    "MoneyByGroup",
    "Move",
    "Movement",
    "MovementValue",
    "Newcomer",
    "NormComparison",
    "NpsBesideIndex",
    "NpsByGroup",
    "NpsChange",
    "NpsDifference",
    "NpsResult",
    "PValue",
    "ProgrammeEffect",
    "Protected",
    "Question",
    "Questionnaire",
    "RankedIndex",
    "Reweighted",
    "SegmentFrame",
    "Segmentations",
    "Side",
    "Signal",
    "Signals",
    "StableGroup",
    "SurveyResponse",
    "Switching",
    "Template",
    "UnitNps",
    "Until",
    "Wallet",
    "WaveName",
    "WaveScore",
    "Way",
    "WayBehaviour",
    "WaysBehaviour",
    "Wish",
    "WishList",
    "action_costs",
    "action_spending",
    "adjusted_rand",
    "against_norm",
    "agreement",
    "agreements",
    "answer_pairs",
    "bands_at",
    "bands_met",
    "benchmark",
    "bootstrap_jaccard",
    "brand_market",
    "calibration_and_holdout",
    "ces",
    "cohort_retention",
    "compare_waves",
    "csat",
    "customer_base",
    "customer_register",
    "customer_summary",
    "customer_value",
    "customers_of_actions",
    "daily_money",
    "differences_of",
    "earned_growth",
    "earned_growth_rate",
    "effect_on_noticers",
    "enough_answers",
    "epsi",
    "epsi_index",
    "extra_noticed",
    "figures",
    "group_column",
    "group_money",
    "group_of",
    "growth_by_customer",
    "hierarchy",
    "index_differences",
    "index_ranking",
    "is_control",
    "is_control_word",
    "is_earned",
    "item_columns",
    "item_names",
    "kept_by_customer",
    "kept_customers",
    "late_outcome",
    "latest_answers",
    "leading_ways",
    "loyalty_questionnaire",
    "loyalty_questions",
    "loyalty_ways",
    "margin_multiple",
    "market_study",
    "money_by_group",
    "money_since_start",
    "money_summary",
    "movement",
    "movement_value",
    "movement_values",
    "multiple_sensitivity",
    "net_flows",
    "newcomers",
    "norms",
    "noticed_share",
    "noticing",
    "nps",
    "nps_beside_index",
    "nps_change",
    "nps_of_counts",
    "number_of_day",
    "pair_days",
    "pauses",
    "present_brands",
    "programme_effects",
    "protect_small_cells",
    "purchase_days",
    "questionnaire",
    "ranking_of",
    "read_columns",
    "read_margins",
    "refuse_several_currencies",
    "require_margin",
    "require_margin_of_days",
    "retention_change",
    "retention_of",
    "reweight",
    "scored_answers",
    "segment_frame",
    "segmentations",
    "signals",
    "silent_after",
    "stability_of",
    "summarise_customers",
    "survey_invitations",
    "survey_response",
    "switching",
    "template_held",
    "trend_days",
    "usual_split",
    "value_of_moving",
    "wallet",
    "wallet_shares",
    "wallet_validity",
    "wave_order",
    "ways_behaviour",
    "wish_values",
    "with_counted_cases",
    "with_counted_contacts",
    "with_item_names",
    "with_wave",
]
