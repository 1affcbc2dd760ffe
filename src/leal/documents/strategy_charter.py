"""Parts 1 and 2 of a strategy: the charter, and the plan of measurement."""

from __future__ import annotations

import math

from leal.documents.document import Block, Part, Subheading, Table, TableColumn, Words
from leal.documents.owners import ROLES, Role
from leal.documents.strategy_material import YEAR, Material, Ranged, amount, listed, missing, needs
from leal.measure import CAUTIOUS_VARIANCE, questionnaire
from leal.results import Estimate, Money
from leal.statistics import nps_change_sample_size
from leal.wording import Count, Day, Listing, Percent, Text, plural

KEPT = (0.05, 0.1, 0.2)
"""Share of the customers now lost who would be kept, low, likely and high: assumptions, and named as such."""

_SCENARIOS = (Text("Low"), Text("Likely"), Text("High"))

ROLE_WORDS: dict[Role, tuple[Text, Text]] = {
    "sponsor": (Text("Sponsor"), Text("the goal, the budget, the charter")),
    "research": (Text("Research"), Text("survey, index, signals, sample sizes")),
    "finance": (Text("Finance"), Text("money, lifetime value, the proof ledger")),
    "service": (Text("Service"), Text("calls to detractors and passives, the leaving list")),
    "marketing": (Text("Marketing"), Text("programmes, holdouts, segments, reviews")),
    "product": (Text("Product"), Text("causes, wishes, the outer loop")),
}


def charter(material: Material) -> Part:
    """Return part 1: goal in money, terms, guardrails, roles."""
    return Part(
        number=1,
        name=Text("Charter"),
        finding=_goal(material),
        blocks=(
            Subheading(text=Text("The goal")),
            *_targets(material),
            Subheading(text=Text("The terms")),
            _terms(material),
            Subheading(text=Text("The guardrails")),
            listed(
                Text("Complaints first: an open complaint comes before any survey, offer or call."),
                Text(
                    "Contact limits: one survey in 90 days and one offer in 30 days a customer, unless"
                    " you set others; who asks for rest gets it at once."
                ),
                Text("Consent: only customers who agreed are contacted, and every message says how to stop."),
                Text("No retention action without customers held out by lot; targets by response, not risk."),
                Text(
                    "Reviews are asked of everybody or of nobody: only the happy ones would be review gating."
                ),
                Text("Small groups are not shown, names stay with those who call, data stay in the house."),
            ),
            Subheading(text=Text("Who answers")),
            _roles(material),
        ),
    )


def _retention(material: Material) -> tuple[Estimate, Money] | None:
    kept = material.estimate(7, "Retention in a year, which values rest on")
    point = material.estimate(7, "Value of one point of retention, all customers, over the years to come")
    return (kept, point) if kept is not None and isinstance(point, Money) else None


def _targets_of(kept: float) -> list[float]:
    return [kept + share * (1 - kept) for share in KEPT]


def _goal(material: Material) -> Text:
    found = _retention(material)
    if found is None:
        lacking = material.check(7).missing
        if lacking:
            return Text("The goal in money is not known yet: it needs {needs}.", needs=Listing.of(lacking))
        return Text("The goal in money is not known yet: it needs purchases of at least two years.")
    kept, point = found
    low, _, high = (target - kept.estimate for target in _targets_of(kept.estimate))
    return Text(
        "Keep {low} to {high} of the customers instead of {now}: worth {least} to {most} over the years to"
        " come, on the assumptions below.",
        low=Percent(kept.estimate + low, 1),
        high=Percent(kept.estimate + high, 1),
        now=Percent(kept.estimate, 1),
        least=amount(point, 100 * low * point.estimate),
        most=amount(point, 100 * high * point.estimate),
    )


