"""Methods of intervals in plain words: those of scores, shares, sums and the path model."""

from __future__ import annotations

from dataclasses import dataclass

from leal.wording import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodNote:
    """A method by its stable name, its name in words, and what it does."""

    code: str
    name: Text
    words: Text


MEASURING = (
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
        code="clustered_wilson",
        name=Text("Wilson interval, by customer"),
        words=Text(
            "The range of true shares that the data do not contradict (Wilson 1927), several rows of one"
            " customer counted for what they tell anew."
        ),
    ),
    MethodNote(
        code="bootstrap",
        name=Text("Bootstrap interval"),
        words=Text(
            "The customers are drawn again and again, with replacement, and the figure is calculated each "
            "time; the interval holds the middle of what came out (Efron 1979). The draws are seeded, so the "
            "same data give the same interval."
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
            "The respondents are drawn again and again and the whole model is fitted each time; the interval "
            "holds the middle of what came out, as other programs have it."
        ),
    ),
    MethodNote(
        code="widened_percentile",
        name=Text("Bootstrap interval, widened percentiles"),
        words=Text(
            "The respondents of each period are drawn again and again and the whole model is fitted"
            " each time; the interval holds the middle of the differences,"
            " a little wider where answers are few."
        ),
    ),
    MethodNote(
        code="shifted_percentile",
        name=Text("Bootstrap interval, shifted percentiles"),
        words=Text(
            "The respondents are drawn again and again and the whole model is fitted each time; the "
            "interval holds the middle of what came out, a little wider where answers are few, and shifted "
            "against the bias that the draws show. What is too high in small samples (R2) is freed of that."
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
        code="skewness_corrected",
        name=Text("Student's interval, corrected for skewness"),
        words=Text(
            "A few large amounts make the mean: the interval reaches farther to the side where such amounts "
            "may have been missed (Hall 1992)."
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
)
"""Methods of what is measured and explained."""
