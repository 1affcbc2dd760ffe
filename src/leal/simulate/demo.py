"""The demonstration: the files of one simulated company, the same for everybody."""

from __future__ import annotations

from pathlib import Path

from leal.simulate.files import write_files
from leal.simulate.world import Company, company
from leal.wording import Language

DEMO_CUSTOMERS = 4000
DEMO_SEED = 2026


def demo_company(language: Language = "en") -> Company:
    """Return the company of the demonstration: 4,000 customers, 18 months of surveys, one seed."""
    return company(DEMO_CUSTOMERS, seed=DEMO_SEED, language=language)


def write_demo(folder: str | Path, language: Language = "en") -> dict[str, Path]:
    """Write the files that ``leal demo`` audits.

    Parameters
    ----------
    folder : str or Path
        Made if absent.
    language : {"en", "ru"}
        Language of comments and names, and the kind of files (see `write_files`).

    Returns
    -------
    dict of Path
        The file of each table, by the table's name: what `leal.intake.load` is to be given.
    """
    return write_files(demo_company(language), folder, language)
