"""What each method does, in plain words: one click away from every figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leal.checks import Audit, Check
from leal.results import Estimate
from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodNote:
    """A method by its stable name, its name in words, and what it does."""

    code: str
    name: Text
    words: Text


_NOTES = (
    MethodNote(
        code="score",
        name=Text("Score interval"),
        words=Text(
            "The range of true scores that the answers do not contradict, found by inverting a test of each "
            "candidate (Tango 1998). It keeps its promise in small and one-sided samples, where the usual "
            "plus-or-minus fails."
        ),
    ),
    MethodNote(
        code="adjusted_wald",
        name=Text("Adjusted Wald interval"),
        words=Text(
            "Three answers are added, spread over the groups, before the usual plus-or-minus is calculated "
            "(Rocks 2016). Used for differences between two scores."
        ),
    ),
    MethodNote(
        code="wald",
        name=Text("Wald interval"),
        words=Text("The usual plus-or-minus: the figure and about two standard errors on each side."),
    ),
    MethodNote(
        code="wilson",
        name=Text("Wilson interval"),
        words=Text("The range of true shares that the data do not contradict (Wilson 1927)."),
    ),
    MethodNote(
        code="bootstrap",
        name=Text("Bootstrap interval"),
        words=Text(
            "The customers are drawn again and again, with replacement, and the figure is calculated each "
            "time; "
            "the interval holds the middle of what came out (Efron 1979). The draws are seeded, so the same "
            "data give the same interval."
        ),
    ),
    MethodNote(
        code="jeffreys",
        name=Text("Jeffreys interval"),
        words=Text("The middle of what one should believe after the answers, having known nothing before."),
    ),
    MethodNote(
        code="normal",
        name=Text("Normal interval"),
        words=Text("The figure and about two standard errors on each side, the customers taken as a sample."),
    ),
    MethodNote(
        code="welch",
        name=Text("Welch interval"),
        words=Text(
            "The difference of two means with its interval; the two groups may differ in spread (Welch 1947)."
        ),
    ),
    MethodNote(
        code="newcombe",
        name=Text("Newcombe interval"),
        words=Text("The difference of two shares with its interval (Newcombe 1998)."),
    ),
    MethodNote(
        code="percentile",
        name=Text("Bootstrap interval, percentiles"),
        words=Text(
            "The respondents are drawn again and again and the whole model is fitted each time; the "
            "interval holds the middle of what came out, a little wider where answers are few. What is too "
            "high in small samples (R2) is freed of that first."
        ),
    ),
    MethodNote(
        code="fixed_weights",
        name=Text("Interval with fixed weights"),
        words=Text(
            "The weights of the index are held; the interval is that of a mean over the respondents. Right "
            "for a change measured by the same weights."
        ),
    ),
    MethodNote(
        code="bca",
        name=Text("Bootstrap interval, corrected"),
        words=Text("As the percentiles, corrected for bias and skewness (Efron 1987)."),
    ),
    MethodNote(
        code="jackknife",
        name=Text("Jackknife interval"),
        words=Text(
            "Each respondent (or group of them) is left out once and the whole model is fitted without; how "
            "much the figure moves gives its error (Efron 1982)."
        ),
    ),
    MethodNote(
        code="block_bootstrap",
        name=Text("Bootstrap interval, by blocks"),
        words=Text(
            "The answers are dealt into equal blocks at random, and the blocks are drawn again and again;"
            " as good as drawing answers, and much faster where they are many."
        ),
    ),
    MethodNote(
        code="simulation",
        name=Text("Simulated interval"),
        words=Text(
            "Each input is drawn many times from what is known of it, and the result is calculated each "
            "time; the interval holds the middle of what came out."
        ),
    ),
    MethodNote(
        code="delta",
        name=Text("Delta method"),
        words=Text("The uncertainty of each input is carried through the formula by its slope."),
    ),
    MethodNote(
        code="bounds",
        name=Text("Bounds"),
        words=Text("The least and the most that the data allow."),
    ),
    MethodNote(
        code="linearised",
        name=Text("Linearised interval"),
        words=Text(
            "The figure and about two standard errors, which take weights and the design of the survey "
            "into account."
        ),
    ),
    MethodNote(
        code="weighted_score",
        name=Text("Score interval, weighted"),
        words=Text("The score interval on as many equal answers as the weighted ones are worth."),
    ),
    MethodNote(
        code="clustered_score",
        name=Text("Score interval, by account"),
        words=Text("The score interval, widened where answers of one account are alike."),
    ),
    MethodNote(
        code="account_average",
        name=Text("Average of accounts"),
        words=Text("Each account counts once; the interval is over accounts."),
    ),
    MethodNote(
        code="paired",
        name=Text("Paired interval"),
        words=Text("The change of the same people, whose two answers are compared with one another."),
    ),
    MethodNote(
        code="mover",
        name=Text("Interval of a difference, by parts"),
        words=Text(
            "The interval of a difference put together from those of its parts (Zou and Donner 2008)."
        ),
    ),
    MethodNote(
        code="fieller",
        name=Text("Fieller interval"),
        words=Text(
            "The interval of a ratio; it stays right where the divisor is itself uncertain (Fieller 1954)."
        ),
    ),
    MethodNote(
        code="t",
        name=Text("t interval"),
        words=Text(
            "The mean and a few standard errors, more of them where there are few values (Student 1908)."
        ),
    ),
    MethodNote(
        code="least_squares_hc1",
        name=Text("Least squares, robust"),
        words=Text(
            "The slope of a straight line through the customers; the interval allows for their unequal "
            "spread (White 1980)."
        ),
    ),
    MethodNote(
        code="bai_perron",
        name=Text("Change point"),
        words=Text(
            "The date that parts the series best, with the range of dates that the data leave open (Bai "
            "1997; Bai and Perron 2003)."
        ),
    ),
    MethodNote(
        code="permutation",
        name=Text("Permutation test"),
        words=Text(
            "The labels are dealt at random again and again, to see how often chance alone does as well."
        ),
    ),
    MethodNote(
        code="counted",
        name=Text("Counted"),
        words=Text("A sum or a count of what is in the data; it has no uncertainty of its own."),
    ),
    MethodNote(
        code="cuped",
        name=Text("Comparison freed of the past"),
        words=Text(
            "The difference of two arms drawn by lot, after the part of later spending that spending before "
            "the start explains is taken out (CUPED; Deng, Xu, Kohavi, Walker 2013). What is estimated stays "
            "the same, the interval becomes narrower."
        ),
    ),
    MethodNote(
        code="repeated_welch",
        name=Text("Interval for planned looks"),
        words=Text(
            "The usual comparison of two means, widened so that all planned looks together keep the level "
            "(Jennison and Turnbull 1989): whoever stops early is not fooled more often for it."
        ),
    ),
    MethodNote(
        code="repeated_cuped",
        name=Text("Interval for planned looks, freed of the past"),
        words=Text(
            "The comparison with the past taken out, widened so that all planned looks together keep the "
            "level."
        ),
    ),
    MethodNote(
        code="repeated_agresti_caffo",
        name=Text("Interval for planned looks at shares"),
        words=Text(
            "The comparison of two shares, widened so that all planned looks together keep the level."
        ),
    ),
    MethodNote(
        code="agresti_caffo",
        name=Text("Comparison of two shares"),
        words=Text(
            "One yes and one no are added to each group before the usual plus-or-minus is calculated "
            "(Agresti and Caffo 2000), which keeps rare cases honest."
        ),
    ),
    MethodNote(
        code="difference_in_differences",
        name=Text("Difference in differences"),
        words=Text(
            "How much more the treated changed than customers who were never treated. Nobody was drawn by "
            "lot: it holds only if both would have moved alike."
        ),
    ),
    MethodNote(
        code="snips",
        name=Text("Value of a rule from a logged lot"),
        words=Text(
            "The money of customers whose lot happened to agree with the rule, each weighing the inverse of "
            "the chance of that lot."
        ),
    ),
    MethodNote(
        code="influence",
        name=Text("Interval from each customer's influence"),
        words=Text("How far each customer moves the figure, squared and added up."),
    ),
    MethodNote(
        code="shrunk",
        name=Text("Drawn towards the mean of all"),
        words=Text(
            "A figure of few customers is drawn towards the mean of all groups, the more the noisier it is: "
            "the best of many measured figures is partly luck."
        ),
    ),
    MethodNote(
        code="profile_likelihood",
        name=Text("Range of half-lives"),
        words=Text(
            "The half-lives that fit the months nearly as well as the best one; the range has no upper end "
            "where the effect may not decay at all."
        ),
    ),
    MethodNote(
        code="precision_weighting",
        name=Text("Opinion corrected by outcomes"),
        words=Text(
            "The first opinion and each measured outcome, the surer one weighing more (one over its squared "
            "standard error)."
        ),
    ),
    MethodNote(
        code="stated",
        name=Text("Stated"),
        words=Text("A figure with limits as somebody gave them, not measured."),
    ),
    MethodNote(
        code="likelihood_region",
        name=Text("Likelihood interval"),
        words=Text(
            "The figure under every pair of parameters that the data do not contradict; its least and its "
            "greatest value are the limits (profile likelihood)."
        ),
    ),
    MethodNote(
        code="wald_log",
        name=Text("Interval on the logarithm"),
        words=Text(
            "The usual plus-or-minus, taken on the logarithm of the figure, which can only be above zero: the "
            "limits lie at the same factor above and below it."
        ),
    ),
    MethodNote(
        code="delta_log",
        name=Text("Interval by the model's uncertainty"),
        words=Text(
            "How far the figure would move if the parameters of the model were as far off as the data allow "
            "(delta method, on the logarithm). It is of what is expected; what happens scatters about it."
        ),
    ),
    MethodNote(
        code="purchase_model",
        name=Text("Interval of what will really come"),
        words=Text(
            "A model of purchases tells how each customer's future may turn out by chance; to that is added "
            "what the data leave open about the model, and what it missed when it was tried on weeks it had not "
            "seen."
        ),
    ),
    MethodNote(
        code="purchase_models",
        name=Text("Range of several models"),
        words=Text(
            "Models that differ in when a customer may leave are fitted to the same purchases. The figure is "
            "their mean; the interval runs from the lowest limit of any of them to the highest."
        ),
    ),
    MethodNote(
        code="greenwood_log_log",
        name=Text("Greenwood interval, log-log"),
        words=Text(
            "The share still there, with what the number watched and leaving at each time leaves open (Greenwood "
            "1926), taken on a scale on which it cannot leave 0 to 100 %."
        ),
    ),
    MethodNote(
        code="greenwood_plain",
        name=Text("Greenwood interval, plain"),
        words=Text("The share still there and about two of Greenwood's standard errors on each side."),
    ),
    MethodNote(
        code="greenwood",
        name=Text("Greenwood interval of a mean time"),
        words=Text("The area under the curve of those still there, with Greenwood's standard error."),
    ),
    MethodNote(
        code="brookmeyer_crowley",
        name=Text("Brookmeyer-Crowley interval"),
        words=Text("The times at which the interval of the share still there holds one half."),
    ),
    MethodNote(
        code="clustered",
        name=Text("Interval clustered by customer"),
        words=Text(
            "The figure and about two standard errors on each side; several periods of one customer count as "
            "one customer, not as several."
        ),
    ),
    MethodNote(
        code="log_delta",
        name=Text("Interval of a ratio of shares"),
        words=Text(
            "The usual plus-or-minus on the logarithm of the ratio, half a customer added to each count."
        ),
    ),
    MethodNote(
        code="delong",
        name=Text("DeLong interval"),
        words=Text(
            "How far the share of pairs in the right order would move with other customers (DeLong, DeLong and "
            "Clarke-Pearson 1988)."
        ),
    ),
)
_BY_CODE = {note.code: note for note in _NOTES}


def method_note(code: str) -> MethodNote:
    """Return the words of a method; a method without an entry keeps its stable name."""
    plain = Text("Calculated by the method of this name; the reference explains it.")
    return _BY_CODE.get(code, MethodNote(code=code, name=Text(code), words=plain))


def methods_of(estimates: Iterable[Estimate]) -> tuple[MethodNote, ...]:
    """Return the methods behind some figures, each once, in their order."""
    codes = dict.fromkeys(estimate.method for estimate in estimates if estimate.known)
    return tuple(method_note(code) for code in codes)


def estimates_of(check: Check) -> Iterator[Estimate]:
    """Yield every figure of a check that has an interval."""
    if check.money is not None:
        yield check.money
    yield from (named.value for named in check.estimates)


def methods_of_audit(audit: Audit) -> tuple[MethodNote, ...]:
    """Return the methods behind all figures of an audit."""
    figures = [figure for figure in (audit.headline, audit.yearly_money) if figure is not None]
    return methods_of([*figures, *(figure for check in audit.checks for figure in estimates_of(check))])
