"""What stands guard against each of the ten mistakes for good, whatever its verdict is today."""

from __future__ import annotations

from collections.abc import Mapping

from leal.wording import Text

GUARDS: Mapping[int, Text] = {
    1: Text("A noticing question for every action, put to exposed and unexposed; no new budget without it."),
    2: Text(
        "Every passive is asked what would make it a 9, and gets attention by its share of repeat sales."
    ),
    3: Text("No programme without customers held out by lot; what is not proved by its date is stopped."),
    4: Text("Every action names its cause and its grade of evidence; cases are counted by cause."),
    5: Text("Scores, themes and drivers on control charts every week; each alarm has an owner in two days."),
    6: Text("A monthly list of satisfied customers past their rhythm; half are contacted, drawn by lot."),
    7: Text("Every decision reckoned in points of retention; discounts that lower lifetime value end."),
    8: Text("A wish is built only where reach x value x chance exceeds its cost, after a trial."),
    9: Text("A segmentation stays only while it foretells later money; it is tested every year."),
    10: Text("A yearly market study with rank intervals; where customers went is asked in every wave."),
}
