"""What a content of a syringe is led to, and what is kept of a long name."""

from __future__ import annotations

import pytest
from conftest import check, found, with_

CONTENT = "injections[0].contents[0]"


def missed(product):
    answer = check(with_({f"{CONTENT}.product": product}))
    return {one.field.removeprefix(f"{CONTENT}.product"): one.value for one in answer.not_understood}


@pytest.mark.parametrize("letter", ["q", "字"])
def test_of_a_name_that_is_not_understood_eighty_letters_are_handed_back(letter):
    long = letter * 81
    part = {"name": "B12", "ingredients": [{"substance": long}], "allergens": [long], "preservatives": [long]}

    assert missed(long) == {"": letter * 80}
    assert missed({"name": long}) == {".name": letter * 80}
    assert missed(part) == {
        ".ingredients[0].substance": letter * 80, ".allergens[0]": letter * 80, ".preservatives[0]": letter * 80}


@pytest.mark.parametrize("entered", [True, False])
def test_of_the_name_of_a_product_sixty_letters_are_spoken(entered):
    name = "B12 " + "q" * 60
    product = {"name": name} if entered else name
    message = found(with_({f"{CONTENT}.product": product, f"{CONTENT}.container": None}), "container")[0].message

    assert name[:60] in message
    assert name[:61] not in message


@pytest.mark.parametrize("length", [190, 197])
def test_a_name_is_read_to_its_two_hundredth_letter(length):
    before = "q" * length + " "

    assert [one.substance for one in check(with_({f"{CONTENT}.product": {"name": before + "B12"}})).doses][:1] != []
    assert (missed({"name": before + "procaine"}) == {}) is (length + 9 <= 200)


@pytest.mark.parametrize(
    ("name", "whole"),
    [("lidocaine 1%", True), ("lidocaine sterile injection USP 1 %", True), ("lidocaine prilocream 1 %", False), ("B12", True),
     ("arnica D6", True), ("arnica 30C ampoule", True), ("arnica LM6", True), ("lidocaine ab 1%", True),
     ("lidocaine abc 1%", False)],
)  # fmt: skip
def test_a_word_that_could_make_it_another_product_is_asked_about(name, whole):
    assert (missed(name) == {}) is whole


def test_the_total_of_a_substance_is_unknown_with_one_of_its_volumes_and_the_known_volume_is_told():
    unknown = {f"{CONTENT}.volume_ml": None}
    second = {"injections[1].contents[0].volume_ml": None}

    assert [(one.amount, one.unit, one.volume_ml) for one in check(with_(unknown)).doses] == [(None, "mg", 0.4)]
    assert [(one.amount, one.unit, one.volume_ml) for one in check(with_(second)).doses] == [(None, "mg", 0.3)]
    assert [(one.amount, one.volume_ml) for one in check(with_(unknown | second)).doses] == [(None, None)]


def test_the_doses_of_a_diluted_product_are_added_and_a_part_without_a_volume_is_left_out():
    product = {f"injections[{at}].contents[0].product": "traumeel-injection-medinatura" for at in range(2)}
    both, one = check(with_(product)).doses, check(with_(product | {f"{CONTENT}.volume_ml": None})).doses

    assert {round(dose.volume_ml, 9) for dose in both} == {0.7}
    assert {dose.volume_ml for dose in one} == {0.4}
    assert len(both) == len(one)
    assert [dose.unit for dose in both] == ["mcg"] * len(both)
    shares = {round(two.amount / single.amount, 6) for two, single in zip(both, one, strict=True) if single.amount}
    assert shares == {1.75}
