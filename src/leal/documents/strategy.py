"""The retention strategy: ten parts and the table of the ten mistakes, from the results of an audit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from leal.checks import Audit, further_results, languages_of_customers
from leal.documents.document import Bullets, Document, Part, Subheading
from leal.documents.methods import methods_of_audit
from leal.documents.owners import Owners
from leal.documents.strategy_calendar import calendar
from leal.documents.strategy_charter import charter, measurement
from leal.documents.strategy_economics import economics, risk_register
from leal.documents.strategy_front import front
from leal.documents.strategy_index import cause_map, index_report
from leal.documents.strategy_material import Material
from leal.documents.strategy_playbooks import playbooks
from leal.documents.strategy_portfolio import ledger, portfolio
from leal.wording import LANGUAGES, Day, Language, Text

_NOBODY = Owners()


def strategy_of(
    audit: Audit,
    *,
    owners: Owners = _NOBODY,
    start: dt.date | None = None,
    results: Mapping[str, object] | None = None,
    languages: tuple[Language, ...] | None = None,
) -> Document:
    """Return the retention strategy that follows from an audit, as a document for any writer.

    Parameters
    ----------
    audit : Audit
        As `leal.audit` returns it. What it does not know stands in the document as "unknown: needs ...".
    owners : Owners
        The company, who answers for what and until when; what is not given becomes a field to fill in.
    start : datetime.date, optional
        The day that the calendar counts from; by default the day that the audit looks back from.
    results : mapping of str to object, optional
        Further results by name (``"lifetime_value"``, ``"ledger"`` ...), each put into its part; they take
        the place of those that the evidence of the audit tells (`leal.checks.further_results`).
    languages : tuple of {"en", "ru"}, optional
        Languages of the customers, in which words to send to them are written, whatever the language of the
        document; by default those that a twentieth of the answers or more are given in, and both where the
        answers do not tell.

    Returns
    -------
    Document
        Page one with the ten mistakes, ten parts, and how the figures were made.

    Notes
    -----
    Nothing is reckoned here but targets of retention, from stated assumptions (grade D), sample sizes and
    dates. All other figures are those of the audit, with interval and grade.

    Examples
    --------
    >>> from leal.checks import audit
    >>> from leal.evidence import Evidence
    >>> document = strategy_of(audit(Evidence()))
    >>> [part.number for part in document.parts][:10]
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    """
    day = start or audit.as_of
    told = {**further_results(audit), **(results or {})}
    material = Material(
        audit=audit,
        owners=owners,
        start=day,
        results=told,
        languages=languages or languages_of_customers(audit) or LANGUAGES,
    )
    return Document(
        title=_title(owners),
        kicker=_kicker(audit),
        deck=_deck(audit),
        front=front(material),
        parts=(
            charter(material),
            measurement(material),
            index_report(material),
            cause_map(material),
            economics(material),
            risk_register(material),
            portfolio(material),
            playbooks(material),
            calendar(material),
            ledger(material),
            _how(audit),
        ),
        day=day,
    )


def _title(owners: Owners) -> Text:
    if owners.company is None:
        return Text("Retention strategy")
    return Text("Retention strategy: {company}", company=owners.company)


def _kicker(audit: Audit) -> Text:
    if audit.as_of is None:
        return Text("Ten parts, ten mistakes, one year")
    return Text("Ten parts, ten mistakes, one year; data up to {day}", day=Day(audit.as_of))


def _deck(audit: Audit) -> tuple[Text, ...]:
    said = []
    if audit.headline is not None and audit.headline.known:
        said.append(audit.headline.sentence())
    said.append(audit.sentence())
    return tuple(said)


def _how(audit: Audit) -> Part:
    methods = tuple(
        Text("{name}: {words}", name=note.name, words=note.words) for note in methods_of_audit(audit)
    )
    remarks = tuple(dict.fromkeys(note.text for note in audit.notes))
    blocks: list[Bullets | Subheading] = [Bullets(items=methods)] if methods else []
    if remarks:
        blocks += [Subheading(text=Text("What to know of the data")), Bullets(items=remarks)]
    return Part(
        number=None,
        name=Text("How the figures were made"),
        finding=Text(
            "Every figure is that of the audit of the same files, with the same interval; the audit's report"
            " holds all tables."
        ),
        blocks=tuple(blocks),
    )
