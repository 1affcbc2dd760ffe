"""What the simulated company is like: every coefficient, rate and planted quantity, in one place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from leal.errors import BadOption
from leal.wording import Language

LATENTS = ("image", "expectations", "product", "service", "value", "satisfaction", "loyalty")

PATHS: dict[str, dict[str, float]] = {
    "image": {},
    "expectations": {"image": 0.65},
    "product": {"expectations": 0.60},
    "service": {"expectations": 0.55},
    "value": {"expectations": 0.10, "product": 0.35, "service": 0.30},
    "satisfaction": {
        "image": 0.12,
        "expectations": 0.05,
        "product": 0.22,
        "service": 0.28,
        "value": 0.18,
        "speed": 0.45,
    },
    "loyalty": {"image": 0.20, "satisfaction": 0.50},
}
"""Path coefficients between latents of variance 1; `speed` is the planted first cause of satisfaction."""

STATE_SHARE = {"service": 0.5, "satisfaction": 0.6, "loyalty": 0.5}
"""Share of a disturbance's variance that moves from month to month; the rest is the customer's own."""

STATE_MEMORY = 0.85
"""Correlation of the moving part of a latent from one month to the next."""

ITEMS: dict[str, tuple[dict[str, float], float]] = {
    "IMAG1": ({"image": 0.78}, 8.0),
    "IMAG2": ({"image": 0.66}, 7.7),
    "IMAG3": ({"image": 0.60}, 7.2),
    "IMAG4": ({"image": 0.74}, 7.9),
    "IMAG5": ({"image": 0.75}, 7.6),
    "CUEX1": ({"expectations": 0.74}, 7.7),
    "CUEX2": ({"expectations": 0.68}, 7.9),
    "CUEX3": ({"expectations": 0.62}, 7.3),
    "PERQ1": ({"product": 0.80}, 8.0),
    "PERQ2": ({"product": 0.68}, 7.4),
    "PERQ3": ({"product": 0.76}, 7.8),
    "PERQ4": ({"product": 0.74}, 7.9),
    "PERQ5": ({"service": 0.35, "speed": 0.78}, 7.1),
    "PERQ6": ({"service": 0.78}, 8.1),
    "PERQ7": ({"service": 0.72}, 7.8),
    "PERV1": ({"value": 0.82}, 6.8),
    "PERV2": ({"value": 0.84}, 7.0),
    "CUSA1": ({"satisfaction": 0.84}, 7.9),
    "CUSA2": ({"satisfaction": 0.78}, 7.1),
    "CUSA3": ({"satisfaction": 0.80}, 7.3),
    "CUSCO": ({"satisfaction": 0.55}, 7.0),
    "CUSL1": ({"loyalty": 0.80}, 7.8),
    "CUSL2": ({"loyalty": 0.25}, 5.2),
    "CUSL3": ({"loyalty": 0.84}, 7.9),
}
"""Loadings and means (1 to 10) of the items, named as those of the ECSI mobile-phone instrument."""

HALO = 0.35
"""Loading of every item of one answer on that answer's halo: the mood in which the form was filled in."""

ITEM_SPREAD = 1.9
"""Standard deviation of an item before it is rounded and held within 1 to 10."""

SCORE_SHARES = (0.015, 0.010, 0.015, 0.020, 0.025, 0.065, 0.070, 0.130, 0.210, 0.190, 0.250)
"""Shares of the scores 0 to 10 in a base without trouble: 22 % detractors, 34 % passives, 44 % promoters."""

RECOMMEND = {"loyalty": 0.70, "satisfaction": 0.25}
"""Loadings of the willingness to recommend; the rest is halo and noise."""

SEGMENTS = ("18-34", "35-54", "55+")
SEGMENT_SHARES = (0.32, 0.40, 0.28)
"""The company's own segments, by age: of no use for money, but the mood fell in the first one."""

NEEDS = ("price", "convenience", "service")
NEED_SHARES = (0.35, 0.40, 0.25)
NEED_BASKET = (0.62, 1.0, 1.55)
NEED_RATE = (0.8, 1.0, 1.25)
"""The segments that are there in truth: what a customer comes for, and what that does to money."""

UNIT_SHARES = (0.20, 0.14, 0.10, 0.14, 0.10, 0.08, 0.10, 0.08, 0.06)
UNIT_SERVICE = (0.25, 0.10, -0.45, 0.15, 0.0, -0.10, 0.30, 0.0, -0.25)
UNIT_REGION = (0, 0, 0, 1, 1, 1, 2, 2, 2)
"""Nine branches in three regions, and what each adds to the quality of service (standard deviations)."""


