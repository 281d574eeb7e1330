"""Spanish and Chinese: every room is translated whole, and says one thing in one way."""
from __future__ import annotations

import gettext
import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator

import pytest
from django import forms
from django.utils import translation
from django.utils.functional import Promise

from tools import messages
from tools.messages import LANGUAGES, Message, po_path, problems
from waterneedle import api, clinic

ROOMS = messages.rooms()


def form_classes(base: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    """Every form of the clinic and its doors, once the modules that hold them are read."""
    for one in base.__subclasses__():
        yield from form_classes(one)
        if one.__module__.startswith((f"{clinic.__name__}.", f"{api.__name__}.")):
            yield one


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.name)
def test_a_room_says_everything(room, language):
    assert problems(room, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_thing_is_said_in_one_way(language):
    # The catalogues of all rooms become one: of two translations of the same words, one is never seen. A context parts them.
    said = defaultdict(set)
    for room in ROOMS:
        for key, one in messages.read_po(po_path(room, language)).items():
            said[key].add(one.said)

    assert {key: ways for key, ways in said.items() if len(ways) > 1} == {}


def test_every_field_of_a_form_has_a_label_that_is_translated():
    for found in [*pkgutil.walk_packages(clinic.__path__, f"{clinic.__name__}."),
                  *pkgutil.walk_packages(api.__path__, f"{api.__name__}.")]:
        if found.name.rpartition(".")[2].startswith("forms"):
            importlib.import_module(found.name)
    fields = [(form, name, field) for form in form_classes() for name, field in form.base_fields.items()]

    # Without a label Django makes one of the field's name, such as "Said by", which is English in every language.
    untranslated = [f"{form.__module__}.{form.__name__}.{name}" for form, name, field in fields
                    if not field.widget.is_hidden and not isinstance(field.label, Promise)]
    assert fields
    assert untranslated == []


@pytest.mark.parametrize(("language", "said"), [("en", "Find a patient"), ("es", "Buscar un paciente"), ("zh-hans", "查找患者")])
def test_pages_find_their_words(language, said):
    with translation.override(language):
        assert translation.gettext("Find a patient") == said


def test_python_is_read_call_by_call():
    source = 'a = _("One")\nb = ngettext("%(n)d day", "%(n)d days", n)\nc = pgettext_lazy("side", "left")\nd = gettext(name)\n'

    assert [(one.id, one.plural, one.context) for one in messages.in_python(source)] == [
        ("One", "", ""), ("%(n)d day", "%(n)d days", ""), ("left", "", "side")]


def test_a_template_is_read_tag_by_tag():
    source = ('{% load i18n %}{% translate "It\'s one" %}{% blocktranslate with a=b count n=n %}{{ a }} drop{% plural %}'
              '{{ a }} drops{% endblocktranslate %}{% include "x" with t=_("Two") %}{{ _("Three") }}')

    assert [(one.id, one.plural) for one in messages.in_template(source)] == [
        ("It's one", ""), ("%(a)s drop", "%(a)s drops"), ("Two", ""), ("Three", "")]


@pytest.fixture
def spanish():
    said = [
        Message("Save", said=("Guardar",)),
        Message('A "quoted"\nline', said=("Una «línea»\n«citada»",)),
        Message("%(count)d day", "%(count)d days", said=("%(count)d día", "%(count)d días")),
        Message("left", context="side", said=("izquierdo",)),
        Message("Not yet", said=("",)),
    ]
    return {one.key: one for one in said}


def test_what_is_written_is_read_again(spanish, tmp_path):
    (tmp_path / "django.po").write_text(messages.write_po(spanish, "es"), encoding="utf-8")

    assert messages.read_po(tmp_path / "django.po") == spanish


def test_what_is_compiled_is_what_gettext_reads(spanish, tmp_path):
    (tmp_path / "django.mo").write_bytes(messages.write_mo(spanish, "es"))
    with (tmp_path / "django.mo").open("rb") as file:
        read = gettext.GNUTranslations(file)

    assert read.gettext("Save") == "Guardar"
    assert [read.ngettext("%(count)d day", "%(count)d days", n) for n in (1, 2)] == ["%(count)d día", "%(count)d días"]
    assert (read.pgettext("side", "left"), read.gettext("Not yet")) == ("izquierdo", "Not yet")


def test_a_translation_stays_as_long_as_the_words_do(spanish):
    now = {one.key: one for one in (Message("Save"), Message("%(count)d day", "%(count)d whole days"), Message("New"))}

    kept = {one.id: one.said for one in messages.merged(now, spanish).values()}

    assert kept == {"Save": ("Guardar",), "%(count)d day": (), "New": ()}


@pytest.mark.parametrize(("said", "wrong"), [
    (("",), "not translated"), (("Guardado a las",), "placeholders differ"), (("Guardado %(hora)s",), "placeholders differ"),
    ((" %(time)s",), "blank"),
])
def test_a_flaw_of_a_translation_is_named(tmp_path, said, wrong):
    (tmp_path / "views.py").write_text('_("Saved %(time)s")', encoding="utf-8")
    new = messages.collect(tmp_path)
    path = po_path(tmp_path, "es")
    path.parent.mkdir(parents=True)
    path.write_text(messages.write_po({key: Message(one.id, said=said) for key, one in new.items()}, "es"), encoding="utf-8")

    assert wrong in problems(tmp_path, "es")[0]
