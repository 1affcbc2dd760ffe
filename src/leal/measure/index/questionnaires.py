"""The questionnaires of the EPSI-type index: constructs, items and their wording in English and Russian.

The wording is Leal's own. Each item is answered on a scale from 1 to 10 with the ends named; "don't know" is an
empty answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from leal.errors import BadOption
from leal.wording import Text

Template = Literal["epsi", "ecsi-mobile", "acsi"]
Block = Literal["loyalty-ways"]
"""A block of questions that is no model: asked beside one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a questionnaire.

    Attributes
    ----------
    item : str
        Column that its answers stand in.
    construct : str
        Construct that it measures.
    name : Text
        What it asks for in a few words, for tables and pictures.
    wording : Text
        The question.
    low, high : Text
        What 1 and 10 mean.
    """

    item: str
    construct: str
    name: Text
    wording: Text
    low: Text
    high: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """The questions of a template and the paths among its constructs."""

    template: Template | Block
    title: Text
    questions: tuple[Question, ...]
    paths: tuple[tuple[str, str], ...]

    @property
    def items(self) -> tuple[str, ...]:
        """The columns of all questions, in order."""
        return tuple(question.item for question in self.questions)


def questionnaire(template: Template = "epsi") -> Questionnaire:
    """Return the questionnaire of a template.

    Parameters
    ----------
    template : {"epsi", "ecsi-mobile", "acsi"}
        Seven constructs with product and service quality apart; the teaching model of Tenenhaus et al. (2005)
        for mobile telephony, with complaints; or the American model (Fornell et al. 1996).
    """
    made = {"epsi": _epsi, "ecsi-mobile": _ecsi_mobile, "acsi": _acsi}
    if template not in made:
        raise BadOption("template", template, list(get_args(Template)))
    return made[template]()


_DISAGREE = Text("disagree entirely")
_AGREE = Text("agree entirely")
_VERY_BAD = Text("very bad")
_VERY_GOOD = Text("very good")
_VERY_LOW = Text("very low")
_VERY_HIGH = Text("very high")
_NOT_AT_ALL = Text("not at all likely")
_EXTREMELY = Text("extremely likely")
_DISSATISFIED = Text("very dissatisfied")
_SATISFIED = Text("very satisfied")
_FAR_BELOW = Text("far below")
_FAR_ABOVE = Text("far above")
_FAR_FROM = Text("very far from it")
_VERY_CLOSE = Text("very close to it")

_Row = tuple[str, str, Text, Text, Text, Text]


def _questions(rows: list[_Row]) -> tuple[Question, ...]:
    return tuple(
        Question(item=item, construct=construct, name=name, wording=wording, low=low, high=high)
        for item, construct, name, wording, low, high in rows
    )


def _satisfaction(first: str, second: str, third: str) -> list[_Row]:
    """Return the three questions on satisfaction that all models share: overall, expected, ideal."""
    name = "Satisfaction"
    return [
        (
            first,
            name,
            Text("Overall satisfaction"),
            Text("All in all, how satisfied are you with the company?"),
            _DISSATISFIED,
            _SATISFIED,
        ),
        (
            second,
            name,
            Text("Satisfaction against expectations"),
            Text("How well does the company meet what you had expected of it?"),
            _FAR_BELOW,
            _FAR_ABOVE,
        ),
        (
            third,
            name,
            Text("Closeness to the ideal"),
            Text("Imagine an ideal company of this kind. How close to it is this one?"),
            _FAR_FROM,
            _VERY_CLOSE,
        ),
    ]


def _epsi() -> Questionnaire:
    rows: list[_Row] = [
        ("image1", "Image", Text("Keeps its word"), Text("The company is reliable: it keeps its word."), _DISAGREE, _AGREE),
        ("image2", "Image", Text("Reputation"), Text("The company is well spoken of."), _DISAGREE, _AGREE),
        ("image3", "Image", Text("Care for customers"), Text("The company cares about its customers."), _DISAGREE, _AGREE),
        ("expectations1", "Expectations", Text("Expected products"), Text("Before you became a customer, how good did you expect its products to be?"), _VERY_BAD, _VERY_GOOD),
        ("expectations2", "Expectations", Text("Expected service"), Text("How good did you expect its service to be?"), _VERY_BAD, _VERY_GOOD),
        ("expectations3", "Expectations", Text("Expected fit to own needs"), Text("How well did you expect it to meet your own needs?"), _VERY_BAD, _VERY_GOOD),
        ("product1", "ProductQuality", Text("Products on the whole"), Text("How good are the company's products on the whole?"), _VERY_BAD, _VERY_GOOD),
        ("product2", "ProductQuality", Text("Products without faults"), Text("How well do they work, without faults?"), _VERY_BAD, _VERY_GOOD),
        ("product3", "ProductQuality", Text("Choice"), Text("How good is the choice that it offers?"), _VERY_BAD, _VERY_GOOD),
        ("service1", "ServiceQuality", Text("Service on the whole"), Text("How good is the company's service on the whole?"), _VERY_BAD, _VERY_GOOD),
        ("service2", "ServiceQuality", Text("Competent and friendly staff"), Text("How competent and friendly is its staff?"), _VERY_BAD, _VERY_GOOD),
        ("service3", "ServiceQuality", Text("Quick answers and help"), Text("How quickly does it answer and help when you turn to it?"), _VERY_BAD, _VERY_GOOD),
        ("value1", "Value", Text("Price for the quality"), Text("For the quality that you get, how good is the price?"), _VERY_BAD, _VERY_GOOD),
        ("value2", "Value", Text("Quality for the price"), Text("For the price that you pay, how good is what you get?"), _VERY_BAD, _VERY_GOOD),
        ("value3", "Value", Text("Value compared with others"), Text("Compared with other companies, how much do you get for your money?"), _VERY_LOW, _VERY_HIGH),
        *_satisfaction("satisfaction1", "satisfaction2", "satisfaction3"),
        ("loyalty1", "Loyalty", Text("Would choose again"), Text("If you chose again, how likely would you choose this company?"), _NOT_AT_ALL, _EXTREMELY),
        ("loyalty2", "Loyalty", Text("How it is spoken of to others"), Text("How do you speak of the company to others?"), _VERY_BAD, _VERY_GOOD),
        ("loyalty3", "Loyalty", Text("Would recommend"), Text("How likely are you to recommend the company?"), _NOT_AT_ALL, _EXTREMELY),
    ]  # fmt: skip
    paths = (
        ("Image", "Expectations"), ("Expectations", "ProductQuality"), ("Expectations", "ServiceQuality"),
        ("Expectations", "Value"), ("ProductQuality", "Value"), ("ServiceQuality", "Value"),
        ("Image", "Satisfaction"), ("Expectations", "Satisfaction"), ("ProductQuality", "Satisfaction"),
        ("ServiceQuality", "Satisfaction"), ("Value", "Satisfaction"),
        ("Image", "Loyalty"), ("Satisfaction", "Loyalty"),
    )  # fmt: skip
    return Questionnaire(
        template="epsi", title=Text("EPSI-type index: 21 questions"), questions=_questions(rows), paths=paths
    )


def _ecsi_mobile() -> Questionnaire:
    rows: list[_Row] = [
        ("IMAG1", "Image", Text("Trust in word and deed"), Text("What the operator says and does can be trusted."), _DISAGREE, _AGREE),
        ("IMAG2", "Image", Text("Firmly established"), Text("The operator is firmly established."), _DISAGREE, _AGREE),
        ("IMAG3", "Image", Text("Good for society"), Text("The operator does something for society."), _DISAGREE, _AGREE),
        ("IMAG4", "Image", Text("Care for customers"), Text("The operator cares about its customers."), _DISAGREE, _AGREE),
        ("IMAG5", "Image", Text("Innovative, looks ahead"), Text("The operator is innovative and looks ahead."), _DISAGREE, _AGREE),
        ("CUEX1", "Expectation", Text("Expected overall quality"), Text("What overall quality did you expect when you became a customer?"), _VERY_LOW, _VERY_HIGH),
        ("CUEX2", "Expectation", Text("Expected fit to own needs"), Text("How well did you expect it to meet your own needs?"), _VERY_BAD, _VERY_GOOD),
        ("CUEX3", "Expectation", Text("Expected freedom from faults"), Text("How rarely did you expect things to go wrong?"), _VERY_BAD, _VERY_GOOD),
        ("PERQ1", "Quality", Text("Overall quality"), Text("How good is the overall quality?"), _VERY_BAD, _VERY_GOOD),
        ("PERQ2", "Quality", Text("Technical quality of the network"), Text("How good is the technical quality of the network?"), _VERY_BAD, _VERY_GOOD),
        ("PERQ3", "Quality", Text("Service and personal advice"), Text("How good are service and personal advice?"), _VERY_BAD, _VERY_GOOD),
        ("PERQ4", "Quality", Text("Services in use"), Text("How good are the services that you use?"), _VERY_BAD, _VERY_GOOD),
        ("PERQ5", "Quality", Text("Range of products and services"), Text("How good is the range of products and services?"), _VERY_BAD, _VERY_GOOD),
        ("PERQ6", "Quality", Text("Reliable and accurate"), Text("How reliable and accurate is what is provided?"), _VERY_BAD, _VERY_GOOD),
        ("PERQ7", "Quality", Text("Clear information"), Text("How clear is the information given?"), _VERY_BAD, _VERY_GOOD),
        ("PERV1", "Value", Text("Price for the quality"), Text("For the quality that you get, how good is the price?"), _VERY_BAD, _VERY_GOOD),
        ("PERV2", "Value", Text("Quality for the price"), Text("For the price that you pay, how good is what you get?"), _VERY_BAD, _VERY_GOOD),
        *_satisfaction("CUSA1", "CUSA2", "CUSA3"),
        ("CUSCO", "Complaints", Text("Handling of complaints"), Text("How well was your last complaint handled, or how well would it be?"), _VERY_BAD, _VERY_GOOD),
        ("CUSL1", "Loyalty", Text("Would choose again"), Text("If you chose again, how likely would you choose this company?"), _NOT_AT_ALL, _EXTREMELY),
        ("CUSL2", "Loyalty", Text("Price gap that would make leave"), Text("If others were cheaper, how large a difference would it take to leave (1 small, 10 large)?"), _VERY_LOW, _VERY_HIGH),
        ("CUSL3", "Loyalty", Text("Would recommend"), Text("How likely are you to recommend the company?"), _NOT_AT_ALL, _EXTREMELY),
    ]  # fmt: skip
    paths = (
        ("Image", "Expectation"), ("Expectation", "Quality"), ("Expectation", "Value"), ("Quality", "Value"),
        ("Image", "Satisfaction"), ("Expectation", "Satisfaction"), ("Quality", "Satisfaction"),
        ("Value", "Satisfaction"), ("Satisfaction", "Complaints"), ("Image", "Loyalty"),
        ("Satisfaction", "Loyalty"), ("Complaints", "Loyalty"),
    )  # fmt: skip
    title = Text("ECSI for mobile telephony: 24 questions")
    return Questionnaire(template="ecsi-mobile", title=title, questions=_questions(rows), paths=paths)


def _acsi() -> Questionnaire:
    rows: list[_Row] = [
        ("expectations1", "Expectations", Text("Expected overall quality"), Text("What overall quality did you expect when you became a customer?"), _VERY_LOW, _VERY_HIGH),
        ("expectations2", "Expectations", Text("Expected fit to own needs"), Text("How well did you expect it to meet your own needs?"), _VERY_BAD, _VERY_GOOD),
        ("expectations3", "Expectations", Text("Expected freedom from faults"), Text("How rarely did you expect things to go wrong?"), _VERY_BAD, _VERY_GOOD),
        ("quality1", "Quality", Text("Overall quality"), Text("How good is the overall quality?"), _VERY_BAD, _VERY_GOOD),
        ("quality2", "Quality", Text("Fit to own needs"), Text("How well does it meet your own needs?"), _VERY_BAD, _VERY_GOOD),
        ("quality3", "Quality", Text("Freedom from faults"), Text("How rarely do things go wrong?"), _VERY_BAD, _VERY_GOOD),
        ("value1", "Value", Text("Price for the quality"), Text("For the quality that you get, how good is the price?"), _VERY_BAD, _VERY_GOOD),
        ("value2", "Value", Text("Quality for the price"), Text("For the price that you pay, how good is what you get?"), _VERY_BAD, _VERY_GOOD),
        *_satisfaction("satisfaction1", "satisfaction2", "satisfaction3"),
        ("complaints1", "Complaints", Text("Handling of complaints"), Text("How well was your last complaint handled, or how well would it be?"), _VERY_BAD, _VERY_GOOD),
        ("loyalty1", "Loyalty", Text("Would choose again"), Text("If you chose again, how likely would you choose this company?"), _NOT_AT_ALL, _EXTREMELY),
        ("loyalty2", "Loyalty", Text("Would stay if the price rose"), Text("If the price rose a little, how likely would you stay?"), _NOT_AT_ALL, _EXTREMELY),
    ]  # fmt: skip
    paths = (
        ("Expectations", "Quality"), ("Expectations", "Value"), ("Quality", "Value"),
        ("Expectations", "Satisfaction"), ("Quality", "Satisfaction"), ("Value", "Satisfaction"),
        ("Satisfaction", "Complaints"), ("Satisfaction", "Loyalty"), ("Complaints", "Loyalty"),
    )  # fmt: skip
    title = Text("ACSI-type index: 14 questions")
    return Questionnaire(template="acsi", title=title, questions=_questions(rows), paths=paths)
