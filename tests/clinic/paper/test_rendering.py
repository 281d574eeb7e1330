"""What comes out of the printer: the same bytes each time, and every text of a person as text."""
from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

import waterneedle.clinic as clinic
from clinic.paper.reading import text_of
from waterneedle import knowledge
from waterneedle.clinic import paper
from waterneedle.clinic.paper.printable import characters, printable

EXAMPLE = Path(paper.__file__).with_name("example.typ")
VALUES = {
    "title": "Visit of 3 March", "foot": "Ana Ruiz", "language": "en", "facts": [["Signed", "3/3/2026\n14:05"]],
    "head": ["Point", "Volume"], "rows": [["足三里 Zúsānlǐ ST36", "0.5 mL"]], "strokes": [[[10, 20], [300, 400]], [[5, 5]]],
    "said": "Drawn signature",
}
HOSTILE = [
    '#read("/paper/sheet.typ")', '#import "@preview/cetz:0.3.0": *', "#panic()", "$x^2$", "*bold* _x_ `raw`", "= Heading",
    "\\u{41}", "</script><script>alert(1)</script>", "{{ 7 * 7 }}", "'; DROP TABLE x; --", "<label> @reference", "#", "\\", "//",
    "/*", "]", '"',
]


def test_a_paper_says_its_values():
    said = text_of(paper.render(EXAMPLE, VALUES))

    assert all(word in said for word in ("Visit of 3 March", "3/3/2026", "14:05", "足三里 Zúsānlǐ ST36", "0.5 mL", "1 / 1"))


def test_the_same_values_give_the_same_bytes():
    assert paper.render(EXAMPLE, VALUES) == paper.render(EXAMPLE, dict(reversed(VALUES.items())))


def test_another_process_at_another_time_gives_the_same_bytes():
    program = (
        "import sys, json; from pathlib import Path; from waterneedle.clinic import paper;"
        "sys.stdout.buffer.write(paper.render(Path(sys.argv[1]), json.loads(sys.argv[2])))"
    )
    made = subprocess.run([sys.executable, "-c", program, str(EXAMPLE), json.dumps(VALUES)], capture_output=True, check=True)

    assert made.stdout == paper.render(EXAMPLE, VALUES)


@pytest.mark.parametrize("said", HOSTILE)
def test_what_a_person_typed_is_printed_as_it_is(said):
    everywhere = {"title": said, "foot": said, "facts": [[said, said]], "rows": [[said, said]]}

    printed = text_of(paper.render(EXAMPLE, VALUES | everywhere))

    assert printed.replace("\n", " ").count(said) >= 5


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ruiz\u202egnp.exe", "Ruiz[U+202E]gnp.exe"),  # turns the direction of what follows
        ("a\x00b\x1bc", "a[U+0000]b[U+001B]c"),
        ("\u200b", "[U+200B]"),
        ("😀", "[U+1F600]"),
        ("\N{CJK UNIFIED IDEOGRAPH-9F98}", "[U+9F98]"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("one\r\ntwo\tthree", "one\ntwo three"),
    ],
)
def test_what_no_letter_can_show_stands_by_its_number(typed, shown):
    assert printable({"x": [typed]}) == {"x": [shown]}


def test_every_point_and_every_word_of_the_clinic_can_be_printed():
    points = "".join(f"{point.hanzi}{point.pinyin}{point.code}" for point in knowledge.points().values())
    catalogues = sorted(Path(clinic.__file__).parent.parent.rglob("*.po"))
    translated = "".join(path.read_text(encoding="utf-8") for path in catalogues)

    missing = {letter for letter in unicodedata.normalize("NFC", points + translated) if ord(letter) not in characters()} - {"\n"}

    assert len(catalogues) >= 2
    assert missing == set()


def test_a_template_is_a_file_of_the_clinic(tmp_path):
    (tmp_path / "x.typ").write_text("hello", encoding="utf-8")

    with pytest.raises(ValueError, match=r"x\.typ"):
        paper.render(tmp_path / "x.typ", {})


def test_no_template_reads_a_value_as_markup_or_a_file_by_a_value():
    for template in Path(clinic.__file__).parent.rglob("*.typ"):
        words = template.read_text(encoding="utf-8").replace("image(bytes(", "")  # a drawing that is handed over, not a file
        assert not any(word in words for word in ("eval(", "read(", "image(", "plugin(", "include", "@preview")), template
