from __future__ import annotations

import pytest

from clinic.patients.people import at_work, make_patient
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.patients import actions, actions_import
from waterneedle.clinic.patients.actions_import import NotBroughtIn, bring_in, preview, undo
from waterneedle.clinic.patients.models import Import, Patient, SearchWord
from waterneedle.clinic.patients.queries import search

FILE = "First name,Last name,DOB,Phone\nAna,Ruiz,1982-03-14,206 555 0117\nBo,Lind,1970-01-02,\nAnna,Ruiz,1982-03-14,\n"


@pytest.fixture
def by(owner, clinic):
    return at_work(owner, clinic)


@pytest.fixture
def begun(by):
    def made(text=FILE):
        return actions_import.begin_import(
            clinic=by.clinic, file_name="old.csv", content=text.encode(), day_first=False, by=by)

    return made


def test_looking_at_a_file_makes_nobody(begun):
    seen = preview(begun())

    assert (len(seen.rows), seen.problems, seen.alike) == (3, [], {4: 2})
    assert not Patient.objects.exists()


def test_who_is_on_file_already_is_seen(begun, by):
    on_file = make_patient(by, "Bo Lind", birth_date=None)

    assert preview(begun()).alike == {3: on_file, 4: 2}


def test_those_who_look_like_others_are_left_out_unless_asked_for(begun, by):
    assert bring_in(source=begun(), leave_out_problems=False, take_alike=False, by=by) == 2
    assert bring_in(source=begun("First name\nCara\n"), leave_out_problems=False, take_alike=False, by=by) == 1

    made = [(one.number, one.name) for one in Patient.objects.order_by("number")]
    assert made == [(1, "Ana Ruiz"), (2, "Bo Lind"), (3, "Cara")]


def test_all_are_found_as_if_they_had_been_typed(begun, by):
    bring_in(source=begun(), leave_out_problems=False, take_alike=True, by=by)
    typed = make_patient(by, "Ana Ruiz", phone="206 555 0117")

    assert {one.name for one in search(by.clinic, "ruiz an")} == {"Ana Ruiz", "Anna Ruiz"}
    of_import, of_form = (
        set(SearchWord.objects.filter(patient=one).values_list("kind", "word"))
        for one in (Patient.objects.get(number=1), typed))
    assert of_import == of_form


def test_with_problems_nothing_is_brought_in_unless_they_are_left_out(begun, by):
    text = FILE + ",Nobody,,\n"
    with pytest.raises(NotBroughtIn):
        bring_in(source=begun(text), leave_out_problems=False, take_alike=True, by=by)
    assert not Patient.objects.exists()

    assert bring_in(source=begun(text), leave_out_problems=True, take_alike=True, by=by) == 3


def test_a_file_is_brought_in_once_and_its_content_goes(begun, by):
    source = begun()
    bring_in(source=source, leave_out_problems=False, take_alike=False, by=by)
    with pytest.raises(NotBroughtIn):
        bring_in(source=source, leave_out_problems=False, take_alike=False, by=by)

    assert Import.objects.get().content is None
    assert [(one.action, one.kind) for one in Entry.objects.filter(kind="import").order_by("seq")] == [
        ("begin", "import"), ("create", "import")]


def test_an_import_is_taken_back_but_for_those_whom_somebody_has_used(begun, by):
    source = begun()
    bring_in(source=source, leave_out_problems=False, take_alike=True, by=by)
    ana, bo, _anna = Patient.objects.order_by("number")
    actions.add_fact(patient=ana, kind="allergy", said="latex", by=by)
    actions.change_patient(patient=bo, fields={"phone": "206 555 0118"}, version=1, by=by)

    assert undo(source=source, why="wrong file", by=by) == (1, 2)
    assert set(Patient.objects.filter(retracted_at=None)) == {ana, bo}
    assert "wrong file" not in str(Entry.objects.filter(action="create").values_list("detail"))


def test_many_rows_cost_no_question_each(begun, by, django_assert_max_num_queries):
    source = begun("First name,Last name\n" + "\n".join(f"Given{n},Family{n}" for n in range(300)))
    with django_assert_max_num_queries(25):
        bring_in(source=source, leave_out_problems=False, take_alike=True, by=by)

    assert Patient.objects.count() == 300
