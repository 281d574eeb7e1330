"""A questionnaire: kept as it is typed, resumed, sent back, and what becomes of it in the record."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from clinic.intake.filling import Filling, opened
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.intake import queries, questions
from waterneedle.clinic.intake.models import Answers, Form, PainDrawing, Said
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.queries import health_of
from waterneedle.clinic.tasks.models import Task

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=1>{{ 7*7 }}{% url %} \u5f20\u4e09 %s"
ALL_NO = {f"has_{one}": "no" for one in questions.CONDITIONS}
NO_ALLERGY = {f"to_{one}": "no" for one in questions.ALLERGIES} | {"any": "no", "anaphylaxis": "no"}


@pytest.fixture
def filling(by, ana):
    return opened(by, ana)


def said(kind=None):
    rows = Said.objects.order_by("pk")
    return [one.says for one in (rows.filter(kind=kind) if kind else rows)]


# --- drafts


def test_a_draft_is_kept_as_it_was_typed_and_comes_back(filling):
    answer = filling.post("body/draft/", height="5 feet", weight="")

    assert answer.json()["version"] == 1
    assert Form.objects.get().typed == {"body": {"height": "5 feet"}}
    assert 'value="5 feet"' in filling.get("body/").content.decode()


def test_a_draft_that_did_not_change_makes_no_version(filling):
    for _ in range(2):
        answer = filling.post("reason/draft/", complaint="knee")

    assert answer.json()["version"] == 1


def test_who_saved_an_older_draft_is_told_and_nothing_is_lost(filling):
    filling.post("reason/draft/", complaint="from the first window")
    answer = filling.post("reason/draft/", version=0, complaint="from the second")
    shown = filling.post("reason/", version=0, complaint="from the second")

    assert answer.status_code == 409
    assert (shown.status_code, "from the second" in shown.content.decode()) == (409, True)
    assert Form.objects.get().typed["reason"]["complaint"] == "from the first window"


def test_fields_that_are_not_asked_are_not_kept(filling):
    filling.post("reason/draft/", complaint="knee", evil="x", csrfmiddlewaretoken="y")

    assert Form.objects.get().typed["reason"] == {"complaint": "knee"}


def test_each_page_leads_to_the_next_and_back(filling):
    assert filling.post("reason/", complaint="knee").url == filling.url("health/")
    assert filling.post("health/", back="1").url == filling.url("reason/")
    assert filling.get().url == filling.url("medicines/")
    assert filling.post("scores/").url == filling.url("send/")


def test_the_page_of_reactions_comes_only_when_there_is_one(filling):
    assert filling.post("allergies/", **NO_ALLERGY).url == filling.url("before/")
    assert filling.post("allergies/", to_latex="yes").url == filling.url("reactions/")
    assert filling.get("reactions/").content.decode().count("What happened?") == 1


@pytest.mark.parametrize(
    ("step", "typed", "field"),
    [
        ("body", {"height": "170"}, "height"),
        ("body", {"weight": "9 stone"}, "weight"),
        ("body", {"height": "9 ft"}, "height"),
        ("body", {"pregnancy": "not_pregnant", "weeks": "12"}, "weeks"),
        ("pain", {"drawing": "[[1,1,11]]"}, "drawing"),
        ("pain", {"drawing": "{}"}, "drawing"),
        ("reason", {"since": "x" * 300}, "since"),
        ("health", {"has_asthma": "perhaps"}, "has_asthma"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_stays(filling, step, typed, field):
    answer = filling.post(f"{step}/", **typed)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Form.objects.get().typed[step] == typed
    assert filling.send().status_code == 422
    assert Form.objects.get().submitted_at is None


@pytest.mark.parametrize(
    "page", ["reason/", "health/", "medicines/", "allergies/", "before/", "body/", "pain/", "scores/", "send/"]
)
@pytest.mark.parametrize("language", ["en", "es", "zh-hans"])
def test_every_page_shows_in_every_language(by, ana, page, language):
    answer = opened(by, ana, language=language).get(page)

    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()


def test_suggestions_come_from_the_vocabulary(filling):
    answer = filling.browser.post(filling.url("find/medication/"), {"q": "warf"})

    assert "Warfarin" in answer.content.decode()
    assert filling.browser.post(filling.url("find/nothing/"), {"q": "warf"}).status_code == 404


# --- sent back


def test_what_asks_for_caution_counts_at_once_with_who_said_it(filling, ana):
    filling.post("health/", has_asthma="yes", any="yes", others=["lupus", "a thing nobody knows"])
    filling.post("medicines/", any="yes", medicines=["Eliquis"], thinner="yes")
    filling.post("allergies/", to_cobalamin="yes")
    key = next(iter(questions.named_allergies({"to_cobalamin": "yes"})))
    filling.post("reactions/", **{f"what_{key}": "hives", f"bad_{key}": "severe"})
    filling.post("body/", pregnancy="possible")
    filling.send(by="patient")
    known = health_of(ana)

    assert [(one.said, one.concept) for one in known.facts["condition"]] == [
        ("Asthma", "asthma"),
        ("lupus", "lupus"),
        ("a thing nobody knows", ""),
    ]
    assert [(one.said, one.concept) for one in known.facts["medication"]] == [("Eliquis", "apixaban")]
    (allergy,) = known.facts["allergy"]
    assert (allergy.concept, allergy.reaction, allergy.severity, allergy.said_by, allergy.made_by) == (
        "cobalamin",
        "hives",
        "severe",
        "patient",
        None,
    )
    assert known.pregnancy.status == "possible"


def test_what_takes_caution_away_waits(filling, ana):
    filling.post("health/", **ALL_NO, any="no")
    filling.post("before/", fainted="no", afraid="no")
    filling.post("medicines/", any="no", thinner="no")
    filling.post("allergies/", **NO_ALLERGY)
    filling.post("body/", pregnancy="not_pregnant", breastfeeding="no", height="5 ft 7 in", weight="70 kg")
    filling.send()
    known = health_of(ana)

    assert (known.facts, known.pregnancy, known.measures) == ({"condition": None, "allergy": None, "medication": None}, None, {})
    assert [one["of"] for one in said("none")] == ["condition", "medication", "allergy"]
    assert [(one["kind"], one["value"]) for one in said("measure")] == [("height_cm", "170.18"), ("weight_kg", "70.00")]
    assert said("pregnancy") == [{"status": "not_pregnant", "weeks": None}]


def test_what_was_left_open_says_nothing(filling, ana):
    filling.post("health/", has_asthma="no")
    filling.post("allergies/", any="no")
    filling.send()

    assert said() == []
    assert set(health_of(ana).facts.values()) == {None}


@pytest.mark.parametrize(
    ("step", "typed", "kind", "value"),
    [
        ("health", {"has_leber": "unsure"}, "unsure", {"of": "condition", "concept": "leber"}),
        ("health", {"any": "yes"}, "unsure", {"of": "condition", "concept": ""}),
        ("medicines", {"thinner": "unsure"}, "unsure", {"of": "medication", "concept": "anticoagulant"}),
        ("medicines", {"thinner": "yes"}, "medication", {"said": "Anticoagulant", "concept": "anticoagulant"}),
        ("medicines", {"medicines": ["none"]}, "none", {"of": "medication"}),
        (
            "before",
            {"reacted": "yes", "reaction": "fell down"},
            "note",
            {"about": "reaction", "answer": "yes", "said": "fell down"},
        ),
        ("before", {"fainted": "yes"}, "condition", {"said": "Fainting", "concept": "syncope_history"}),
        (
            "allergies",
            {"anaphylaxis": "yes"},
            "condition",
            {"said": "Past severe allergic reaction", "concept": "anaphylaxis_history"},
        ),
    ],
)
def test_what_an_answer_says(filling, step, typed, kind, value):
    filling.post(f"{step}/", **typed)
    filling.send()

    assert [(one.kind, one.says) for one in Said.objects.all()] == [(kind, value)]


def test_what_the_record_says_already_is_not_new(by, filling, ana):
    patients.add_fact(patient=ana, kind="condition", said="asma", concept="asthma", by=by)
    patients.say_none(patient=ana, kind="medication", by=by)
    filling.post("health/", has_asthma="yes", others=["Asthma"])
    filling.post("medicines/", any="no")
    filling.send()

    assert said() == []
    assert [one.said for one in health_of(ana).facts["condition"]] == ["asma"]


def test_scores_are_kept_raw_with_what_was_asked_and_scored(filling, ana):
    filling.post(
        "scores/", **{"pain-now-0-10.pain": "7", "function-0-10.function": "5", "task": "stairs", "sleep-0-10.sleep": ""}
    )
    filling.send()
    rows = {one.instrument: one for one in queries.answers_of(ana)}

    assert rows.keys() == {"pain-now-0-10", "function-0-10"}
    assert (rows["pain-now-0-10"].given, rows["pain-now-0-10"].score) == ({"pain": 7.0}, 7.0)
    assert (rows["function-0-10"].named, rows["function-0-10"].language, rows["function-0-10"].form) == (
        "stairs",
        "en",
        filling.form,
    )
    assert all(len(one.instrument_version) == 16 for one in rows.values())


def test_a_pain_drawing_is_kept_as_runs_with_its_words(filling, ana):
    filling.post("pain/", drawing="[[7,1,4],[8,1,4],[9,1,6]]", words="left knee")
    filling.send()
    (drawing,) = queries.pain_drawings_of(ana)

    assert (drawing.drawn, drawing.words) == ([[7, 2, 4], [9, 1, 6]], "left knee")


def test_a_practitioner_is_asked_to_go_through_it_and_the_trail_has_who_sent_it(filling, ana):
    filling.send(by="guardian")
    task = Task.objects.get()

    assert (task.kind, task.cause, task.role, task.needs, task.patient) == (
        "intake.review",
        str(filling.form.uid),
        "practitioner",
        "chart.read",
        ana,
    )
    assert "Ana" not in task.title
    assert [(one.action, one.role) for one in Entry.objects.filter(kind="form").order_by("pk")][-1] == (
        "submit",
        "guardian, by link",
    )
    assert Form.objects.get().submitted_by == "guardian"


def test_the_words_of_the_questions_are_kept_as_the_patient_saw_them(by, ana):
    filling = opened(by, ana)
    filling.send()

    assert Form.objects.get().wants["shown"]["reason"]["complaint"] == "What brings you to us?"


def test_what_was_sent_back_is_frozen(filling, ana):
    filling.post("pain/", words="knee")
    filling.post("scores/", **{"pain-now-0-10.pain": "7"})
    filling.post("health/", has_asthma="yes")
    filling.send()

    for model, column in ((Form, "answers"), (Said, "value"), (Answers, "answers"), (PainDrawing, "words")):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            model.objects.update(**{column: "{}"})


def test_who_changed_something_in_another_window_does_not_send_what_they_did_not_see(filling):
    filling.post("reason/", complaint="knee")
    answer = filling.post("send/", version=0, by="patient")

    assert answer.status_code == 422
    assert Form.objects.get().submitted_at is None


@pytest.mark.parametrize(
    "step_field", ["reason complaint", "health others", "medicines medicines", "allergies others", "pain words", "scores task"]
)
def test_hostile_words_stay_words(by, filling, alice, ana, clinic, client_of, step_field):
    step, field = step_field.split()
    filling.post(f"{step}/", **{field: HOSTILE[:110], "any": "yes", "pain-now-0-10.pain": "1", "function-0-10.function": "1"})
    looked = filling.get("send/").content.decode()
    filling.send()
    read = client_of(alice).get(f"/c/harbor/intake/patients/{ana.uid}/forms/{filling.form.uid}/").content.decode()

    for page in (looked, read):
        assert "<script>alert" not in page and "<img src=x" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "{{ 7*7 }}" in page


def test_signs_that_cannot_be_shown_are_refused(filling):
    assert filling.post("reason/", complaint="a\u202eb").status_code == 422
    assert filling.post("reason/", complaint="one line\r\nand another").status_code == 302


def test_a_figure_is_drawn_without_a_name(filling):
    filling.post("body/", height="170 cm", weight="70 kg")
    value = json.loads(filling.get("chart/").content)

    assert value["body"]["height_cm"] == pytest.approx(170, abs=1)
    assert value["points"] == []
    assert "Ruiz" not in filling.get("chart/").content.decode()
    assert filling.get("flat/?view=front").content.startswith(b"<svg")
    assert filling.get("flat/?view=nowhere").status_code == 404


def test_height_and_weight_by_their_units():
    from waterneedle.clinic.intake import figures

    for typed, expected in {"170 cm": 170, "1,70 m": 170, "5'7\"": "170.18", "5 ft": "152.40", "67 in": "170.18"}.items():
        assert figures.height_cm(typed) == Decimal(expected), typed
    for typed, expected in {"70 kg": 70, "154 lb": "69.85", "70,5kg": "70.50"}.items():
        assert figures.weight_kg(typed) == Decimal(expected), typed


def test_more_than_a_form_can_hold_is_refused_and_nothing_is_lost(filling):
    filling.post("reason/", complaint="knee")
    for page, status in (("reason/draft/", 413), ("reason/", 422)):
        assert filling.post(page, complaint="x" * 700_000).status_code == status

    assert Form.objects.get().typed["reason"]["complaint"] == "knee"


def test_a_form_that_is_sent_back_from_another_window_in_the_same_moment_is_closed(filling, monkeypatch):
    from waterneedle.clinic.intake import views_patient

    other = Filling(filling.form, filling.secret)
    other.knock()
    behind = views_patient._behind(filling.secret)
    filling.send()
    monkeypatch.setattr(views_patient, "_behind", lambda secret: behind)

    assert other.post("reason/", complaint="late").status_code == 410
    assert other.send().status_code == 410
