from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leal.charts.label_places import Label, place_labels

ROOM = (600.0, 400.0)
POINTS = st.lists(st.tuples(st.floats(0, 600), st.floats(0, 400)), min_size=1, max_size=25)


def box(label: Label, width: float) -> tuple[float, float, float, float]:
    left = {"left": label.x, "right": label.x - width, "center": label.x - width / 2}[label.align]
    return left, label.y - 7, left + width, label.y + 7


def test_a_lonely_point_has_its_name_at_its_right() -> None:
    (label,) = place_labels([(100, 100)], ["Price"], [30], ROOM)
    assert (label.words, label.align) == ("Price", "left")
    assert label.x > 100


def test_at_the_right_edge_the_name_stands_left() -> None:
    (label,) = place_labels([(595, 100)], ["Price"], [30], ROOM)
    assert label.align == "right"


@given(POINTS)
def test_names_never_cover_one_another_nor_leave_the_chart(points: list[tuple[float, float]]) -> None:
    names = [f"name {at}" for at in range(len(points))]
    placed = place_labels(points, names, [50.0] * len(points), ROOM)
    boxes = [box(label, 50.0) for label in placed]
    assert all(b[0] >= 0 and b[1] >= 0 and b[2] <= ROOM[0] and b[3] <= ROOM[1] for b in boxes)
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart


def test_the_first_names_are_placed_first() -> None:
    crowd = [(300.0, 200.0 + at) for at in range(30)]
    placed = place_labels(crowd, [str(at) for at in range(30)], [60.0] * 30, ROOM)
    assert placed[0].words == "0"
    assert len(placed) < 30


def test_a_name_without_room_stands_in_its_shorter_form() -> None:
    points = [(100.0, 100.0), (560.0, 100.0)]
    placed = place_labels(points, ["Price", "A very long name"], [30, 590], ROOM, [("P…", 10), ("A…", 10)])
    assert [label.words for label in placed] == ["Price", "A…"]