def _targets(material: Material) -> tuple[Block, ...]:
    found = _retention(material)
    if found is None:
        return missing(material.check(7)) or (
            needs((Text("purchases that reach back two years: customer, bought_at, amount"),)),
        )
    kept, point = found
    rows = tuple(
        (name, Percent(share), Percent(target, 1), _worth(point, target - kept.estimate))
        for name, share, target in zip(_SCENARIOS, KEPT, _targets_of(kept.estimate), strict=True)
    )
    table = Table(
        title=Text("Retention in a year, as a range"),
        columns=(
            TableColumn(title=Text("Scenario"), share=1.2),
            TableColumn(title=Text("Assumed: kept of those now lost"), numeric=True, share=2),
            TableColumn(title=Text("Retention reached"), numeric=True, share=1.5),
            TableColumn(title=Text("Worth over the years to come"), numeric=True, share=3.6),
        ),
        rows=rows,
        remark=Text(
            "Today {kept} stay (grade C); one point is worth {point} (grade C). The shares kept are"
            " assumptions (grade D) until the first experiment reports. Costs are not taken off.",
            kept=Ranged(kept),
            point=Ranged(point),
        ),
    )
    return (table,)


def _worth(point: Money, change: float) -> Ranged:
    """Return what a change of retention is worth, with the interval of a point's value."""
    scaled = Money(
        estimate=100 * change * point.estimate,
        ci_low=100 * change * point.ci_low,
        ci_high=100 * change * point.ci_high,
        n=point.n,
        level=point.level,
        method=point.method,
        currency=point.currency,
        basis=point.basis,
        period="once",
        grade="D",
    )
    return Ranged(scaled)


def _terms(material: Material) -> Table:
    audit = material.audit
    yearly: Words = Text("unknown: needs purchases")
    if audit.yearly_money is not None:
        yearly = Ranged(audit.yearly_money)
    rows: tuple[tuple[Words, ...], ...] = (
        (Text("Horizon"), _horizon(material)),
        (Text("Money is counted in"), _basis(material)),
        (Text("Money of the last year"), yearly),
        (Text("Interest on future money"), Text("{rate} a year", rate=Percent(audit.discount))),
        (Text("Confidence of every interval"), Percent(audit.level)),
        (Text("Budget for actions"), Text("____________ (yours to fill in)")),
    )
    columns = (TableColumn(title=Text("Term"), share=1), TableColumn(title=Text("In this strategy"), share=2))
    return Table(title=None, columns=columns, rows=rows, slide=False)


def _horizon(material: Material) -> Text:
    if material.start is None:
        return Text("12 months")
    return Text("12 months, {first} to {last}", first=Day(material.start), last=material.day(YEAR))


def _basis(material: Material) -> Text:
    audit = material.audit
    if audit.basis == "revenue":
        return Text("revenue, not margin: no margin is known; give one to see what remains")
    if audit.margin is None:
        return Text("margin, as the purchases name it")
    return Text("margin: {share} of revenue, as given", share=Percent(audit.margin, 1))


def _roles(material: Material) -> Table:
    rows = tuple((*ROLE_WORDS[role], material.owners.of_role(role)) for role in ROLES)
    return Table(
        title=None,
        columns=(
            TableColumn(title=Text("Role"), share=1),
            TableColumn(title=Text("Answers for"), share=2.4),
            TableColumn(title=Text("Owner"), share=1.4),
        ),
        rows=rows,
        slide=False,
    )


def measurement(material: Material) -> Part:
    """Return part 2: what is asked of whom, how many answers it takes, what keeps the numbers comparable."""
    return Part(
        number=2,
        name=Text("Measurement plan"),
        finding=_enough(material),
        blocks=(
            _questions(material),
            _sizes(material),
            Subheading(text=Text("How the numbers stay comparable")),
            listed(
                Text("Frame: all customers of the last 12 months, drawn by lot, not only those who visit."),
                Text("Weights: answers are weighted to the whole base by spending and segment."),
                Text("Versions: a changed question is a new version, and a new series begins with it."),
                Text(
                    "A tenth of the customers, drawn by lot, is never asked: the survey itself changes"
                    " behaviour, and only they show by how much."
                ),
                Text("Customer number and date stand in every answer; without them no answer finds money."),
            ),
        ),
    )


