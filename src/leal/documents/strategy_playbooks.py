"""Part 8 of a strategy: what is done with each group of customers, and words that can be sent as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leal.documents.document import Block, Bullets, Callout, InLanguage, Paragraph, Part, Subheading
from leal.documents.strategy_material import Material
from leal.wording import Language, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """What is done with a group.

    Attributes
    ----------
    group : Text
        Who it is for.
    steps : tuple of Text
        What is done, in order.
    message : tuple of Text
        Words to send, paragraph by paragraph; square brackets are filled in.
    proof : Text
        How one sees whether it works.
    """

    group: Text
    steps: tuple[Text, ...]
    message: tuple[Text, ...]
    proof: Text


_SIGNED = Text("[Your name], [your telephone]")

PLAYBOOKS: tuple[Playbook, ...] = (
    Playbook(
        group=Text("Detractor (0 to 6): recover within 24 to 48 hours"),
        steps=(
            Text("A named person calls within 24 hours, within 48 at the latest; listens, excuses nothing."),
            Text("One question: what would have to be different for you to be content? Then one promise."),
            Text("The promise is kept within a week, and the customer hears that it was kept."),
            Text("The cause goes to the outer loop with its name; the case is closed by the customer."),
            Text("Asked again after 30 days: from detractor to passive is the aim, not to promoter."),
        ),
        message=(
            Text("Good day, [name]. You told us that we let you down: [reason]. I am sorry."),
            Text(
                "I am the one who answers for it. May I call you today between [hour] and [hour]? You will"
                " hear from me what we do about it, and by when."
            ),
            _SIGNED,
        ),
        proof=Text(
            "Share called in 48 hours; money of those called against those called a week later, by lot."
        ),
    ),
    Playbook(
        group=Text("Passive (7 or 8): what would make it a 9?"),
        steps=(
            Text("Everybody who gave 7 or 8 is asked one question within three days."),
            Text("Answers are sorted by cause every week; the most frequent cause gets an owner."),
            Text("What can be mended at once is mended at once, and the customer is told."),
            Text("No discount: it teaches to wait for the next one. Mend the cause."),
        ),
        message=(
            Text("Good day, [name]. Thank you for your [score]. What would make it a 9?"),
            Text("One line is enough. I read every answer, and I will tell you what came of it."),
            _SIGNED,
        ),
        proof=Text(
            "Half of the passives are asked, drawn by lot; compare moves to 9 and money in six months."
        ),
    ),
    Playbook(
        group=Text("Promoter (9 or 10): let satisfied customers be seen"),
        steps=(
            Text("Thank within three days, by a person, not by a robot."),
            Text(
                "Ask EVERYBODY who answered, whatever the score, for a public review; never only promoters:"
                " choosing them is review gating, against the rules of platforms."
            ),
            Text(
                "A week later ask promoters whom they know that needs the same; thank for the introduction."
            ),
            Text("Ask for one idea a year: promoters give the most useful ones. No money for praise."),
        ),
        message=(
            Text("Good day, [name]. Thank you for your answer; it helps us."),
            Text(
                "Would you write a few words about us at [link], for others who are choosing? Good and bad:"
                " both help them. We answer every review."
            ),
            _SIGNED,
        ),
        proof=Text(
            "Share of all asked who wrote; shown stars against the survey: they should not drift apart."
        ),
    ),
    Playbook(
        group=Text("New customer: the first 90 days"),
        steps=(
            Text("Day 1: what happens next, and who is there for questions."),
            Text("Day 14: a call. Did it work as expected? What was harder than it should be?"),
            Text("Day 45: why us, and which brand before? Two questions, no more."),
            Text("Day 90: the first survey; no offer before the second purchase of one's own accord."),
        ),
        message=(
            Text(
                "Good day, [name]. You have been with us for two weeks. Does everything work as you expected?"
            ),
            Text("If something is not clear, answer this message: a person reads it, today."),
            _SIGNED,
        ),
        proof=Text("Share who buy a second time within 90 days, with and without the call, drawn by lot."),
    ),
    Playbook(
        group=Text("Win-back: customers who left"),
        steps=(
            Text("Only those whose expected value is above the cost of contact; the rest are left in peace."),
            Text("First the reason, then the offer: why did you leave, and where to?"),
            Text("Say what has changed since; if nothing has, do not write."),
            Text(
                "One message, one reminder, then silence for a year. Consent withdrawn is consent withdrawn."
            ),
        ),
        message=(
            Text("Good day, [name]. You have not been with us since [month], and I would like to know why."),
            Text(
                "Since then we have changed [what]. If it was something else, tell me: I read every answer."
            ),
            _SIGNED,
        ),
        proof=Text(
            "Share who return against those not written to, drawn by lot; margin after the offer's cost."
        ),
    ),
)


_TO_SEND: Mapping[Language, Text] = {
    "en": Text("Words to send, in English"),
    "ru": Text("Words to send, in Russian"),
}


def _messages(book: Playbook, languages: tuple[Language, ...]) -> tuple[Callout, ...]:
    return tuple(
        Callout(
            title=_TO_SEND[language],
            items=tuple(InLanguage(text, language) for text in book.message),
            kind="text",
        )
        for language in languages
    )


def playbooks(material: Material) -> Part:
    """Return part 8: a playbook a group, with words ready to send in the languages of the customers."""
    blocks: list[Block] = []
    for book in PLAYBOOKS:
        blocks += [
            Subheading(text=book.group),
            Bullets(items=book.steps, numbered=True),
            Paragraph(text=Text("How one sees that it works: {proof}", proof=book.proof), kind="quiet"),
            *_messages(book, material.languages),
        ]
    return Part(
        number=8,
        name=Text("Playbooks"),
        finding=Text("Five groups, five playbooks: each with steps, words ready to send, and its proof."),
        blocks=tuple(blocks),
    )
