"""The words of the trade that a report uses, explained in a sentence each."""

from __future__ import annotations

from leal.wording import Text

GLOSSARY: tuple[tuple[Text, Text], ...] = (
    (
        Text("NPS, Net Promoter Score"),
        Text(
            "The share of promoters less the share of detractors, in points from −100 to 100, by the "
            "question "
            "“How likely are you to recommend us?”."
        ),
    ),
    (Text("Promoters"), Text("Customers who answer 9 or 10.")),
    (Text("Passives"), Text("Customers who answer 7 or 8.")),
    (Text("Detractors"), Text("Customers who answer 0 to 6.")),
    (
        Text("Interval"),
        Text(
            "The range in which the true figure lies with the stated confidence. A narrow one needs many "
            "answers; "
            "where it contains zero, there may be no difference at all."
        ),
    ),
    (Text("n"), Text("How many answers, customers or pairs a figure rests on.")),
    (
        Text("Money at stake"),
        Text(
            "What the mistake may cost, or what mending it may bring, if the assumptions named in the check "
            "hold."
        ),
    ),
    (
        Text("Revenue, not margin"),
        Text("What customers paid, before the cost of what they got. Give a margin to see what remains."),
    ),
    (
        Text("Repeat sales"),
        Text("All purchases of a customer after the first; several on one day are one."),
    ),
    (
        Text("Attention"),
        Text("Contacts, cases and money spent on actions: what a company does for a group of customers."),
    ),
    (
        Text("Wave"),
        Text(
            "A round of the survey; where nobody says which, a calendar month, or a quarter if answers are "
            "few."
        ),
    ),
    (
        Text("Holdout"),
        Text(
            "Customers, chosen at random, for whom nothing was done, so that one sees what would have "
            "happened."
        ),
    ),
    (
        Text("Cohort"),
        Text("Customers who first bought in the same month; retention is the share of them who still buy."),
    ),
    (
        Text("p"),
        Text(
            "How often chance alone would show a difference at least so large. Below 0.05 one calls it "
            "clear; it is "
            "not the probability that the finding is true."
        ),
    ),
    (
        Text("Grade of evidence"),
        Text("How well a figure is founded: an opinion, a correlation, seen within customers, proved."),
    ),
    (
        Text("Sign of leaving"),
        Text(
            "What satisfied customers show before they leave: a pause, less spending, a falling score. It "
            "counts where it told leavers from stayers in your own past."
        ),
    ),
    (
        Text("Lift"),
        Text("Share leaving of those with a sign over the share leaving of all; 1 says nothing."),
    ),
    (
        Text("AUC"),
        Text(
            "Probability that of one who left and one who stayed the sign points to the one who left; .5 "
            "says nothing."
        ),
    ),
    (
        Text("Spurious and latent loyalty"),
        Text(
            "Spurious loyalty: they buy often without liking it, from habit, by contract or for lack of a "
            "rival. Latent: they like it and buy seldom."
        ),
    ),
)
"""Terms and their explanations, in the order of the report."""
