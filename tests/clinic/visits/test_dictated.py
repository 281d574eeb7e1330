"""What a dictation writes is read to exactly what was said, or the words that are not sure are named.

The lines are authored: from how speech recognition writes numbers, units, letters and marks as its makers describe it, and from
what sounds alike. Nobody was recorded.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle import knowledge
from waterneedle.clinic.visits.completing import complete
from waterneedle.clinic.visits.dictated import hear
from waterneedle.clinic.visits.line import read, write

UNDERSTOOD = [
    # English: figures, words, letters one by one, marks, capitals, a full stop
    ("ST 36 both 0.5 12 mm", "ST36 b 0.5 mL 12mm"),
    ("ST 36 left 0.5 mL one degree", "ST36 l 0.5 mL 1deg"),
    ("ST 36 left 0.1 intra dermal", "ST36 l 0.1 mL ID"),
    ("Pericardio 6 izquierda 0,2", "PC6 l 0.2 mL"),
    ("S T thirty-six both point five twelve millimetres", "ST36 b 0.5 mL 12mm"),
    ("ST 36, left, 0.5 mL.", "ST36 l 0.5 mL"),
    ("St. 36, left, 0.5 mL.", "ST36 l 0.5 mL"),
    ("S.T. 36 left.", "ST36 l"),
    ("s t 36 left 0.5ml", "ST36 l 0.5 mL"),
    ("Saint 36 left point five", "ST36 l 0.5 mL"),
    ("Stomach 36 left 0.5 milliliters", "ST36 l 0.5 mL"),
    ("Stomach 36 left five milliliters one millimeter", "ST36 l 5 mL 1mm"),
    ("Stomach thirty-six, left, zero point five millilitres.", "ST36 l 0.5 mL"),
    ("Left stomach thirty six oh point five mL", "ST36 l 0.5 mL"),
    ("stomach thirty six on both sides 0.5 mL each", "ST36 b 0.5 mL"),
    ("Bladder twenty-three both sides 0.3 cc intramuscularly 30 gauge by 25 mm", "BL23 b 0.3 mL IM 30g x25mm"),
    ("BL 23 left 0.3", "BL23 l 0.3 mL"),
    ("B L 23 left 0.3", "BL23 l 0.3 mL"),
    ("L I four right 0.2", "LI4 r 0.2 mL"),
    ("L I eleven right zero point three I M ten millimeters thirty gauge", "LI11 r 0.3 mL IM 10mm 30g"),
    ("G B 20 both needle only", "GB20 b needle"),
    ("C V 12, midline, point two", "CV12 m 0.2 mL"),
    ("Trigger point upper trapezius right 0.2 subcutaneous", "tp trapezius upper r 0.2 mL SC"),
    ("Trigger point upper trapezius, right, 0.2, subcutaneously.", "tp trapezius upper r 0.2 mL SC"),
    ("T P upper trapezius right point two sub Q", "tp trapezius upper r 0.2 mL SC"),
    ("On the left knee point three", "ashi knee l 0.3 mL"),
    ("Ah-shi knee left half a milliliter", "ashi knee l 0.5 mL"),
    ("ST 36 left point two five to a depth of twelve millimetres forty-five degrees", "ST36 l 0.25 mL 12mm 45deg"),
    ("ST 36 left point oh five", "ST36 l 0.05 mL"),
    ("ST 36 left point twenty-five cc", "ST36 l 0.25 mL"),
    ("ST 36 left point twelve", "ST36 l 0.12 mL"),
    ("ST 36. Left. 0.5 mL. 12 mm. 30 gauge.", "ST36 l 0.5 mL 12mm 30g"),
    ("ST 36 left point five, two millimeters", "ST36 l 0.5 mL 2mm"),
    ("ST 36 both, five milliliters", "ST36 b 5 mL"),
    ("ST 36 left 0 point 5 ml", "ST36 l 0.5 mL"),
    ("Zusanli left 0.5 mL 12 mm deep", "ST36 l 0.5 mL 12mm"),
    # Spanish
    ("Estómago 36 izquierda 0,5 mililitros subcutánea.", "ST36 l 0.5 mL SC"),
    ("estómago treinta y seis izquierda cero coma cinco doce milímetros", "ST36 l 0.5 mL 12mm"),
    ("intestino grueso once derecha cero punto tres", "LI11 r 0.3 mL"),
    ("Vejiga veintitrés ambos lados 0,3 intramuscular", "BL23 b 0.3 mL IM"),
    ("Vesícula biliar veinte a la izquierda coma dos", "GB20 l 0.2 mL"),
    ("Hígado 3 derecho 0,2 mililitros a una profundidad de diez milímetros", "LR3 r 0.2 mL 10mm"),
    ("Vaso concepción doce", "CV12 m"),
    ("Estómago 36 izquierda un mililitro", "ST36 l 1 mL"),
    ("Estómago 36 izquierda cero coma veinticinco", "ST36 l 0.25 mL"),
    # Chinese: with and without figures, spaces and marks
    ("左足三里0.5毫升12毫米皮下", "ST36 l 0.5 mL SC 12mm"),
    ("左足三里零点五毫升皮下。", "ST36 l 0.5 mL SC"),
    ("足三里，左，0.5毫升", "ST36 l 0.5 mL"),
    ("双侧足三里各零点五毫升深十二毫米", "ST36 b 0.5 mL 12mm"),
    ("足三里双侧半毫升", "ST36 b 0.5 mL"),
    ("三阴交双侧零点三毫升", "SP6 b 0.3 mL"),
    ("四白左零点二", "ST2 l 0.2 mL"),
    ("手三里左一点二毫升", "LI10 l 1.2 mL"),
    ("百会零点一", "GV20 m 0.1 mL"),
    ("内关左针刺", "PC6 l needle"),
    ("合谷右零点二皮内", "LI4 r 0.2 mL ID"),
]

NOT_SURE = [
    # A code and an amount that ran into one: ST36 and 0.5, or a number that was misheard?
    ("ST 36.5 left", [("unknown_place", "ST 36.5", ("ST36 0.5mL",))]),
    ("S T thirty-six point five left", [("unknown_place", "S T thirty-six point five", ("ST36 0.5mL",))]),
    ("C V twelve point two", [("unknown_place", "C V twelve point two", ("CV12 0.2mL",))]),
    ("ST 30 6 left", [("needs_unit", "6", ("6mL", "6mm"))]),
    # Millilitres and millimetres
    ("ST 36 left point five mil", [("needs_unit", "point five mil", (".5mL", ".5mm"))]),
    ("ST 36 left 12 mils", [("needs_unit", "12 mils", ("12mL", "12mm"))]),
    ("ST 36 left 0.5 millimeters", [("needs_unit", "0.5 millimeters", ("0.5mL", "0.5mm"))]),
    ("ST 36 left thirty twelve millimeters", [("needs_unit", "thirty", ("30mL", "30mm"))]),
    ("ST 36 left twelve milliliters", [("needs_unit", "twelve milliliters", ("12mL", "12mm"))]),
    ("足三里左零点五毫米", [("needs_unit", "零点五毫米", ("0.5mL", "0.5mm"))]),
    ("estómago 36 izquierda doce mililitros", [("needs_unit", "doce mililitros", ("12mL", "12mm"))]),
    ("ST 36 left 0.5 12", [("needs_unit", "12", ("12mL", "12mm"))]),
    # The end of a sentence, or a decimal point?
    ("ST 36. 5 ml left", [("point_slipped", ". 5", ("0.5mL", "5mL"))]),
    ("ST 36 left. Five milliliters", [("point_slipped", ". Five milliliters", ("0.5mL", "5mL"))]),
    # One amount of two figures, or two amounts?
    ("ST 36 left one two millimeters", [("needs_unit", "one", ("1mL", "1mm"))]),
    ("ST 36 left 1 2 mm", [("needs_unit", "1", ("1mL", "1mm"))]),
    ("足三里左一二毫米", [("needs_unit", "一", ("1mL", "1mm"))]),
    ("足三里左零点五十二毫米", [("unknown_place", "足三里左零点五十二毫米", ())]),
    # A pause within what would be one number
    ("S T thirty, six left", [("needs_unit", "six", ("6mL", "6mm"))]),
    ("ST 36 left twenty, five mm", [("needs_unit", "twenty", ("20mL", "20mm"))]),
    ("ST 36 left one, point five", [("twice", "point five", ())]),
    # Both sides, or the next point?
    ("ST 36 BL 2", [("needs_unit", "2", ("2mL", "2mm"))]),
    # Two amounts that ran into one have more decimals than a depth has
    ("ST 36 left 0.512 mm", [("too_fine", "0.512 mm", ("0.5",))]),
    ("ST 36 left one point five eight mm", [("too_fine", "one point five eight mm", ("1.6",))]),
    # Sounds alike
    ("ST 36 write .5", [("unknown_word", "write", ()), ("no_side", "ST 36", ("l", "r", "b"))]),
    ("ST 36 left for 12 mm", [("unknown_word", "for", ())]),
    ("ST 36 left to 12 mm", [("unknown_word", "to", ())]),
    # Said and taken back
    ("sew 36 left .5", [("unknown_place", "sew", ())]),
    ("ST 36 left one half ml", [("twice", "half ml", ())]),
    ("ST 36 left .5 new line", [("unknown_word", "new", ()), ("unknown_word", "line", ())]),
    ("ST 36 left no right", [("unknown_word", "no", ()), ("twice", "right", ())]),
    ("ST 36 left, right 0.5", [("twice", "right", ())]),
    ("ST 36 left point five point three", [("twice", "point three", ())]),
    # Which needle it is, or that nothing is injected?
    ("ST 36 left 30 gauge needle 12 mm", [("unknown_word", "needle", ("needleonly",))]),
    # Two places
    ("ST 36 and LI 11 left", [("unknown_word", "and", ()), ("unknown_word", "LI", ()), ("needs_unit", "11", ("11mL", "11mm"))]),
]


@pytest.mark.parametrize(("said", "typed"), UNDERSTOOD)
def test_what_was_said_is_what_would_have_been_typed(said, typed):
    found = read(said)

    assert found.troubles == ()
    assert write(found.line) == typed


@pytest.mark.parametrize(("said", "troubles"), NOT_SURE)
def test_what_is_not_sure_is_named_as_it_stands_in_the_line(said, troubles):
    found = read(said)

    assert found.line is None
    assert [(one.wrong, one.word, one.near) for one in found.troubles] == [
        (wrong, word, near or one.near) for (wrong, word, near), one in zip(troubles, found.troubles, strict=True)]
    assert all(said[one.start : one.end] == one.word for one in found.troubles)


@pytest.mark.parametrize(
    "said", ["L14 left .2", "L 14 left", "L four left", "I 4 left", "1 4 left", "thirty six", "Key 3 left", "Lou 7 left",
             "B P 6", "R P 6", "E 3 left", "BP 6 left", "sew 36 left"])
def test_no_point_is_guessed(said):
    assert read(said).line is None


@pytest.mark.parametrize(("code", "place"), [("E treinta y seis", "ST36"), ("E 36", "ST36"), ("BP 6", "SP6"), ("VB 20", "GB20")])
def test_the_letters_of_a_spanish_channel_are_heard_where_spanish_is_written_and_nowhere_else(code, place):
    """"E 3" in English is what becomes of T E, P or B 3: nobody guesses which."""
    assert read(f"{code} izquierda 0,5", "es").line == read(f"{place} l .5").line
    assert read(f"{code} left .5", "en").line is read(f"{code} left .5", "zh-hans").line is None


@pytest.mark.parametrize("said", ["Estómago 36 izquierda, 5", "E36 izquierda, 5 mililitros", "E36 izquierda. Cinco"])
def test_what_a_spanish_dictation_makes_a_mark_of_may_have_been_a_decimal_point(said):
    assert [(one.wrong, one.near) for one in read(said, "es").troubles] == [("point_slipped", ("0.5mL", "5mL"))]
    assert read("Estómago 36 izquierda, 12 milímetros", "es").line == read("st36 l 12mm").line


@pytest.mark.parametrize("language", ["en", "es", "zh-hans"])
def test_a_code_that_only_spanish_and_french_have_is_asked_about_everywhere(language):
    """IG is the large intestine in Spanish and the small one in French."""
    assert read("ig 4 left", language).troubles == (("two_places", "ig 4", 0, 4, ("LI4", "SI4")),)


@pytest.mark.parametrize("line", ["e36 d medio ml", "e36 d medio mililitro", "e36 d medio cc"])
def test_half_a_millilitre_in_spanish_is_no_midline(line):
    assert (read(line, "es").line.side, read(line, "es").line.volume_ml) == ("right", Decimal("0.5"))


def test_the_word_for_half_is_the_midline_where_no_unit_follows_it():
    assert read("du14 medio 0,3", "es").line.side == "midline"


@pytest.mark.parametrize(
    ("code", "near"), [("P7", ("LU7", "PC7")), ("H 3", ("LR3", "HT3")), ("B 6", ("SP6", "BL6"))])
def test_a_code_of_two_channels_is_asked_about_in_spanish_alone(code, near):
    assert read(f"{code} izquierda", "es").troubles == (("two_places", code, 0, len(code), near),)
    assert read(f"{code} left").line.place == near[1]


def test_a_code_beyond_the_one_channel_is_the_other_in_spanish_too():
    assert read("B 40 izquierda", "es").line.place == "BL40"


ONES = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen""".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def spoken(number, between="-"):
    if number < 20:
        return ONES[number - 1]
    return TENS[number // 10 - 2] + (f"{between}{ONES[number % 10 - 1]}" if number % 10 else "")


@pytest.mark.parametrize("code", [one for one in knowledge.points() if not one.startswith("EX")])
def test_every_point_is_found_by_its_letters_and_its_number_in_words(code):
    letters, number = code.rstrip("0123456789"), int(code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    side = "midline" if knowledge.points()[code].side == "midline" else "left"

    for said in (f"{' '.join(letters)} {spoken(number)}", f"{letters} {number}", f"{letters.capitalize()} {spoken(number)},"):
        assert read(f"{said} {side} point five").line == read(f"{code} {side} .5").line, said


@given(st.integers(1, 99), st.text("0123456789", min_size=1, max_size=3))
def test_a_number_in_words_is_the_number(whole, digits):
    said = f"{spoken(whole, ' ')} point {' '.join(['zero', *ONES][int(one)] for one in digits)}"

    assert [one.text for one in hear(f"ST36 left {said}").words] == ["ST36", "left", f"{whole}.{digits}"]


@given(st.lists(st.sampled_from(sorted({word for said, _ in UNDERSTOOD for word in said.split()})), max_size=9))
def test_any_mixture_of_such_words_is_read_or_named_as_it_stands(words):
    said = " ".join(words)
    found = read(said)

    assert (found.line is None) == bool(found.troubles)
    assert all(said[one.start : one.end] == one.word for one in found.troubles)


def test_after_what_was_said_it_goes_on_as_after_what_was_typed():
    assert [one.text for one in complete("S T thirty")] == ["ST30"]
    assert [one.text for one in complete("Stomach thirty-six ")] == ["l", "r", "b"]
    assert [one.text for one in complete("Stomach thirty-six, left, sub")] == ["SC"]
    assert complete("st36 left deep") == ()
