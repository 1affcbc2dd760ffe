"""The examples on made-up data: they run whole, whoever has the real files or not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from examples.made_up_orders import write_orders

from examples import complete_journey, olist, online_retail
from leal.charts import score_steps, to_svg
from leal.wording import Text

DAY = dt.timedelta(days=1)


@pytest.fixture
def invoices(tmp_path: Path) -> Path:
    """Return a file as the UCI repository has it: 150 customers, some lines of nobody, some cancelled."""
    random = np.random.default_rng(5)
    rows = []
    for customer in range(150):
        day = int(random.integers(0, 150))
        while day < 370:
            rows.append((f"5{len(rows):05d}", str(12000 + customer), day, 3, 4.5 + customer % 7))
            if random.random() < 0.1:
                rows.append((f"C5{len(rows):05d}", str(12000 + customer), day + 1, -1, 4.5 + customer % 7))
            day += 2 + int(random.exponential(45))
    rows += [(f"6{place:05d}", "", place, 1, 10.0) for place in range(40)]
    frame = pl.DataFrame(
        rows, schema=["InvoiceNo", "CustomerID", "day", "Quantity", "UnitPrice"], orient="row"
    )
    start = dt.datetime.fromisoformat("2010-12-01T10:00")
    dated = frame.with_columns(InvoiceDate=pl.lit(start) + pl.duration(days="day")).drop("day")
    path = tmp_path / "online_retail.csv"
    dated.with_columns(StockCode=pl.lit("84029E"), Country=pl.lit("France")).write_csv(path)
    return path


def test_invoices_become_purchases_and_nothing_is_lost_in_silence(
    invoices: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    purchases, reconciliation = online_retail.read_purchases(invoices)
    assert reconciliation.rejected_by_reason == {"no_customer": 40}
    assert online_retail.left_out_money(reconciliation) == pytest.approx(400)
    lines, money = online_retail.cancelled(purchases)
    assert lines > 0 > money

    online_retail.main([str(invoices), "--charts", str(tmp_path / "charts")])
    told = capsys.readouterr().out
    assert "no customer: 40" in told
    assert "Pareto/NBD" in told
    assert len(list((tmp_path / "charts").glob("*.png"))) == 3


@pytest.fixture
def households(tmp_path: Path) -> Path:
    """Return tables of 300 households; the best 100 got a campaign that changed nothing."""
    random = np.random.default_rng(6)
    first = dt.datetime.fromisoformat("2017-01-01T12:00")
    level = np.sort(random.gamma(2.0, 15.0, 300))[::-1]
    visits = [
        (household, first + day * DAY, float(random.gamma(2.0, level[household] / 2)))
        for household in range(300)
        for day in range(household % 7, 301, 7)
    ]
    pl.DataFrame(
        visits, schema=["household_id", "transaction_timestamp", "sales_value"], orient="row"
    ).write_parquet(tmp_path / "transactions.parquet")
    pl.DataFrame({"campaign_id": [8] * 100, "household_id": list(range(100))}).write_csv(
        tmp_path / "campaigns.csv"
    )
    pl.DataFrame(
        {
            "campaign_id": [8, 9],
            "campaign_type": ["Type A", "Type B"],
            "start_date": [first + 127 * DAY, first + 151 * DAY],
            "end_date": [first + 175 * DAY, first + 181 * DAY],
        }
    ).write_parquet(tmp_path / "completejourney_campaign_descriptions.parquet")
    return tmp_path


def test_a_campaign_that_changed_nothing_shows_a_raw_gap_and_no_change(
    households: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (found,) = complete_journey.study(complete_journey.read(households))
    assert found.raw.ci_low > 0
    assert found.before.ci_low > 0
    assert not found.weekly.differs_from_zero
    assert not found.weekly.randomised
    assert found.weekly.grade in ("B", "C")

    complete_journey.main([str(households), "--charts", str(households / "charts")])
    told = capsys.readouterr().out
    assert "Above zero, looked at alone: none." in told
    assert "grade A" not in told
    assert told.count("Not randomised") >= 3
    assert len(list((households / "charts").glob("*.svg"))) == 2


def test_tables_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="transactions"):
        complete_journey.read(tmp_path)
    with pytest.raises(SystemExit, match="order_reviews"):
        olist.read(tmp_path)


@pytest.fixture
def download(tmp_path: Path) -> Path:
    """Return files as Kaggle has them: late parcels score low, and late or not, one in five orders again."""
    random = np.random.default_rng(7)
    first = dt.datetime.fromisoformat("2018-01-01T09:00")
    orders, people, reviews = [], [], []
    for person in range(600):
        for number in range(2 if person % 5 == 0 else 1):
            order, late = f"o{person}-{number}", random.random() < 0.2
            bought = first + person % 28 * DAY + 60 * number * DAY
            came = bought + (20 if late else 8) * DAY
            orders.append((order, f"c{order}", "delivered", bought, came, bought + 14 * DAY))
            people.append((f"c{order}", f"p{person}"))
            reviews.append((order, int(random.integers(1, 4) if late else random.integers(3, 6)), came))
    reviews += reviews[:3]
    orders.append(("lost", "clost", "shipped", first, None, first + 8 * DAY))
    people.append(("clost", "plost"))
    columns = ["order_id", "customer_id", "order_status", *olist.TIMES]
    _write(tmp_path / "olist_orders_dataset.csv", orders, columns)
    _write(tmp_path / "olist_customers_dataset.csv", people, ["customer_id", "customer_unique_id"])
    columns = ["order_id", "review_score", "review_creation_date"]
    _write(tmp_path / "olist_order_reviews_dataset.csv", reviews, columns)
    return tmp_path


def _write(path: Path, rows: list[tuple[object, ...]], columns: list[str]) -> None:
    pl.DataFrame(rows, schema=columns, orient="row").write_csv(path, datetime_format="%Y-%m-%d %H:%M:%S")


def test_with_all_orders_the_first_of_each_person_counts(
    download: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = olist.read(download)
    assert not orders.sampled
    assert orders.several == 3
    assert orders.rows.height == 600
    assert orders.rows["customer"].is_unique().all()
    assert orders.rows["again"].sum() == 120
    scores, again = olist.late_against_punctual(orders.rows)
    assert scores.ci_high < -1.5
    assert not again.differs_from_zero
    assert olist.rank_correlation(orders.rows, "late").ci_high < 0

    olist.main([str(download), "--charts", str(download / "charts")])
    told = capsys.readouterr().out
    assert "Nothing is seen" in told
    assert "over-represented" not in told
    assert (download / "charts" / "olist-again-by-score.svg").is_file()


def test_the_scale_of_a_score_can_be_named(download: Path) -> None:
    curve = olist.curve(olist.read(download).rows)
    drawn = to_svg(score_steps(curve, score_title=Text("stars given, 1 to 5")))
    assert "stars given, 1 to 5" in drawn
    assert "0 to 10" not in drawn


def test_made_up_orders_give_back_their_truth_and_the_page_shows_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lateness costs stars and no second orders: the plan of examples/made_up_orders.py."""
    olist.main([olist.MADE_UP, "--charts", str(tmp_path)])
    printed = capsys.readouterr().out.replace("\u00a0", " ").splitlines()
    page = (Path(__file__).parents[2] / "docs" / "examples-olist.md").read_text(encoding="utf-8")
    shown = [line for block in page.split("```text\n")[1:] for line in block.split("```")[0].splitlines()]
    assert shown
    assert [line for line in shown if line not in printed] == []

    made = (tmp_path / "olist.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "![olist-again-by-score.png](olist-again-by-score.png)" in made
    assert [line for line in shown if line not in made.splitlines()] == []


def test_made_up_orders_cost_stars_and_nothing_else(tmp_path: Path) -> None:
    truths = []
    for seed in range(8):
        write_orders(tmp_path / str(seed), seed)
        scores, again = olist.late_against_punctual(olist.read(tmp_path / str(seed)).rows)
        truths.append(not again.differs_from_zero)
        assert scores.ci_high < -1.4
    assert sum(truths) >= 6
