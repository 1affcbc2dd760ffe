"""The examples on the data that they are about; skipped where these are not beside the checkout."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import leal
from examples import cdnow, complete_journey, olist, online_retail

NO_BREAK = "\u00a0"

pytestmark = pytest.mark.reference


@pytest.fixture(scope="module")
def data(golden: Path) -> Path:
    """Return the folder of real data, or skip."""
    folder = golden.parent / "data" / "real"
    if not folder.is_dir():
        pytest.skip("the real data are not beside this checkout")
    return folder


@pytest.fixture(scope="module")
def invoices(data: Path) -> tuple[pl.DataFrame, leal.Reconciliation]:
    return online_retail.read_purchases(data / "uci_online_retail.parquet")


def test_online_retail_every_row_is_accounted_for(
    invoices: tuple[pl.DataFrame, leal.Reconciliation],
) -> None:
    """data/real/README.md: 541,909 rows, sum of quantity x price 9,747,747.934."""
    purchases, reconciliation = invoices
    assert reconciliation.rows_read == 541_909
    assert reconciliation.rejected_by_reason == {"no_customer": 135_080}
    whole = purchases["amount"].sum() + online_retail.left_out_money(reconciliation)
    assert whole == pytest.approx(9_747_747.934, abs=0.01)
    assert purchases["customer"].n_unique() == 4372


def test_online_retail_the_maximum_lies_on_the_boundary(
    invoices: tuple[pl.DataFrame, leal.Reconciliation],
) -> None:
    """customer-value.md, section 3: the maximum at a -> 0 (BG/NBD) or s -> 0 (Pareto/NBD); scores finite."""
    purchases, _ = invoices
    customers = leal.customer_summary(purchases)
    assert customers.height == 4334
    table = online_retail.compared(online_retail.fits(customers), customers)
    assert table["mean P(alive)"].to_list() == [1.0, 1.0, 1.0]
    assert table["log-likelihood"].to_list() == pytest.approx([table["log-likelihood"][0]] * 3, abs=1e-3)
    ends = online_retail.boundary(purchases)
    assert ends.height == 3
    assert set(ends.select(*online_retail.MODELS).row(0)) == {"not seen"}


def test_online_retail_the_peak_breaks_the_forecast_and_summer_does_not(
    invoices: tuple[pl.DataFrame, leal.Reconciliation],
) -> None:
    purchases, _ = invoices
    summer = leal.lifetime_value(purchases, until=online_retail.BEFORE_THE_PEAK, weeks=13).holdout
    autumn = leal.lifetime_value(purchases).holdout
    assert summer is not None
    assert summer.held
    assert autumn is not None
    assert not autumn.held
    assert autumn.bias < -0.1
    kept = online_retail.top_tenth_kept(purchases, online_retail.BEFORE_THE_PEAK)
    assert 0.4 < kept.ci_low < kept.estimate < kept.ci_high < 0.8


def test_complete_journey_the_gap_is_selection_and_the_label_stays(data: Path) -> None:
    purchases = complete_journey.read(data)
    assert purchases.last == dt.date(2017, 12, 31)
    found = complete_journey.study(purchases)
    assert [one.name for one in found] == ["campaign 27", "campaign 8", "campaign 13", "campaign 18"]
    for one in found:
        assert one.raw.ci_low > 10  # dollars a week, while the campaign ran ...
        assert one.before.ci_low > 10  # ... and before it
        assert abs(one.weekly.estimate) < one.raw.estimate / 3
        assert one.weekly.grade in ("B", "C")
        assert one.monthly.grade in ("B", "C")
        assert str(one.weekly).startswith("Not randomised")
        assert "not_randomised" in [note.code for note in one.weekly.notes]
    assert not [p for p, one in zip(complete_journey.summary(found)["p (Holm)"], found, strict=True)
                if one.weekly.proved and p < 0.05]  # fmt: skip


def test_olist_late_costs_stars_and_stars_hardly_bring_orders(data: Path) -> None:
    """customer-value.md, section 5: repeat by score, +2.5 points, z 3.2; late 2.50 against 4.28, -.30."""
    orders = olist.read(data)
    assert orders.sampled
    curve = olist.curve(orders.rows)
    assert curve["n"].to_list() == [526, 162, 431, 1016, 3037]
    assert [round(100 * share, 1) for share in curve["retention"]] == [7.8, 6.2, 7.2, 6.7, 9.5]
    assert curve["days to delivery"].round(1).to_list() == [21.4, 16.1, 13.5, 11.4, 10.2]
    best = olist.best_against_rest(orders.rows)
    assert 100 * best.estimate == pytest.approx(2.5, abs=0.06)
    assert best.estimate / best.standard_error == pytest.approx(3.2, abs=0.1)
    assert not olist.among_the_rest(orders.rows).differs_from_zero
    scores, again = olist.late_against_punctual(orders.rows)
    assert scores.estimate == pytest.approx(2.50 - 4.28, abs=0.01)
    assert 100 * again.estimate == pytest.approx(8.0 - 8.6, abs=0.1)
    assert not again.differs_from_zero
    assert olist.rank_correlation(orders.rows, "late").estimate == pytest.approx(-0.30, abs=0.005)
    assert olist.rank_correlation(orders.rows, "days").estimate == pytest.approx(-0.24, abs=0.005)


@pytest.mark.parametrize(
    ("page", "run", "source"),
    [
        ("examples-online-retail", online_retail.main, "uci_online_retail.parquet"),
        ("examples-complete-journey", complete_journey.main, ""),
    ],
)
def test_the_pages_show_what_the_scripts_print(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    page: str,
    run: Callable[[list[str]], None],
    source: str,
) -> None:
    run([str(data / source), "--charts", str(tmp_path)])
    printed = capsys.readouterr().out.replace(NO_BREAK, " ").splitlines()
    pages = Path(__file__).parents[2] / "docs"
    blocks = (pages / f"{page}.md").read_text(encoding="utf-8").split("```text\n")[1:]
    shown = [line for block in blocks for line in block.split("```")[0].splitlines()]
    assert shown
    assert [line for line in shown if line not in printed] == []


def test_cdnow_prints_the_figures_of_its_page(
    golden: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """docs/customer-value.md; value/README.md: 2,357 customers, 1,882 purchases in the 39 weeks after."""
    cdnow.main([str(golden / "value" / "cdnow_sample_customer_day.csv.xz"), "--charts", str(tmp_path)])
    told = capsys.readouterr().out.replace(NO_BREAK, " ")
    for figure in (
        "2,357 customers, 2,349 without",
        "1,882",
        "70,966.3",
        "35.17 (95 % 33.47 to 37.11, n = 946)",
    ):
        assert figure in told
    page = (Path(__file__).parents[2] / "docs" / "customer-value.md").read_text(encoding="utf-8")
    table = cdnow.compared(
        cdnow.published(cdnow.read_purchases(golden / "value" / "cdnow_sample_customer_day.csv.xz"))
    )
    for row in table.head(1).iter_rows(named=True):
        assert f"({row['from']} to {row['to']})" in page
    assert "(1,404 to 1,866)" in page
    for sentence in (
        "2,349 customers will bring USD 21,300 (USD 19,000 to USD 23,600)",
        "off by \u22121.6 %",
    ):
        assert sentence in told


def test_cdnow_reads_the_sample_as_it_comes(tmp_path: Path) -> None:
    file = tmp_path / "CDNOW_sample.txt"
    file.write_text(" 00004  0001 19970101  2   29.33\n 00004  0001 19970118  2   29.73\n", encoding="ascii")
    table = cdnow.read_purchases(file)
    assert table.rows() == [
        ("0001", dt.date(1997, 1, 1), 29.33, "USD"),
        ("0001", dt.date(1997, 1, 18), 29.73, "USD"),
    ]
