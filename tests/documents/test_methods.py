from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

import leal
from leal.documents.glossary import GLOSSARY
from leal.documents.methods import method_note, methods_of
from leal.results import Estimate
from leal.wording import Text


def estimate(method: str, value: float = 1.0) -> Estimate:
    return Estimate(estimate=value, ci_low=0.0, ci_high=2.0, n=5, method=method)


def test_each_method_is_told_once_and_only_where_a_figure_is_known() -> None:
    told = methods_of([estimate("score"), estimate("wilson"), estimate("score"), estimate("t", math.nan)])
    assert [note.code for note in told] == ["score", "wilson"]


@pytest.mark.parametrize(
    "code",
    [
        "score",
        "wilson",
        "welch",
        "bootstrap",
        "block_bootstrap",
        "simulation",
        "newcombe",
        "mover",
        "fieller",
        "least_squares_hc1",
        "delta",
        "linearised",
        "weighted_score",
        "paired",
        "counted",
        "bai_perron",
        "normal",
    ],
)
def test_the_methods_of_the_checks_have_words(code: str) -> None:
    note = method_note(code)
    assert note.name != code
    assert note.words.into("ru") != note.words


def test_a_method_without_words_keeps_its_name() -> None:
    assert method_note("new_one").name == "new_one"


def test_the_glossary_is_in_both_languages() -> None:
    for term, words in GLOSSARY:
        assert isinstance(term, Text)
        assert words.into("ru") != words


SOURCE = Path(leal.__file__).parent

INTERNAL: dict[str, str] = {
    "unknown": "no figure, so no interval",
    "none": "no figure, so no interval",
    "given": "the limits that a register of actions gives; the figure made of them is simulated",
    "likelihood_ratio": "a test, not an interval",
    "trend_before": "a test, not an interval",
    "sample_ratio": "a test, not an interval",
    "bowker": "a test, not an interval",
    "stuart_maxwell": "a test, not an interval",
    "post_stratified": "no figure, so no interval",
    "p_chart": "kind of a control chart",
    "ewma": "kind of a control chart",
    "cusum": "kind of a control chart",
    "bounded": "argument of SciPy's minimiser",
    "lower": "argument of NumPy's quantile",
    "higher": "argument of NumPy's quantile",
}
"""Names that stand as a method in the source and that no figure shows, each with the reason."""


def named_methods() -> Iterator[tuple[str, str]]:
    """Yield every constant given as a method in the source, and where: a prefix ends with "_"."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")}
    public: dict[str, int] = {}
    for tree in trees.values():
        public |= {name: place for name, place in _places(tree).items() if not name.startswith("_")}
    for path, tree in trees.items():
        own = public | _places(tree)
        for node in ast.walk(tree):
            for value in _values(node, own):
                yield value, str(path.relative_to(SOURCE))


def _places(tree: ast.Module) -> dict[str, int]:
    """Return by function where its argument `method` stands among those given without a name."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            arguments = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
            if "method" in arguments:
                found[node.name] = arguments.index("method")
    return found


def _values(node: ast.AST, places: dict[str, int]) -> Iterator[str]:
    given: list[ast.expr] = []
    if isinstance(node, ast.Call):
        given += [one.value for one in node.keywords if one.arg == "method"]
        place = places.get(getattr(node.func, "id", ""), len(node.args))
        given += node.args[place : place + 1]
    elif isinstance(node, ast.Assign):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        given += [node.value] if any(name.strip("_").lower() == "method" for name in names) else []
    for value in given:
        if isinstance(value, ast.JoinedStr):
            value = value.values[0]
        for one in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.value


def test_every_method_named_in_the_source_has_words_or_is_internal() -> None:
    from leal.documents.methods import _NOTES

    known = {note.code for note in _NOTES}
    found = dict(named_methods())
    assert len(found) > 40
    without = {
        name: path
        for name, path in found.items()
        if name not in known
        and name not in INTERNAL
        and not (name.endswith("_") and any(code.startswith(name) for code in known))
    }
    assert not without


def test_nothing_is_called_internal_that_is_named_no_more() -> None:
    assert set(INTERNAL) <= {name for name, _ in named_methods()}


def test_every_method_with_words_has_russian_ones() -> None:
    from leal.documents.methods import _NOTES

    assert len({note.code for note in _NOTES}) == len(_NOTES)
    for note in _NOTES:
        assert note.words.into("ru") != note.words, note.code
