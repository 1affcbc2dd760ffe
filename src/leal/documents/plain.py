"""The audit as JSON, for programs."""

from __future__ import annotations

import json

from leal import __version__
from leal.checks import Audit

SCHEMA = "leal.audit"
SCHEMA_VERSION = 1


def json_report(audit: Audit) -> str:
    """Return the audit as a JSON object: `Audit.to_dict` with the name and version of its schema.

    Fields are only ever added within a version of the schema. What is not known is null, days are ISO
    texts, sentences
    are English beside the stable codes.

    Parameters
    ----------
    audit : Audit
        As `leal.audit` returns it.
    """
    told = {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "leal_version": __version__,
        **audit.to_dict(),
    }
    return json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
