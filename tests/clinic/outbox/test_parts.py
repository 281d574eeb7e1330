"""How many parts a text to a telephone takes, each of which is paid for and may arrive alone."""

from __future__ import annotations

import pytest
from django.utils import translation
from django.utils.translation import gettext

from waterneedle.clinic.outbox.parts import in_fewer_parts, parts

MOST = 3
LINK = f"https://clinic.example.org/h/{'A' * 43}/"
STOP = "No more texts: %(address)s"
SAID = {
    "en": {"clinic": "Harbor Acupuncture", "day": "December 14, 2026", "clock": "10:30", "until": "Dec 12, 10:30"},
    "es": {
        "clinic": "Clínica de Acupuntura Río Grande", "day": "14 de diciembre de 2026", "clock": "10:30",
        "until": "12 dic, 10:30"},
    "zh-hans": {"clinic": "海港中医针灸诊所", "day": "2026年12月14日", "clock": "10:30", "until": "12月12日 10:30"},
}
TEXTS = (
    "%(clinic)s: your appointment is on %(day)s at %(clock)s. See, move or cancel it: %(address)s",
    "%(clinic)s: you asked for %(day)s at %(clock)s. We will confirm it or call. See or cancel it: %(address)s",
    "%(clinic)s: a reminder of your appointment on %(day)s at %(clock)s. See it: %(address)s",
    "%(clinic)s: %(day)s at %(clock)s has become free. It is kept for you until %(until)s: %(address)s",
    "%(clinic)s: how are you since your visit? %(address)s",
)


@pytest.mark.parametrize(("text", "count"), [
    ("x" * 160, 1), ("x" * 161, 2), ("x" * 306, 2), ("x" * 307, 3), ("ñ¿é" * 50, 1), ("€" * 80, 1), ("€" * 81, 2),
    ("á" * 70, 1), ("á" * 71, 2), ("针" * 134, 2), ("针" * 135, 3), ("😀" * 36, 2),
])
def test_a_text_is_counted_as_the_networks_count_it(text, count):
    assert parts(text) == count


def test_accents_are_left_out_where_that_saves_a_part_and_nowhere_else():
    assert in_fewer_parts("Su página") == "Su página"
    assert in_fewer_parts("Véala, cámbiela o cancélela: " + LINK) == "Véala, cambiela o cancélela: " + LINK
    assert in_fewer_parts("海港：" + "á" * 90) == "海港：" + "á" * 90


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("text", TEXTS)
def test_what_is_sent_takes_three_parts_at_most(language, text):
    said = SAID[language] | {"address": LINK}
    with translation.override(language):
        written = f"{gettext(text) % said}\n{gettext(STOP) % {'address': LINK}}"
        assert language == "en" or gettext(text) != text

    assert parts(in_fewer_parts(written)) <= MOST
