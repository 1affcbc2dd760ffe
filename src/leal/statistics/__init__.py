"""The statistics of scores, shares and money: intervals, tests, weights, resampling. No customers here."""
