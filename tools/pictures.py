"""Make the pictures of the report that the README shows: python tools/pictures.py.

The report is that of the simulated company. Needs Playwright (in the extra `dev`) and Chromium, the system's
own or that of `playwright install chromium`.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "docs" / "images"
CUSTOMERS, SEED = 4000, 28  # those of `leal demo`
WIDTH, HEIGHT = 1200, 1300
LARGEST = 300_000


def write_page(folder: Path, language: str = "en") -> Path:
    """Audit the files of the demonstration and return the report's page."""
    from leal.checks import audit
    from leal.documents import write_report
    from leal.intake import load
    from leal.simulate import company, write_files
    from leal.wording import to_language

    chosen = to_language(language)
    write_files(company(CUSTOMERS, seed=SEED, language=chosen), folder / "files", chosen)
    loaded = load(folder / "files")
    found = audit(loaded.evidence, reconciliations=loaded.reconciliations, joining=loaded.joining)
    return write_report(found, folder / f"report-{chosen}.html", chosen)


def photograph(page: Path, target: Path, mode: str) -> None:
    """Write a picture of the top of a page in light or dark mode."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        system = shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=system, args=["--no-sandbox", "--hide-scrollbars"])
        view = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=mode)  # type: ignore[arg-type]
        view.goto(page.as_uri())
        view.screenshot(path=target)
        browser.close()


def main() -> int:
    """Write both pictures; fail where one is too heavy for a README."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        page = write_page(Path(folder))
        for mode in ("light", "dark"):
            target = FOLDER / f"report-{mode}.png"
            photograph(page, target, mode)
            size = target.stat().st_size
            print(f"{target}: {size / 1000:,.0f} kB")
            if size > LARGEST:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
