"""Exports of survey tools as they are written by them, made up for the tests: the same 12 scores in each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

SCORES = [10, 9, 9, 8, 7, 6, 3, 0, 10, 5, 8, 9]
QUESTION = "How likely is it that you would recommend us to a friend or colleague?"


def table(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


def group(score: int) -> str:
    return "Promoter" if score > 8 else "Passive" if score > 6 else "Detractor"


QUALTRICS = [
    "StartDate",
    "EndDate",
    "Status",
    "IPAddress",
    "Progress",
    "Duration (in seconds)",
    "Finished",
    "RecordedDate",
    "ResponseId",
    "RecipientLastName",
    "RecipientFirstName",
    "RecipientEmail",
    "ExternalReference",
    "LocationLatitude",
    "LocationLongitude",
    "DistributionChannel",
    "UserLanguage",
    "Q7_NPS_GROUP",
    "Q7",
    "Q8",
    "Segment",
]
IMPORT_IDS = [
    "startDate",
    "endDate",
    "status",
    "ipAddress",
    "progress",
    "duration",
    "finished",
    "recordedDate",
    "_recordId",
    "recipientLastName",
    "recipientFirstName",
    "recipientEmail",
    "externalDataReference",
    "locationLatitude",
    "locationLongitude",
    "distributionChannel",
    "userLanguage",
    "QID7_NPS_GROUP",
    "QID7",
    "QID8_TEXT",
    "Segment",
]


def qualtrics_rows(*, labels: bool) -> list[list[object]]:
    names = QUALTRICS
    wordings = [*names[:17], f"{QUESTION} - Group", QUESTION, "Why?", "Segment"]
    wordings[0] = "Start Date"
    wordings[1] = "End Date"
    wordings[7] = "Recorded Date"
    rows: list[list[object]] = [names, wordings, [json.dumps({"ImportId": name}) for name in IMPORT_IDS]]
    for i, score in enumerate([*SCORES, 10]):
        preview = i == len(SCORES)
        status = ("Survey Preview" if preview else "IP Address") if labels else int(preview)
        told = group(score) if labels else {"Detractor": 1, "Passive": 2, "Promoter": 3}[group(score)]
        day = f"2026-03-{2 + i:02} 09:00:00"
        fixed = [day, day, status, "203.0.113.1", 100, 60, "True" if labels else 1, day, f"R_{i}"]
        rows.append([*fixed, "", "", "", f"C{i}", "", "", "email", "EN", told, score, f"because {i}", "B2B"])
    return rows


def qualtrics_labels_tsv() -> bytes:
    return table(qualtrics_rows(labels=True), "\t").encode("utf-16")


def qualtrics_two_header_rows() -> str:
    head = (
        "ResponseID ResponseSet IPAddress StartDate EndDate RecipientEmail ExternalReference Finished Status"
    )
    names = [*head.split(), "Q1", "Q2"]
    rows: list[list[object]] = [names, [*head.split(), QUESTION, "Please tell us why"]]
    for i, score in enumerate(SCORES):
        day = "2012-03-02 09:00:00"
        rows.append([f"R_{i}", "Default", "1.2.3.4", day, day, f"a{i}@b.co", "", 1, 0, score, f"why {i}"])
    return table(rows)


def qualtrics_json() -> str:
    fixed = {
        "startDate": "2026-03-02T09:00:00Z",
        "recordedDate": "2026-03-02T09:01:00Z",
        "status": 0,
        "finished": 1,
    }
    codes = {"Detractor": 1, "Passive": 2, "Promoter": 3}
    records = [
        {
            "responseId": f"R_{i}",
            "values": {**fixed, "_recordId": f"R_{i}", "QID2_NPS_GROUP": codes[group(score)], "QID2": score},
            "labels": {"QID2_NPS_GROUP": group(score)},
        }
        for i, score in enumerate(SCORES)
    ]
    return json.dumps({"responses": records})


SURVEYMONKEY = [
    "Respondent ID",
    "Collector ID",
    "Start Date",
    "End Date",
    "IP Address",
    "Email Address",
    "First Name",
    "Last Name",
    "Custom Data 1",
]


def surveymonkey_row(i: int) -> list[object]:
    day = f"03/{2 + i:02}/2026 09:00:00 AM"
    return [1180 + i, 45, day, day, "203.0.113.1", f"a{i}@b.co", "Ann", "", "B2B"]


def surveymonkey_label(score: int) -> str:
    return {0: "Not at all likely - 0", 10: "Extremely likely - 10"}.get(score, str(score))


def surveymonkey_expanded() -> str:
    options = [surveymonkey_label(score) for score in range(11)]
    rows: list[list[object]] = [
        [*SURVEYMONKEY, QUESTION, *[""] * 10, "What do you like?", "", "Do you have any comments?"],
        [*[""] * 9, *options, "Price", "Quality", "Open-Ended Response"],
    ]
    for i, score in enumerate(SCORES):
        ticked = [option if option == surveymonkey_label(score) else "" for option in options]
        rows.append([*surveymonkey_row(i), *ticked, "Price", "", f"comment {i}"])
    return table(rows)


def surveymonkey_empty_second_header() -> str:
    rows: list[list[object]] = [[*SURVEYMONKEY, "How satisfied are you?", QUESTION], [""] * 11]
    rows += [[*surveymonkey_row(i), i % 5 + 1, score] for i, score in enumerate(SCORES)]
    return table(rows)


def surveymonkey_list() -> str:
    def answers(i: int, score: int) -> list[object]:
        return [
            {
                "id": "33",
                "heading": QUESTION,
                "answers": [
                    {
                        "choice_id": "9",
                        "simple_text": surveymonkey_label(score),
                        "choice_metadata": {"weight": "100"},
                    }
                ],
            },
            {"id": "34", "heading": "Why?", "answers": [{"text": f"because {i}"}]},
        ]

    records = [
        {
            "id": str(i),
            "recipient_id": "",
            "collector_id": "1",
            "survey_id": "2",
            "collection_mode": "default",
            "response_status": "completed",
            "date_created": "2026-03-02T09:00:00+00:00",
            "date_modified": "2026-03-02T12:01:00+03:00",
            "custom_variables": {"segment": "B2B"},
            "ip_address": "203.0.113.1",
            "pages": [{"id": "p", "questions": answers(i, score)}],
        }
        for i, score in enumerate(SCORES)
    ]
    return json.dumps({"data": records, "per_page": 50, "page": 1})


def google_grid() -> str:
    head = [
        "Timestamp",
        "Username",
        "Likelihood to recommend us [Overall]",
        "Rate us [Speed]",
        "Anything else?",
    ]
    rows = [
        [f"3/{2 + i}/2026 9:00:00", f"a{i}@b.co", s, i % 5 + 1, f"note {i}"] for i, s in enumerate(SCORES)
    ]
    return table([head, *rows])


def google_russian() -> str:
    head = [
        "Отметка времени",
        "По шкале от 0 до 10, насколько Вы готовы рекомендовать нас?",
        "Что нам улучшить?",
    ]
    rows = [[f"2026/03/{2 + i:02} 9:00:00 AM GMT+3", s, f"текст {i}"] for i, s in enumerate(SCORES)]
    return table([head, *rows])


def typeform_csv() -> str:
    dates = ["Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags", "Ending"]
    rows: list[list[object]] = [
        ["#", QUESTION, "What could we do better?", "customer_id", "Response Type", *dates]
    ]
    for i, s in enumerate(SCORES):
        day = f"2026-03-{2 + i:02} 09:00:00"
        rows.append([f"tok{i}", s, f"better {i}", f"C{i}", "completed", day, "", day, "abc", "", ""])
    rows.append(
        ["tokx", "", "", "C99", "started", "2026-03-02 09:00:00", "2026-03-02 09:00:00", "", "abc", "", ""]
    )
    return table(rows)


def typeform_list() -> str:
    items = [
        {
            "token": f"t{i}",
            "response_id": f"t{i}",
            "landed_at": "2026-03-02T09:00:00Z",
            "submitted_at": "2026-03-02T09:00:30Z",
            "metadata": {"user_agent": "x", "network_id": "n"},
            "hidden": {"segment": "B2B"},
            "calculated": {"score": 0},
            "answers": [
                {
                    "field": {"id": "a", "type": "opinion_scale", "ref": "r1-1"},
                    "type": "number",
                    "number": score,
                },
                {
                    "field": {"id": "b", "type": "long_text", "ref": "r2-2"},
                    "type": "text",
                    "text": f"some words {i}",
                },
                {
                    "field": {"id": "c", "type": "rating", "ref": "r3-3"},
                    "type": "number",
                    "number": i % 5 + 1,
                },
            ],
        }
        for i, score in enumerate(SCORES)
    ]
    return json.dumps({"total_items": 12, "page_count": 1, "items": items})


def formbricks_old() -> str:
    head = [
        "No.",
        "Response ID",
        "Timestamp",
        "Finished",
        "Survey ID",
        "Formbricks ID (internal)",
        "User ID",
        "Notes",
        "Tags",
    ]
    rows = [
        [i + 1, f"r{i}", f"Mon Mar {2 + i:02} 2026", "Yes", "s1", f"p{i}", f"u{i}", "", "", s, f"x {i}"]
        for i, s in enumerate(SCORES)
    ]
    return table([[*head, f"1. {QUESTION}", "2. Why?"], *rows])


def formbricks_list_with_codes() -> str:
    records = [
        {
            "id": f"r{i}",
            "surveyId": "s1",
            "createdAt": "2026-03-02T09:00:00Z",
            "updatedAt": "2026-03-02T09:00:00Z",
            "finished": True,
            "data": {"clq1aaa": score, "clq2bbb": f"words of customer number {i}"},
            "contact": None,
            "contactAttributes": None,
            "meta": {},
            "tags": [{"id": "1", "name": "vip"}],
            "ttc": {"clq1aaa": 1000.5},
        }
        for i, score in enumerate(SCORES)
    ]
    records.append(
        {
            "id": "r99",
            "surveyId": "s1",
            "createdAt": "2026-03-02T09:00:00Z",
            "finished": True,
            "data": {"clq1aaa": "dismissed"},
        }
    )
    return json.dumps({"data": records})


def limesurvey_questions() -> str:
    head = [
        "Response ID",
        "Date submitted",
        "Last page",
        "Start language",
        "Seed",
        "Date started",
        "IP address",
    ]
    day = "2026-03-02 09:00:00"
    rows: list[list[object]] = [[*head, QUESTION, "Why did you give this score?"]]
    rows += [[i + 1, day, 1, "en", 12, day, "203.0.113.1", s, f"txt {i}"] for i, s in enumerate(SCORES)]
    rows.append([99, "", 1, "en", 12, day, "", "", ""])
    return table(rows, ";")


def limesurvey_russian() -> str:
    head = ["ID ответа", "Дата отправки", "Последняя страница", "Начальный язык", "Дата начала"]
    day = "1980-01-01 00:00:00"
    rows: list[list[object]] = [[*head, "Насколько вероятно, что Вы порекомендуете нас?", "Почему?"]]
    rows += [[i + 1, day, 1, "ru", day, s, f"потому {i}"] for i, s in enumerate(SCORES)]
    return table(rows)


def limesurvey_vv() -> str:
    labels = [
        "Response ID",
        "Token",
        "Date submitted",
        "Last page",
        "Start language",
        "Seed",
        QUESTION,
        "Why?",
        "Grid",
    ]
    codes = ["id", "token", "submitdate", "lastpage", "startlanguage", "seed", "Q1", "Q2", "Q3_SQ1"]
    rows = [labels, codes]
    for i, s in enumerate(SCORES):
        text = "a{newline}b{tab}{quote}c{quote} {lbrace}newline}"
        rows.append(
            [str(i), f"t{i}", "2026-03-02 09:00:00", "1", "en", "7", str(s), text, "{question_not_shown}"]
        )
    rows.append(["99", "", "{question_not_shown}", "1", "en", "7", "{question_not_shown}", "", ""])
    return "\n".join("\t".join(row) for row in rows)


def promoter_csv() -> str:
    head = [
        "id",
        "score",
        "score_type",
        "created",
        "attributes",
        "sent_date",
        "campaign_id",
        "campaign_name",
        "comments",
    ]
    rows = [
        [
            i,
            s,
            group(s).lower(),
            "2026-03-02T09:00:00Z",
            json.dumps({"segment": "B2B"}),
            "2026-03-01",
            7,
            "Q1",
            f"c {i}",
        ]
        for i, s in enumerate(SCORES)
    ]
    return table([head, *rows])


def posthog_csv() -> str:
    response = "properties.$survey_response"
    head = ["uuid", "event", "distinct_id", "timestamp", "properties.$survey_id", response, f"{response}_1"]
    rows = [
        [f"u{i}", "survey sent", f"d{i}", "2026-03-02T09:00:00Z", "s1", s, f"words of number {i}"]
        for i, s in enumerate(SCORES)
    ]
    rows.append(["u99", "survey dismissed", "d99", "2026-03-02T09:00:00Z", "s1", "", ""])
    return table([head, *rows])


def posthog_query() -> str:
    head = ["uuid", "timestamp", "properties.$survey_id", "properties.$survey_response", "distinct_id"]
    rows = [[f"u{i}", "2026-03-02T09:00:00Z", "s1", str(s), f"d{i}"] for i, s in enumerate(SCORES)]
    return json.dumps({"columns": head, "results": rows})


def hubspot_list() -> str:
    records = [
        {
            "id": str(i),
            "properties": {
                "hs_value": str(s),
                "hs_content": f"nice {i}",
                "hs_survey_type": "NPS",
                "hs_submission_timestamp": "2026-03-02T09:00:00Z",
                "hs_response_group": group(s).upper(),
            },
            "createdAt": "2026-03-02T09:00:00Z",
        }
        for i, s in enumerate(SCORES)
    ]
    return json.dumps({"results": records, "paging": {"next": {"after": "12"}}})


def delighted_people_columns() -> str:
    head = [
        "Score",
        "Comment",
        "Person Name",
        "Person Email",
        "Survey Type",
        "Created At (UTC)",
        "Permalink",
        "Delighted Source",
    ]
    rows = [
        [s, f"c {i}", "Bob", f"a{i}@b.co", "NPS", "2026-03-02 09:00:00", "x", "Email"]
        for i, s in enumerate(SCORES)
    ]
    return table([head, *rows])


def delighted_mixed() -> str:
    head = ["Response ID", "Person ID", "Survey type", "Score", "Comment", "Created at", "Permalink"]
    rows: list[list[object]] = [
        [i, f"p{i}", "nps", s, f"c {i}", "2026-03-02 09:00:00 UTC", "x"] for i, s in enumerate(SCORES)
    ]
    for i, kind, score in ((77, "csat", 5), (78, "stars", 4), (79, "ces", 2)):
        rows.append([i, f"p{i}", kind, score, "good", "2026-03-02 09:00:00 UTC", "x"])
    return table([head, *rows])


def delighted_events() -> str:
    events = [
        {
            "event_type": "survey_response.created",
            "event_id": str(i),
            "event_data": {
                "id": str(i),
                "person": {"id": f"p{i}", "email": f"a{i}@b.co", "name": "N"},
                "survey_type": "nps",
                "score": s,
                "comment": f"c {i}",
                "permalink": "x",
                "created_at": 1772442000,
                "person_properties": {"segment": "B2B"},
                "notes": [{"text": "called", "user_email": "x@y.z"}],
                "tags": ["vip"],
            },
        }
        for i, s in enumerate(SCORES)
    ]
    return "\n".join(json.dumps(event) for event in events)


def russian_spreadsheet() -> bytes:
    head = ["Дата", "Клиент", "Телефон", "Сегмент", "Оценка", "Комментарий", "Выручка"]
    rows: list[list[object]] = [
        [
            f"{2 + i:02}.03.2026",
            f"К-00{i}",
            f"8 (916) 123-45-{10 + i}",
            "Розница",
            s,
            "да; но\nдолго",
            f"1234,{10 + i}",
        ]
        for i, s in enumerate(SCORES)
    ]
    wrong = ("н/д", "11", "6,5", "плохо")
    rows += [["15.03.2026", f"К-{score}", "", "Розница", score, "", "1,5"] for score in wrong]
    return table([head, *rows], ";").encode("cp1251")


def english_spreadsheet() -> str:
    rows = [[f"a{i}@b.co", f"{s}.0", f"fine {i}", f"03/{13 + i}/2026", "pro"] for i, s in enumerate(SCORES)]
    return table([["email", "nps_score", "feedback", "date", "plan"], *rows])


def clean_table() -> str:
    head = [
        "answer",
        "customer",
        "answered_at",
        "recommend",
        "satisfaction",
        "effort",
        "comment",
        "weight",
        "noticed",
        "image1",
    ]
    rows = [
        [f"a{i}", f"c{i}", "2026-03-02", s, i % 10 + 1, i % 7 + 1, f"x {i}", 1.5, "yes", i % 10 + 1]
        for i, s in enumerate(SCORES)
    ]
    return table([head, *rows])


EXPORTS: dict[str, tuple[str, str | bytes, dict[str, int]]] = {
    "Qualtrics, labels, tabs, UTF-16": ("qualtrics", qualtrics_labels_tsv(), {"preview": 1}),
    "Qualtrics, codes": ("qualtrics", table(qualtrics_rows(labels=False)), {"preview": 1}),
    "Qualtrics, two header rows": ("qualtrics", qualtrics_two_header_rows(), {}),
    "Qualtrics, JSON": ("qualtrics", qualtrics_json(), {}),
    "SurveyMonkey, expanded": ("surveymonkey", surveymonkey_expanded(), {}),
    "SurveyMonkey, empty second header": ("surveymonkey", surveymonkey_empty_second_header(), {}),
    "SurveyMonkey, list": ("surveymonkey", surveymonkey_list(), {}),
    "Google Forms, grid": ("google_forms", google_grid(), {}),
    "Google Forms, Russian": ("google_forms", google_russian(), {}),
    "Typeform, CSV": ("typeform", typeform_csv(), {"incomplete": 1}),
    "Typeform, list": ("typeform", typeform_list(), {}),
    "Formbricks, older CSV": ("formbricks", formbricks_old(), {}),
    "Formbricks, list with codes": ("formbricks", formbricks_list_with_codes(), {"dismissed": 1}),
    "LimeSurvey, questions for headers": ("limesurvey", limesurvey_questions(), {"incomplete": 1}),
    "LimeSurvey, Russian, without dates": ("limesurvey", limesurvey_russian(), {}),
    "LimeSurvey, VV": ("limesurvey", limesurvey_vv(), {"incomplete": 1}),
    "Promoter.io": ("promoter_io", promoter_csv(), {}),
    "PostHog, events": ("posthog", posthog_csv(), {"dismissed": 1}),
    "PostHog, query": ("posthog", posthog_query(), {}),
    "HubSpot": ("hubspot", hubspot_list(), {}),
    "Delighted, other headers": ("delighted", delighted_people_columns(), {}),
    "Delighted, webhook events": ("delighted", delighted_events(), {}),
    "Russian spreadsheet": (
        "spreadsheet",
        russian_spreadsheet(),
        {"no_score": 1, "out_of_range": 1, "not_whole": 1, "not_a_number": 1},
    ),
    "English spreadsheet": ("spreadsheet", english_spreadsheet(), {}),
    "Leal's own table": ("leal", clean_table(), {}),
}
"""For each export: the tool it is recognised as, its content, the rows to be rejected."""
