"""The topics of the laws in words, and the form of a module that is filled in with them."""
from __future__ import annotations

from django.http import QueryDict
from django.utils import translation

from waterneedle import knowledge
from waterneedle.clinic.training import topics
from waterneedle.clinic.training.forms import ModuleForm
from waterneedle.clinic.training.models import Module


def test_every_topic_that_a_law_names_has_words():
    named = {one for law in knowledge.jurisdictions().values() for period in law.periods for one in period.training_topics or ()}

    assert named <= set(topics.WORDS)


def test_a_topic_is_read_back_from_its_words_in_every_language():
    for language in ("en", "es", "zh-hans"):
        with translation.override(language):
            assert topics.read([*topics.said(topics.WORDS), "our own"]) == [*topics.WORDS, "our own"]


def test_a_module_is_changed_in_words_and_kept_by_ids(db):
    finding = next(iter(knowledge.evidence().values()))
    module = Module(pk=1, title="Theory", hours=4, hour_class="didactic", topics=["im_epinephrine"], reading=[finding.id])
    shown = ModuleForm(instance=module)
    typed = QueryDict(mutable=True)
    typed.update({"title": "Theory", "hours": "4", "hour_class": "didactic", "quiz_questions": "0"})
    typed.setlist("topics", shown["topics"].initial)
    typed.setlist("reading", [finding.title, "nothing such"])

    assert "im_epinephrine" not in str(shown) and finding.title in shown["reading"].initial
    form = ModuleForm(typed, instance=module)
    assert list(form.errors) == ["reading"] and form.cleaned_data["topics"] == ["im_epinephrine"]