def _variance(material: Material) -> tuple[float, bool]:
    """Return the variance of an answer, and whether the data tell it."""
    score = material.audit.headline
    variance = getattr(score, "variance", math.nan) if score is not None and score.known else math.nan
    return (variance, True) if variance > 0 else (CAUTIOUS_VARIANCE, False)


def _enough(material: Material) -> Text:
    variance, told = _variance(material)
    needed = nps_change_sample_size(0.05, variance, material.audit.level)
    score = material.audit.headline
    if not told or score is None:
        return Text(
            "Ask {needed} customers a wave to see a change of 5 points; there are no scores yet to tell it.",
            needed=Count(needed),
        )
    return Text(
        "A change of 5 points of NPS is seen with {needed} answers a wave; all waves so far hold {n}.",
        needed=Count(needed),
        n=Count(score.n),
    )


def _sizes(material: Material) -> Table:
    variance, told = _variance(material)
    rows = tuple(
        (
            Text("{points} points of NPS", points=change),
            Count(nps_change_sample_size(change / 100, variance, material.audit.level)),
        )
        for change in (3, 5, 10, 15)
    )
    source = Text("as your answers show") if told else Text("a cautious assumption")
    return Table(
        title=Text("Answers that each of two waves or groups needs"),
        columns=(
            TableColumn(title=Text("Change to be seen"), share=2),
            TableColumn(title=Text("Answers needed"), numeric=True, share=1),
        ),
        rows=rows,
        remark=Text(
            "Found in 80 % of cases where it is there, at {level} confidence; spread of answers {source}.",
            level=Percent(material.audit.level),
            source=source,
        ),
        slide=False,
    )


def _questions(material: Material) -> Table:
    form = questionnaire("epsi")
    rows: tuple[tuple[Words, ...], ...] = (
        (
            Text("Index questionnaire"),
            plural(
                "{count} question on a scale of 1 to 10: image to loyalty",
                "{count} questions on a scale of 1 to 10: image to loyalty",
                len(form.questions),
            ),
            Text("a quarter of the wave"),
        ),
        (
            Text("Recommendation"),
            Text("How likely are you to recommend us to a friend or colleague? (0 to 10)"),
            Text("everybody asked"),
        ),
        (Text("Reason"), Text("What is the main reason? What would make it a 9?"), Text("everybody asked")),
        (Text("Noticing"), _noticed(material), Text("exposed and unexposed alike")),
        (
            Text("Joining and leaving"),
            Text("Why did you choose us? Which brand did you use before? What would make you leave?"),
            Text("new and lost customers"),
        ),
        (
            Text("Rivals"),
            Text("Which brands do you use? Put them in order. How good is each (1 to 10)?"),
            Text("market study, once a year"),
        ),
        (
            Text("Three ways to loyalty"),
            Text("Nine questions: uniqueness, advantage, attachment"),
            Text("a quarter of the wave"),
        ),
    )
    return Table(
        title=Text("What is asked, and of whom"),
        columns=(
            TableColumn(title=Text("Block"), share=1.4),
            TableColumn(title=Text("Questions"), share=3.6),
            TableColumn(title=Text("Who"), share=1.6),
        ),
        rows=rows,
    )


def _noticed(material: Material) -> Text:
    names = _actions(material)
    if not names:
        return Text("Have you noticed ... in the last three months? One question an action")
    return Text("Have you noticed this in the last three months: {actions}?", actions=Listing.of(names))


def _actions(material: Material) -> list[str]:
    found = material.exhibit(3, "Programmes against their holdout") or material.exhibit(
        1, "Spent, noticed, moved, earned"
    )
    return [] if found is None else [str(name) for name in found.frame["action"].head(5)]
