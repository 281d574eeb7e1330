"""Nothing the product says promises what the evidence does not carry: templates, papers, catalogues, wordings, facts."""

from __future__ import annotations

import pytest
from promises import FORBIDDEN, PACKAGE, promises_below, promises_in, promises_in_programs, words_of_facts

PROMISED = [
    ("safe because diluted", "It is safe, because the substances are diluted."),
    ("safe because diluted", "Highly diluted and therefore harmless"),
    ("safe because diluted", "Es seguro porque las sustancias están diluidas."),
    ("safe because diluted", "药物经过稀释，因此安全。"),
    ("relief in one or two sessions", "Many people feel relief after one or two sessions."),
    ("relief in one or two sessions", "Two sessions are usually enough"),
    ("relief in one or two sessions", "Alivio en una o dos sesiones"),
    ("relief in one or two sessions", "一两次即可缓解"),
    ("relief in one or two sessions", "You will feel better after the first session"),
    ("relief in one or two sessions", "A single treatment brings lasting relief"),
    ("relief in one or two sessions", "Notará alivio desde la primera sesión"),
    ("relief in one or two sessions", "第一次治疗后即可缓解"),
    ("safe because diluted", "So weak a dilution has no adverse effects"),
    ("safe because diluted", "Al estar tan diluido no tiene riesgos"),
    ("safe because diluted", "高度稀释，没有风险"),
    ("stimulates for days", "The point stays stimulated for days"),
    ("stimulates for days", "El punto queda estimulado varios días"),
    ("stimulates for days", "穴位可受刺激达数天"),
    ("drains lymph", "It improves the flow of lymph"),
    ("drains lymph", "Mejora la circulación linfática"),
    ("drains lymph", "改善淋巴循环"),
    ("boosts immunity", "An immune-boosting injection"),
    ("boosts immunity", "Your immunity gets stronger"),
    ("boosts immunity", "Sube las defensas"),
    ("boosts immunity", "免疫力得到增强"),
    ("stimulates for days", "The fluid stimulates the point for several days."),
    ("stimulates for days", "It stimulates the point much longer than a needle"),
    ("stimulates for days", "Estimula el punto durante varios días"),
    ("stimulates for days", "药液可持续刺激穴位"),
    ("drains lymph", "It drains the lymph."),
    ("drains lymph", "for lymphatic drainage"),
    ("drains lymph", "Drena la linfa"),
    ("drains lymph", "促进淋巴循环"),
    ("boosts immunity", "boosts your immune system"),
    ("boosts immunity", "Refuerza el sistema inmunitario"),
    ("boosts immunity", "增强免疫力"),
]


@pytest.mark.parametrize(("name", "said"), PROMISED)
def test_a_promise_is_found_in_every_language(name, said):
    assert name in {found for found, _words in promises_in(said)}


def test_each_promise_is_looked_for_in_three_languages():
    assert {name for name, _said in PROMISED} == set(FORBIDDEN)


@pytest.mark.parametrize(("file", "written"), [
    ("page.html", "<p>It <strong>boosts</strong>\n your immune system.</p>"),
    ("note.typ", "#text[Relief after one session]"),
    ("locale/zh_Hans/django.po", 'msgid "x"\nmsgstr "增强免疫力"\n'),
    ("accounts/mail/invitation.txt", "It boosts your immunity."),
    ("locale/es/django.po", 'msgid "x"\nmsgstr "Drena "\n"la linfa"\n'),
    ("wording.toml", 'en = "Diluted, and therefore safe."'),
])  # fmt: skip
def test_a_promise_in_a_file_fails(tmp_path, file, written):
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written, encoding="utf-8")

    assert [one[0] for one in promises_below(tmp_path)] == [file]


@pytest.mark.parametrize("said", [
    "Nothing is promised: half of the people had a change by session 3.",
    "Diluted drugs still carry metals; the needle is not diluted.",
    "Swollen lymph nodes", "the immune system is weakened", "La aguja estimula el punto", "免疫功能低下",
])  # fmt: skip
def test_what_is_no_promise_passes(said):
    assert promises_in(said) == []


def test_no_page_paper_wording_or_message_promises_it():
    assert promises_below(PACKAGE) == []


def test_no_command_nor_program_promises_it(tmp_path):
    (tmp_path / "page.py").write_text('print("It boosts your " "immune system", drains, lymph)', encoding="utf-8")

    assert [one[1] for one in promises_in_programs(tmp_path)] == ["boosts immunity"]
    assert promises_in_programs(PACKAGE) == []


def test_no_fact_that_is_shown_promises_it():
    assert [(where, found) for where, said in words_of_facts() for found in promises_in(said)] == []
