from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle.clinic.stock.scanning import Scanned, read

# The check digits are right; the products are invented.
BOX = Scanned(gtin="00312345678906", lot="A41", expires=datetime.date(2028, 8, 31))


@pytest.mark.parametrize("code", [
    "01003123456789061728083110A41",
    "]d201003123456789061728083110A41",
    "]C101003123456789061728083110A41",
    "0100312345678906" "10A41\x1d17280831",
    "010031234567890610A41~17280831",
    "(01)00312345678906(17)280831(10)A41",
    "(01)00312345678906(17)280800(10)A41",
    "01003123456789061728080010A41",
    "  01003123456789061728083110A41\r\n",
])
def test_a_box_is_read_however_the_scanner_sends_it(code):
    assert read(code) == BOX


def test_a_serial_number_is_kept():
    assert read("01003123456789061728083110A41\x1d21S7").serial == "S7"


def test_the_product_alone_is_read():
    assert read("00312345678906") == Scanned(gtin="00312345678906")
    assert read("312345678906") == Scanned(gtin="00312345678906")


def test_a_month_without_a_day_is_good_to_its_end():
    assert read("01003123456789061728020010A41").expires == datetime.date(2028, 2, 29)


@pytest.mark.parametrize("code, lot, serial", [
    ("0100312345678906" "17280831" "10A17270500", "A17270500", None),  # looks like a date whose day is 00, and is a lot
    ("0100312345678906" "17280831" "2117270500" "\x1d" "10B", "B", "17270500"),
])
def test_digits_of_a_lot_are_never_taken_for_a_date(code, lot, serial):
    assert read(code) == Scanned(gtin="00312345678906", lot=lot, serial=serial, expires=datetime.date(2028, 8, 31))


def test_digits_of_a_product_are_never_taken_for_a_date():
    assert read("0100301712030010" "17280831" "10A41").gtin == "00301712030010"


@pytest.mark.parametrize("code", ["0100312345678906" "10A41" "17280831", "0100312345678906" "10A41" "17280831" "21S7"])
def test_a_lot_that_runs_into_its_date_is_not_taken(code):
    assert read(code) == Scanned(gtin="00312345678906", run_together=True)


@pytest.mark.parametrize("code", ["0100312345678907" "17280831" "10A41", "(01)00312345678907(17)280831(10)A41", "(01)123(10)A41"])
def test_a_product_whose_check_digit_is_wrong_was_misread(code):
    assert read(code) is None


@pytest.mark.parametrize("code", ["", "hello", "12", "]d2", "()", "99", "00312345678907", "17281332"])
def test_what_is_no_code_is_none(code):
    assert read(code) is None


@given(st.text(max_size=220))
def test_whatever_is_typed_never_breaks(text):
    found = read(text)

    assert found is None or found.gtin or found.lot or found.expires or found.serial
