"""What is offered at the cursor: places by any of their names, then what may follow."""

import time

import pytest

from waterneedle.clinic.visits.completing import MOST, complete


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("zusan", ["ST36"]),
        ("足三", ["ST36"]),
        ("tp upt", ["tp trapezius upper"]),
        ("ashi kne", ["ashi knee"]),
        ("st36 ", ["l", "r", "b"]),
        ("st36 r", ["r"]),
        ("cv12 ", []),
        ("st36 l .5 s", ["SC"]),
        ("st36 l .5 sc i", []),
        ("st36 l need", ["needle"]),
        ("l4", ["LU4", "LI4", "LR4"]),
        ("ashi l4", []),
        ("", []),
        ("xyzxyz", []),
    ],
)
def test_offered_at_the_end_of_the_line(text, offered):
    assert [one.text for one in complete(text)][: len(offered) or MOST] == offered


def test_where_spanish_is_written_its_codes_and_sides_are_known():
    assert [one.text for one in complete("e36 ", language="es")] == ["l", "r", "b"]
    assert [one.text for one in complete("e36 d ", language="es")] == []


def test_short_code_comes_before_longer_ones():
    assert [one.text for one in complete("st3")][:2] == ["ST3", "ST30"]


def test_what_is_taken_replaces_the_word_under_the_cursor():
    text = "zusan .5 sc"
    taken = complete(text, len("zusan"))[0]

    assert text[: taken.start] + taken.text + text[taken.end :] == "ST36 .5 sc"


def test_no_key_waits():
    texts = [text[:end] for text in ("left st36 b .5 sc 12mm", "tp quadratus lumborum r .3 im", "s", "a") for end in range(1, 30)]
    for text in texts:
        complete(text)

    began = time.thread_time()
    for text in texts:
        complete(text)

    assert (time.thread_time() - began) / len(texts) < 0.005
