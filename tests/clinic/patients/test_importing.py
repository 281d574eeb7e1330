from __future__ import annotations

import datetime

import pytest

from waterneedle.clinic.patients import importing
from waterneedle.clinic.patients.importing import Unreadable, guess, guess_day_first, mistaken, read, understood

HEAD = "First name,Last name,DOB,Sex,Phone,Email"


def rows(text, day_first=False):
    sheet = read(text.encode())
    return list(understood(sheet, guess(sheet.header), day_first=day_first))


@pytest.mark.parametrize(("header", "fields"), [
    (("First Name", "Surname", "Date of Birth"), ("given_name", "family_name", "birth_date")),
    (("Nombre", "Apellidos", "Teléfono", "Correo electrónico"), ("given_name", "family_name", "phone", "email")),
    (("姓名", "性别", "出生日期"), ("full_name", "sex", "birth_date")),
    (("ID", "first_name", "FIRST-NAME"), ("", "given_name", "")),
])
def test_columns_are_guessed_from_their_heading(header, fields):
    assert guess(header) == fields


def test_a_row_becomes_what_a_record_takes():
    row = rows(f"{HEAD}\nAna,Ruiz,3/14/1982,F,206 555 0117,ana@example.com\n")[0]

    assert row.problems == ()
    read_as = {"given_name": "Ana", "birth_date": datetime.date(1982, 3, 14), "sex": "female", "needs_interpreter": None}
    assert {name: row.values[name] for name in read_as} == read_as


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_tables_come_as_programs_write_them(ends, delimiter, code):
    text = ends.join(delimiter.join(cells) for cells in (("First name", "Last name"), ("Zoë", "Åkesson"), ("小明", "王")))

    assert [cells for _, cells in read(text.encode(code)).rows] == [("Zoë", "Åkesson"), ("小明", "王")]


@pytest.mark.parametrize("text", [
    '"Last name, as written";First name\nRuiz;Ana\n',  # more commas than semicolons, all of them inside of a heading
    'sep=;\nLast name;First name\nRuiz;Ana\n',  # what a spreadsheet writes for itself
])
def test_what_stands_between_cells_is_told_from_what_stands_in_them(text):
    sheet = read(text.encode())

    assert (sheet.header[1], [cells for _, cells in sheet.rows]) == ("First name", [("Ruiz", "Ana")])
    assert sheet.rows[0][0] == text.count("\n")


@pytest.mark.parametrize("content", [
    b"", b"First name\n", b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"First name\n\xe9\n", b"First name\nA\0b\n",
    b'First name\n"never ends\n' + b"x" * 20_000, b"First name\n" + b"Ana\n" * (importing.MOST_ROWS + 1),
    b"x" * (importing.MOST_BYTES + 1), b"a," * 300 + b"\n" + b"1," * 300,
], ids=["empty", "no rows", "xlsx", "xls", "latin-1", "NUL", "open quote", "too many rows", "too large", "too many columns"])
def test_what_is_no_table_is_refused(content):
    with pytest.raises(Unreadable):
        read(content)


@pytest.mark.parametrize(("cells", "column"), [
    (",Ruiz,1982-03-14,F,,", "First name"),
    ("=cmd|' /C calc'!A0,Ruiz,,,,", "First name"),
    ("@SUM(1),Ruiz,,,,", "First name"),
    ("Ana,+1+2,,,,", "Last name"),
    ("Ana,Ruiz,14.3.82,,,", "DOB"),
    ("Ana,Ruiz,1982-02-30,,,", "DOB"),
    ("Ana,Ruiz,2182-03-14,,,", "DOB"),
    ("Ana,Ruiz,,purple,,", "Sex"),
    ("Ana,Ruiz,,,call me,", "Phone"),
    ("Ana,Ruiz,,,,at home", "Email"),
    ("Ana,Ru\u202eiz,,,,", "Last name"),
    (f"{'A' * 101},Ruiz,,,,", "First name"),
    ("Ana,Ruiz,,,,,,too many", ""),
])
def test_what_is_wrong_with_a_cell_names_its_column(cells, column):
    found = rows(f"{HEAD}\n{cells}\n")[0]

    assert [problem.column for problem in found.problems] == [column]
    assert found.values == {}


def test_everything_that_is_wrong_is_said_at_once():
    found = rows(f"{HEAD}\n,Ruiz,soon,purple,,\nBo,Lind,,,,\nAna,Ruiz,,,call me,nowhere\n")

    assert [(one.line, len(one.problems)) for one in found] == [(2, 3), (3, 0), (4, 2)]


def test_an_unmistakable_date_says_what_comes_first():
    sheet = read(b"First name,DOB\nAna,4/3/1980\nBo,25/12/1970\n")

    assert guess_day_first(sheet, guess(sheet.header), False) is True
    assert guess_day_first(read(b"First name,DOB\nAna,4/3/1980\n"), ("given_name", "birth_date"), True) is True


def test_a_full_name_is_taken_apart_at_its_comma():
    good, bad = rows('Name\n"Ruiz Peña, Ana"\nAna Ruiz\n')

    assert (good.values["family_name"], good.values["given_name"]) == ("Ruiz Peña", "Ana")
    assert bad.problems


@pytest.mark.parametrize("columns", [("family_name",), ("given_name", "given_name"), ("nonsense",), ("given_name", "full_name")])
def test_a_choice_that_makes_no_names_is_said(columns):
    assert mistaken(columns, ("x",) * len(columns))
