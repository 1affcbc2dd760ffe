"""Survey exports of each tool, recognised by what they hold."""

from leal.intake.surveys.recognition import (
    VENDORS,
    SurveyKind,
    is_answers,
    is_people,
    is_reviews,
    kind_of_survey_file,
    no_score_found,
    shape_survey,
    vendor_of,
)
from leal.intake.surveys.survey import Gate, Survey, Vendor

__all__ = [
    "VENDORS",
    "Gate",
    "Survey",
    "SurveyKind",
    "Vendor",
    "is_answers",
    "is_people",
    "is_reviews",
    "kind_of_survey_file",
    "no_score_found",
    "shape_survey",
    "vendor_of",
]