EXPOSED = 0.92
"""Share of those treated whom a programme reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """One action of the company, with its true effects on those who notice it.

    Attributes
    ----------
    key : str
        Its stable name; the shown name is in `leal.simulate.words`.
    path : {"uniqueness", "economic", "emotional"}
        Way to loyalty that it takes.
    started : float
        When it started, as a share of the survey period.
    noticed : float
        Probability that an exposed customer truly notices it.
    rate, dropout : float
        What noticing multiplies the rate of purchases and the probability of leaving by.
    satisfaction : float
        What noticing adds to satisfaction, in standard deviations.
    cost : float
        Cost per exposed customer, in baskets of the company.
    """

    key: str
    path: str
    started: float
    noticed: float
    rate: float
    dropout: float
    satisfaction: float
    cost: float


PROGRAMMES = (
    Programme(
        key="care",
        path="emotional",
        started=0.50,
        noticed=0.60,
        rate=1.70,
        dropout=0.40,
        satisfaction=0.45,
        cost=0.15,
    ),
    Programme(
        key="points",
        path="economic",
        started=0.45,
        noticed=0.45,
        rate=1.0,
        dropout=1.0,
        satisfaction=0.0,
        cost=0.10,
    ),
    Programme(
        key="calls",
        path="economic",
        started=0.55,
        noticed=0.70,
        rate=0.85,
        dropout=7.0,
        satisfaction=-0.40,
        cost=0.05,
    ),
    Programme(
        key="wrap",
        path="uniqueness",
        started=0.50,
        noticed=0.07,
        rate=1.0,
        dropout=1.0,
        satisfaction=0.5,
        cost=0.08,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The choices that a simulated company is made by; two companies with one plan differ by seed only.

    Attributes
    ----------
    months : int
        Months of survey; purchases begin `history` months earlier.
    end : date
        First day after the data.
    language : {"ru", "en", "both"}
        Language of comments and names (names are English where both).
    basket : float
        Median purchase, in money of `currency`.
    """

    months: int = 18
    history: int = 12
    end: dt.date = dt.date(2026, 7, 1)
    language: str = "both"
    currency: str = "RUB"
    basket: float = 2400.0
    # surveys
    invited_monthly: float = 0.09
    panel_share: float = 0.10
    panel_every: int = 3
    response_base: float = -1.15
    response_recent: float = 0.75
    response_cases: float = -0.55
    response_segment: tuple[float, ...] = (-0.35, 0.0, 0.30)
    yes_saying: float = 0.12
    fall_segment: int = 0
    fall: tuple[tuple[str, float], ...] = (("service", -0.6), ("satisfaction", -0.6), ("loyalty", -0.3))
    fall_at: float = 2 / 3
    version_at: float = 1 / 3
    version_shift: float = 0.15
    commented: float = 0.55
    # purchases
    weekly_rate: float = 0.21
    rate_shape: float = 2.0
    rate_trait: float = 0.22
    rate_state: float = 0.60
    dropout: float = 0.009
    dropout_trait: float = -1.0
    basket_spread: float = 0.45
    basket_customers: float = 0.35
    season: float = 0.10
    promotions: float = 0.18
    promotion_discount: float = 0.12
    refunds: float = 0.03
    goods_cost: float = 0.66
    stopped_for_other_reasons: float = 0.06
    left_known: float = 0.35
    business: float = 0.12
    programmes: tuple[Programme, ...] = PROGRAMMES

    def __post_init__(self) -> None:
        if self.language not in {"ru", "en", "both"}:
            raise BadOption("language", self.language, ["ru", "en", "both"])
        if self.months < 1:
            raise BadOption("months", self.months, ["1", "2", "..."])

    @property
    def names(self) -> Language:
        """The language of names: branches, actions, brands, wishes."""
        return "ru" if self.language == "ru" else "en"

    @property
    def month_starts(self) -> list[dt.date]:
        """The first days of all months, history and survey, and the day after the last."""
        total = self.history + self.months
        return [_month_before(self.end, total - index) for index in range(total + 1)]

    @property
    def origin(self) -> dt.date:
        """Day 0: the company's first purchase may be on it."""
        return self.month_starts[0]

    @property
    def days(self) -> int:
        """Days from `origin` to `end`."""
        return (self.end - self.origin).days

    @property
    def survey_start(self) -> dt.date:
        """The first day on which anyone was asked."""
        return self.month_starts[self.history]

    @property
    def fall_date(self) -> dt.date:
        """The first day of the fall of mood."""
        return self.month_at(self.fall_at)

    @property
    def version_date(self) -> dt.date:
        """The first day of the second version of the questionnaire."""
        return self.month_at(self.version_at)

    def month_at(self, share: float) -> dt.date:
        """Return the first day of the month that lies at a share of the survey period."""
        return self.month_starts[self.history + round(share * self.months)]

    def day_number(self, day: dt.date) -> int:
        """Return days since `origin`."""
        return (day - self.origin).days


def _month_before(day: dt.date, months: int) -> dt.date:
    count = day.year * 12 + day.month - 1 - months
    return dt.date(count // 12, count % 12 + 1, 1)
