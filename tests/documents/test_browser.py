"""The report in a real browser: quiet, offline, legible in both modes, usable by keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.documents.sample_audit import sample_audit

from leal.documents import write_report

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is absent, so Chromium cannot be driven"
)

pytestmark = pytest.mark.browser

LEGIBLE = 4.5
CONTRAST = """
() => {
  const parse = (c) => (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const lum = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => {
      v /= 255;
      return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.5) return colour;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const node of document.querySelectorAll("h1,h2,h3,p,li,dt,dd,td,th,span,a,summary,button")) {
    if (!node.textContent.trim() || !node.getClientRects().length || node.children.length) continue;
    const style = getComputedStyle(node);
    const [a, b] = [lum(parse(style.color)), lum(behind(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < LIMIT) bad.push(node.tagName + ": " + node.textContent.trim().slice(0, 40));
  }
  return bad;
}
""".replace("LIMIT", str(LEGIBLE))


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_api.sync_playwright() as driver:
        if path is None and not Path(driver.chromium.executable_path).exists():
            pytest.skip("Chromium is not installed")
        started = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    return {lang: write_report(sample_audit(), folder / f"{lang}.html", lang) for lang in ("en", "ru")}  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_is_quiet_offline_and_legible(browser, reports, mode: str, language: str) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page(color_scheme=mode)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda problem: said.append(str(problem)))
    page.on("dialog", lambda dialog: said.append(f"dialog {dialog.message}"))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(reports[language].as_uri())
    assert said == []
    assert asked == [reports[language].as_uri()]
    assert page.evaluate(CONTRAST) == []
    dark = page.evaluate("parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0]) < 128")
    assert dark == (mode == "dark")
    page.close()


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_is_wider_than_the_screen(browser, reports, width: int) -> None:  # type: ignore[no-untyped-def]
    for path in reports.values():
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        shown = "narrow" if width <= 640 else "wide"
        assert page.locator(f".drawing .{shown}").first.is_visible()
        page.close()


def test_colours_and_filter_work_by_keyboard(browser, reports) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page(color_scheme="light")
    page.goto(reports["en"].as_uri())
    page.locator("#mode").focus()
    page.keyboard.press("Enter")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert "Dark" in page.locator("#mode").inner_text()
    page.locator("[data-show=unknown]").focus()
    page.keyboard.press("Space")
    assert page.locator("section.check:visible").count() == 2
    assert page.locator("[data-show=unknown]").get_attribute("aria-pressed") == "true"
    page.close()


def test_everything_is_there_without_javascript(browser, reports) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(reports["en"].as_uri())
    assert page.locator("section.check:visible").count() == 10
    assert not page.locator("#filter").is_visible()
    assert not page.locator("#mode").is_visible()
    page.locator("summary").first.click()
    assert page.locator("dl.methods").first.is_visible()
    context.close()


def test_print_is_light_whatever_the_screen(browser, reports) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page(color_scheme="dark")
    page.goto(reports["en"].as_uri())
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.close()
