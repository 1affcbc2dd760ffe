"""Sales of any program as purchases: amounts made, refunds negative, totals and lost deals left out."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from leal.intake.building import Build, Built
from leal.intake.keys import KeyKind, clean_identifier, clean_phone
from leal.intake.numbers import currencies_in
from leal.intake.recognition import looks_like_documents
from leal.intake.states import is_refund_word, states_of
from leal.intake.synonyms import wording
from leal.wording import Count, Listing, Text

_TOTAL = (
    r"(?i)^\s*(?:итого|всего|итог|общий итог|промежуточный итог|grand total|sub-?total|total)\s*"
    r"(?:$|[:.]|по\b|for\b)"
)
_DATE_OF_DOCUMENT = r"(?i)\sот\s(\d{1,2}\.\d{1,2}\.\d{4}(?:\s\d{1,2}:\d{2}(?::\d{2})?)?)"
_ORDER_LEVEL = frozenset(
    {
        "total",
        "order total",
        "order total amount",
        "order amount",
        "order value",
        "grand total",
        "payment value",
    }
    | {"сумма заказа", "стоимость заказа", "итого", "итоговая сумма", "к оплате", "сумма к оплате"}
)
"""Headers of money that belongs to the whole order, though a file may repeat it on each of its lines."""

_KEY_KINDS: Mapping[str, KeyKind] = {"email": "email", "phone": "phone", "name": "identifier"}
_PIPELINES = ("bitrix24_deals", "amocrm_deals")


def build_purchases(build: Build) -> Built:
    """Return sales as purchases.

    The amount is the file's, else quantity x price, less what was refunded; refunds are negative. Not
    accepted are rows of totals, cancelled and unpaid orders, deals that are not won, orders given back,
    further lines of an order whose total was counted, and rows without money, time or customer.
    """
    document = _unfold_documents(build)
    _keys(build)
    unread_time = _time(build, document)
    unread_amount = _amount(build)
    extra_lines = _extra_lines(build)
    states = _undone(build, _states(build, document))
    _money(build, states)
    _words(build)
    build.add_rest()
    frame = pl.DataFrame(_ordered(build.columns))
    reason = _reasons(build, frame, states, unread_time, unread_amount, extra_lines)
    build.told_guesses()
    return Built(frame=frame, reason=reason, amount=frame["amount"], notes=tuple(build.notes))


def _unfold_documents(build: Build) -> pl.Series | None:
    """Return the documents of 1C; where customers stand in the same column above them, take them apart.

    A report grouped by customer has a row with the customer's name and total, then a row for each document.
    """
    cells = build.text("purchase")
    own = build.text("customer")
    if own is not None and looks_like_documents(own):
        cells, own = own, None
    if cells is None or not looks_like_documents(cells):
        return None
    is_document = cells.str.contains(_DATE_OF_DOCUMENT).fill_null(False)
    if own is None or build.mapping.header("customer") == build.mapping.header("purchase"):
        groups = pl.DataFrame({"c": cells, "d": is_document}).select(
            pl.when(~pl.col("d")).then(pl.col("c")).forward_fill().alias("customer"),
            pl.when(pl.col("d")).then(pl.col("c")).alias("purchase"),
        )
        build.columns["customer"], cells = groups["customer"], groups["purchase"]
    build.columns["purchase"] = cells.set(~is_document, None).alias("purchase")
    return build.columns["purchase"]


def _keys(build: Build) -> None:
    """Put the keys in normal form; without an identifier the customer is the mail, telephone or name."""
    columns = build.columns
    if "purchase" not in columns and (purchase := build.key("purchase", "identifier")) is not None:
        columns["purchase"] = purchase
    if "customer" in columns:
        columns["customer"] = _identifiers(columns["customer"])
    elif (customer := build.key("customer")) is not None:
        columns["customer"] = customer
    for name, kind in _KEY_KINDS.items():
        if (key := build.key(name, kind)) is not None:
            columns[name] = key
    for name in ("customer", "phone"):
        if (cells := build.cells(name)) is not None:
            _note_rounded_phones(build, cells)
    known = [columns[name] for name in ("customer", "email", "phone", "name") if name in columns]
    columns["customer"] = pl.select(pl.coalesce(known).alias("customer")).to_series()


def _identifiers(cells: pl.Series) -> pl.Series:
    return pl.DataFrame({"x": cells}).select(clean_identifier(pl.col("x")).alias("customer")).to_series()


def _note_rounded_phones(build: Build, cells: pl.Series) -> None:
    if cells.dtype != pl.String:
        return
    rounded = pl.DataFrame({"x": cells.filter(cells.str.contains(r"\d[eE]\+?\d+\s*$").fill_null(False))})
    lost = rounded.filter(clean_phone(pl.col("x")).is_null()).height
    if lost:
        build.note(
            "rounded_phones",
            Text(
                "A spreadsheet shortened telephones to the form 7.9E+10, so that they cannot be told apart "
                "(rows: {count}); format the column as text and export again.",
                count=Count(lost),
            ),
        )


def _time(build: Build, document: pl.Series | None) -> pl.Series:
    """Read when it was bought, of documents without a column of their own from their names."""
    read = build.times("bought_at")
    if read is None and document is not None:
        read = build.read_times("bought_at", document.str.extract(_DATE_OF_DOCUMENT).alias("bought_at"))
    if read is None:
        empty = pl.Series("bought_at", [None] * build.height, dtype=pl.Datetime("us"))
        read = empty, pl.repeat(False, build.height, eager=True)
    build.columns["bought_at"] = read[0]
    return read[1]


def _amount(build: Build) -> pl.Series:
    """Read or make the amount; return which cells of it are no money."""
    nothing = pl.repeat(False, build.height, eager=True)
    amount, price = build.numbers("amount"), build.numbers("price")
    quantity = build.numbers("quantity")
    for name, numbers in (("quantity", quantity), ("price", price)):
        if numbers is not None:
            build.columns[name] = numbers.values.alias(name)
    refunded = build.numbers("refunded")
    unread = amount.unreadable if amount else nothing
    if amount is not None:
        values = amount.values
    elif price is not None:
        values = price.values if quantity is None else price.values * quantity.values
        unread = price.unreadable | (nothing if quantity is None else quantity.unreadable)
        build.note("amount_made", Text("The amount was made of quantity and price."))
    else:
        values = pl.Series([None] * build.height, dtype=pl.Float64)
    if refunded is not None:
        values = values - refunded.values.abs().fill_null(0.0)
        build.left_empty("refunded", refunded.unreadable)
    build.columns["amount"] = values.alias("amount")
    return unread


def _states(build: Build, document: pl.Series | None) -> pl.DataFrame:
    """Return what the state and the kind of each row say: columns ``state`` and ``refund``."""
    statuses = build.cells("status")
    if statuses is None:
        state = pl.repeat("accepted", build.height, dtype=pl.String, eager=True)
    else:
        deals = build.mapping.source in _PIPELINES
        state = states_of(statuses, build.mapping.statuses, pipeline=deals)
    refund = state == "refund"
    if (cells := build.text("operation")) is not None:
        told = is_refund_word(cells.drop_nulls().unique().to_list())
        words = [word for word, is_refund in told.items() if is_refund]
        refund = refund | cells.is_in(words).fill_null(False)
    if document is not None:
        refund = refund | document.str.contains(r"(?i)^\s*возврат").fill_null(False)
    return pl.DataFrame({"state": state, "refund": refund})


def _undone(build: Build, states: pl.DataFrame) -> pl.DataFrame:
    """Settle orders in the state "refunded": beside its sale the row is the refund, alone a sale undone.

    What is left of an order after its refunds were taken off (`refunded` column) is a sale of that much.
    """
    state = states["state"]
    given_back = state == "refunded"
    if not given_back.any():
        return states
    amount = build.columns["amount"]
    sold = pl.repeat(False, build.height, eager=True)
    if (purchase := build.columns.get("purchase")) is not None:
        sales = purchase.filter((state == "accepted") & (amount > 0).fill_null(False))
        sold = purchase.is_in(sales.unique().implode()).fill_null(False)
    partly = (
        (amount > 0).fill_null(False)
        if build.cells("refunded") is not None
        else ~(amount >= 0).fill_null(True)
    )
    undone = given_back & ~sold & ~partly
    state = state.zip_with(
        ~given_back | undone, pl.repeat("accepted", build.height, dtype=pl.String, eager=True)
    )
    return pl.DataFrame({"state": state, "refund": states["refund"] | (given_back & sold)})


def _extra_lines(build: Build) -> pl.Series:
    """Tell which rows are further lines of an order whose total stands on another line."""
    columns = build.columns
    nothing = pl.repeat(False, build.height, eager=True)
    if "purchase" not in columns or build.cells("item") is None or build.cells("amount") is None:
        return nothing
    if wording(build.mapping.columns["amount"]) not in _ORDER_LEVEL:
        return nothing
    lines = pl.DataFrame({"purchase": columns["purchase"], "amount": columns["amount"]}).with_row_index()
    order = pl.col("purchase")
    told = lines.select(
        repeated=(pl.col("amount").n_unique().over(order) == 1)
        & (pl.col("index") > pl.col("index").min().over(order)),
        blank=pl.col("amount").is_null() & pl.col("amount").is_not_null().any().over(order),
        known=order.is_not_null(),
    )
    return told["known"] & (told["repeated"] | told["blank"])


def _money(build: Build, states: pl.DataFrame) -> None:
    """Turn refunds negative, make the margin, read the discount and the currency."""
    columns = build.columns
    turned = states["refund"] & (columns["amount"] > 0).fill_null(False)
    columns["amount"] = columns["amount"].zip_with(~turned, -columns["amount"])
    margin = build.numbers("margin")
    if margin is None and (cost := build.numbers("cost_price")) is not None:
        own = cost.values.abs() * columns["amount"].sign()
        columns["margin"] = (columns["amount"] - own).alias("margin")
        build.left_empty("cost_price", cost.unreadable)
    elif margin is not None:
        columns["margin"] = margin.values.zip_with(~turned, -margin.values.abs()).alias("margin")
        build.left_empty("margin", margin.unreadable)
    if (discount := build.numbers("discount")) is not None:
        columns["discount"] = discount.values.abs().alias("discount")
        build.left_empty("discount", discount.unreadable)
    currency = _currency(build)
    if currency is not None:
        columns["currency"] = currency.alias("currency")


def _currency(build: Build) -> pl.Series | None:
    """Return the currency of each row by its column, the mapping, or the signs beside the amounts."""
    if (cells := build.text("currency")) is not None:
        signs = currencies_in(cells)
        codes = cells.str.to_uppercase().str.extract(r"^([A-Z]{3})$").replace("RUR", "RUB")
        currency = pl.select(pl.coalesce(codes, signs)).to_series()
    elif build.mapping.currency:
        return pl.repeat(build.mapping.currency, build.height, dtype=pl.String, eager=True)
    else:
        header = build.mapping.header("amount") or build.mapping.header("price")
        cells = build.raw.frame[header] if header else None
        if cells is None or cells.dtype != pl.String:
            return None
        currency = currencies_in(cells)
        named = currencies_in(pl.Series([header.replace("р.", "руб.") if header else ""])).item(0)
        currency = currency.fill_null(named) if named else currency
        if currency.null_count() == len(currency):
            return None
    several = currency.drop_nulls().value_counts(sort=True)
    if several.height > 1:
        build.note(
            "several_currencies",
            Text(
                "Amounts are in several currencies ({currencies}); they are never added up together.",
                currencies=Listing.of(several.to_series(0).to_list()),
            ),
        )
    return currency


def _words(build: Build) -> None:
    for name in ("promotion", "category", "unit", "segment", "item", "status", "operation"):
        if (cells := build.text(name)) is not None:
            build.columns[name] = cells


_FIRST = (
    "purchase",
    "customer",
    "bought_at",
    "amount",
    "currency",
    "margin",
    "discount",
    "promotion",
    "category",
    "unit",
)


def _ordered(columns: dict[str, pl.Series]) -> dict[str, pl.Series]:
    names = [name for name in _FIRST if name in columns]
    return {name: columns[name].alias(name) for name in (*names, *(n for n in columns if n not in names))}


def _reasons(
    build: Build,
    frame: pl.DataFrame,
    states: pl.DataFrame,
    unread_time: pl.Series,
    unread_amount: pl.Series,
    extra_lines: pl.Series,
) -> pl.Series:
    """Return why each row is not accepted; the first reason in this order tells."""
    state = states["state"]
    lost = state.is_in(["cancelled", "not_won", "not_paid", "refunded"])
    table = pl.DataFrame(
        {
            "total": _totals(build, frame),
            "extra": extra_lines,
            "lost": lost,
            "state": state,
            "unread_time": unread_time,
            "unread_amount": unread_amount,
            "time": frame["bought_at"].is_not_null(),
            "amount": frame["amount"].is_not_null(),
            "customer": frame["customer"].is_not_null(),
        }
    )
    return table.select(
        pl.when("total")
        .then(pl.lit("total_row"))
        .when("extra")
        .then(pl.lit("order_line"))
        .when("lost")
        .then(pl.col("state"))
        .when("unread_amount")
        .then(pl.lit("bad_amount"))
        .when(~pl.col("amount"))
        .then(pl.lit("no_amount"))
        .when("unread_time")
        .then(pl.lit("bad_time"))
        .when(~pl.col("time"))
        .then(pl.lit("no_time"))
        .when(~pl.col("customer"))
        .then(pl.lit("no_customer"))
        .alias("reason")
    ).to_series()


def _totals(build: Build, frame: pl.DataFrame) -> pl.Series:
    """Tell which rows are totals: they say so, or, in sales of 1C, they have no document and no date."""
    names = [
        build.raw.columns[0],
        *(build.mapping.header(name) for name in ("customer", "purchase", "bought_at")),
    ]
    total = pl.repeat(False, build.height, eager=True)
    for header in dict.fromkeys(names):
        if header and build.raw.frame[header].dtype == pl.String:
            total = total | build.raw.frame[header].str.contains(_TOTAL).fill_null(False)
    # A customer may be called "Total": a row with a document or a time of its own is a sale.
    sale = frame["bought_at"].is_not_null() & frame["customer"].is_not_null()
    total = total & ~sale
    if "purchase" in frame.columns and looks_like_documents(frame["purchase"]):
        total = total | (frame["bought_at"].is_null() & frame["purchase"].is_null())
    return total
