"""Methods of intervals in plain words: those of experiments, models of purchases, survival, sums of these."""

from __future__ import annotations

from leal.documents.methods_in_words import MethodNote
from leal.wording import Text

FORETELLING = (
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
        code="welch_hall",
        name=Text("Leaning comparison of two means"),
        words=Text(
            "Welch's comparison of two means, of which one is of few customers and uneven amounts: its "
            "limits lean to where a few large amounts more would lie (Hall 1992). The shape is learnt from "
            "both groups together."
        ),
    ),
    MethodNote(
        code="cuped_hall",
        name=Text("Leaning comparison freed of the past"),
        words=Text(
            "The same, after the part of later spending that spending before the start explains is taken out."
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
        code="balanced_differences",
        name=Text("Difference in differences beside customers like the treated"),
        words=Text(
            "How much more the treated changed than customers who were not in the action yet, weighed so "
            "that before the start they had bought as much, as often and as lately (entropy balancing, "
            "Hainmueller 2012). Nobody was drawn by lot: what purchases do not show may be the reason."
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
        code="aipw",
        name=Text("Value by the lot and a model together"),
        words=Text(
            "A model foretells what each customer would have brought in each arm, and those whose lot agreed "
            "correct it: right because the lot is known, and narrower as far as the model is of use. Models "
            "were learnt without the customers whom they speak of."
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
        name=Text("Range by likelihood"),
        words=Text(
            "The values under which the data are nearly as likely as under the best one. The range has no "
            "end where the data set none, such as a half-life of an effect that may not decay at all."
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
            "The usual plus-or-minus, taken on the logarithm of the figure, which can only be above zero: "
            "the limits lie at the same factor above and below it."
        ),
    ),
    MethodNote(
        code="delta_log",
        name=Text("Delta method, on the logarithm"),
        words=Text(
            "How far the figure would move if what it is reckoned from (counts, or the parameters of a "
            "model) were as far off as the data allow; the limits lie at the same factor above and below "
            "it. It is of what is expected; what happens scatters about it."
        ),
    ),
    MethodNote(
        code="purchase_model",
        name=Text("Interval of what will really come"),
        words=Text(
            "A model of purchases tells how each customer's future may turn out by chance; to that is "
            "added what the data leave open about the model, and what it missed when it was tried on weeks "
            "it had not seen."
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
        code="group_jackknife",
        name=Text("Jackknife over groups of customers"),
        words=Text(
            "Everything is reckoned again without one of thirty groups of customers after another. How much "
            "the figure moves tells how far it may lie off for who happened to be among the customers."
        ),
    ),
    MethodNote(
        code="greenwood_log_log",
        name=Text("Greenwood interval, log-log"),
        words=Text(
            "The share still there, with what the number watched and leaving at each time leaves open "
            "(Greenwood 1926), taken on a scale on which it cannot leave 0 to 100 %."
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
            "How far the share of pairs in the right order would move with other customers (DeLong, DeLong "
            "and Clarke-Pearson 1988)."
        ),
    ),
    MethodNote(
        code="inverse_variance",
        name=Text("Mean of several changes"),
        words=Text(
            "Each change counts by its certainty (one through its squared standard error); the interval is "
            "that of their mean."
        ),
    ),
    MethodNote(
        code="poisson",
        name=Text("Interval of a rate of counts"),
        words=Text(
            "The counts are taken to scatter as events do that come independently of one another (Poisson): "
            "by about the root of their number."
        ),
    ),
    MethodNote(
        code="rule_of_three",
        name=Text("Rule of three"),
        words=Text(
            "Where nothing was found among n, up to about 3/n may still be true at 95 % confidence (Hanley "
            "and Lippman-Hand 1983)."
        ),
    ),
    MethodNote(
        code="repeated_fieller",
        name=Text("Fieller interval for planned looks"),
        words=Text("The interval of a ratio, widened so that all planned looks together keep the level."),
    ),
    MethodNote(
        code="post_stratified_score",
        name=Text("Score interval of the whole base"),
        words=Text(
            "Each group counts by its size among all customers, not by how many of it answered; the score "
            "interval on as many equal answers as that is worth."
        ),
    ),
    MethodNote(
        code="standardised",
        name=Text("Interval of a standardised difference"),
        words=Text(
            "The difference of two groups in standard deviations of one customer, with its large-sample "
            "interval (Hedges and Olkin 1985)."
        ),
    ),
    MethodNote(
        code="overlapping",
        name=Text("Change of waves that share people"),
        words=Text(
            "The usual plus-or-minus, narrowed by what the two answers of those who are in both waves have "
            "in common."
        ),
    ),
    MethodNote(
        code="change_of_level",
        name=Text("Change of level"),
        words=Text(
            "The mean after a date less the mean before it; the spread about both means gives the interval."
        ),
    ),
    MethodNote(
        code="ips",
        name=Text("Value of a rule, plainly weighed"),
        words=Text(
            "The money of customers whose lot happened to agree with the rule, each weighing the inverse of "
            "the chance of that lot, divided by the number of all customers."
        ),
    ),
    MethodNote(
        code="post_stratified_wald",
        name=Text("Wald interval of the whole base"),
        words=Text(
            "Each group counts by its size among all customers, not by how many of it answered; the usual "
            "plus-or-minus."
        ),
    ),
)
"""Methods of what is foretold, acted on and proved."""
