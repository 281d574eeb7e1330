"""What leaves a clinic, and whether anybody can be found in it."""
from __future__ import annotations

import datetime
import itertools
import random

import duckdb
import pytest
from scipy.stats import binomtest

from tests.registry.people import PSEUDONYMS, START, VOCABULARY, clinic, patient
from waterneedle.registry import deidentify, writing
from waterneedle.registry.anonymity import NOT_TOLD, THRESHOLD
from waterneedle.registry.deidentify import Vocabulary, extract, known_of, lot_told, shown_visits, told_until
from waterneedle.registry.identified import Event, Score
from waterneedle.registry.pseudonyms import LAST_CUT, MAX_SHIFT_DAYS, Pseudonyms
from waterneedle.registry.tables import TABLES

ASKED = Vocabulary(**vars(VOCABULARY) | {"instruments": {"pain", "sleeping", "swelling"}})


@pytest.fixture
def uncut(monkeypatch):
    """Who is followed to the end: what is told until a cut has tests of its own."""
    monkeypatch.setattr(Pseudonyms, "cut", lambda self, uid: LAST_CUT)


def told(people, **options):
    return extract(
        "clinic-uid", people, pseudonyms=PSEUDONYMS, year=2026, **{"threshold": 1, "vocabulary": VOCABULARY} | options)


# What is joined to a person tells of what may be known of one; what a clinic did and what became of it nobody outside knows.
# docs/registry.md says what it means.
QUASI = {
    "sex": "sex", "age_band": "age band", "indication": "indications", "instrument": "indications", "course": "indications",
    "day": "first day", "began": "first day", "year": "first day", "session": "visits", "followed_days": "visits",
    "followed_sessions": "visits", "relief_session": "visits", "relief_days": "visits"}
OUTCOME = {"relief", "baseline_milli", "last_milli", "score_milli"}
TREATMENT = {
    "part", "site_kind", "site", "route", "technique", "product", "lot", "volume_ul", "kind", "severity", "serious", "causality"}
OF_A_VISIT = {"day", "year", "visit", "injection", "event", "clinic"} | {"new_in_kind", "new_in_product", "new_in_lot"}
OF_INDICATION = {"arthritis": "pain", "sleep": "sleeping", "other": "swelling"}  # the question that only this complaint is asked


def files(folder, *tables):
    """A database of these tables of an extract."""
    database = duckdb.connect()
    for table in tables:
        columns = ", ".join(f"CAST(NULL AS VARCHAR) AS {one}" for one in TABLES[table])
        found = (folder / table).exists()
        rows = f"SELECT * FROM read_parquet('{folder}/{table}/*/*/*.parquet')" if found else f"SELECT {columns} LIMIT 0"
        database.execute(f"CREATE TABLE {table} AS {rows}")
    return database


def attack(folder, people):
    """Join the clinic's own table to the files on everything both hold; for each person and record, how many fit at least.

    Each quasi-identifier is read from every column of every table that tells of it: what one of them hides another may show.
    Scores are asked at visits alone, and at each of them: whoever knows it reads visits off them."""
    database = files(folder, *(table for table, columns in TABLES.items() if "patient" in columns))
    known = [(one.uid, *vars(known_of(one, VOCABULARY)).values()) for one in people]
    database.execute(
        "CREATE TABLE own (uid VARCHAR, sex VARCHAR, age_band VARCHAR, indications VARCHAR, first_day INTEGER, visits INTEGER)")
    database.executemany("INSERT INTO own VALUES (?, ?, ?, ?, ?, ?)", known)
    days = " UNION ALL ".join(
        f"SELECT patient, CAST({name} AS DATE) AS day FROM {table}"
        for table, columns in TABLES.items() if "patient" in columns for name in columns if name in ("day", "began"))
    # After a session was asked at the next visit.
    visits = " UNION ALL ".join(
        f"SELECT patient, max({name}) + 1 AS visits FROM {table} GROUP BY patient"
        for table, columns in TABLES.items() if "patient" in columns for name in columns
        if name in ("session", "followed_sessions", "relief_session"))
    visits += f" UNION ALL SELECT patient, count(DISTINCT day) FROM ({days}) GROUP BY patient"
    visits += " UNION ALL SELECT patient, max(greatest(followed_days, relief_days)) // 7 + 1 FROM courses GROUP BY patient"
    asked = " ".join(f"WHEN '{instrument}' THEN '{indication}'" for indication, instrument in OF_INDICATION.items())
    fitting = " AND ".join(
        f"({side}.{name} IS NULL OR {side}.{name} IN ('any', own.{name}))"
        for side in ("told", "course") for name in ("sex", "age_band"))
    database.execute(f"""
        CREATE TABLE fits AS
        WITH first AS (SELECT patient, min(day) AS day FROM ({days}) GROUP BY patient),
        course AS (SELECT patient, min(sex) AS sex, min(age_band) AS age_band, count(*) AS courses,
                   list(DISTINCT CAST(indication AS VARCHAR)) AS indications FROM courses GROUP BY patient),
        question AS (SELECT DISTINCT patient, CASE instrument {asked} END AS indication FROM
                     (SELECT patient, instrument FROM courses UNION ALL SELECT patient, instrument FROM scores)),
        shown AS (SELECT patient, max(visits) AS visits FROM ({visits}) GROUP BY patient),
        told AS (SELECT patients.patient, patients.sex, patients.age_band, day, CAST(year AS INTEGER) AS year,
                        date_diff('day', DATE '0001-01-01', day) + 1 AS moved, coalesce(shown.visits, 1) AS visits
                 FROM patients LEFT JOIN first USING (patient) LEFT JOIN shown USING (patient)),
        seen AS (SELECT *, string_split(indications, '+') AS kinds, DATE '0001-01-01' + (first_day - 1) AS day FROM own)
        SELECT uid, told.patient FROM seen AS own JOIN told ON own.visits >= told.visits
            AND (abs(moved - first_day) <= {MAX_SHIFT_DAYS} OR
                 (moved IS NULL AND told.year BETWEEN year(own.day - {MAX_SHIFT_DAYS}) AND year(own.day + {MAX_SHIFT_DAYS})))
        LEFT JOIN course ON course.patient = told.patient
        WHERE {fitting}
            -- Of what is not told of somebody's complaints the course may have begun at a later visit.
            AND (course.indications IS NULL OR (list_has_all(own.kinds, course.indications)
                 AND (len(own.kinds) = len(course.indications) OR own.visits > told.visits)))
            AND (course.courses IS NULL OR course.courses >= len(course.indications))
            AND NOT EXISTS (SELECT 1 FROM question WHERE question.patient = told.patient AND question.indication IS NOT NULL
                            AND NOT list_contains(own.kinds, question.indication))""")
    told = {"uid": len(people), "patient": database.execute("SELECT count(*) FROM patients").fetchone()[0]}
    smallest = {}
    for side, count in told.items():
        least, seen = database.execute(f"SELECT min(n), count(*) FROM (SELECT count(*) n FROM fits GROUP BY {side})").fetchone()
        assert seen == count  # each person fits their own record at least
        smallest[side] = least
    return smallest


def attack_on_visits(folder, people):
    """The same with the days of all visits in hand, on those and the events of the files: how many persons fit each, and of how
    many persons visits fit each of a person's, at least."""
    database = files(folder, "visits", "events")
    database.execute("CREATE TABLE own (uid VARCHAR, day DATE, visit BIGINT)")
    database.executemany("INSERT INTO own VALUES (?, ?, ?)", [
        (one.uid, visit.day, PSEUDONYMS.number("visit", visit.uid)) for one in people for visit in one.visits])
    near = f"abs(date_diff('day', told.day, own.day)) <= {MAX_SHIFT_DAYS}"
    return [database.execute(f"SELECT min(n) FROM ({question})").fetchone()[0] for question in (
        f"SELECT count(DISTINCT uid) n FROM visits told JOIN own ON {near} GROUP BY told.visit",
        f"SELECT count(DISTINCT uid) n FROM events told JOIN own ON {near} GROUP BY told.event",
        # Whose visits all are left out has none to be found.
        f"""SELECT count(DISTINCT whose.uid) n FROM own JOIN visits told ON {near} JOIN own whose ON whose.visit = told.visit
            WHERE own.visit IN (SELECT visit FROM visits) GROUP BY own.visit""")]


def mixed(people, *, seed):
    """With people of two complaints and of none that is on file, each complaint asked its own question at every visit, and some
    who came for years."""
    chance = random.Random(seed)
    found = []
    for number, one in enumerate(people):
        if chance.random() < 0.03:
            one = patient(number, sex=one.sex, born=one.birth_date, first=one.first_day, indication=one.courses[0].indication,
                          visits=chance.randint(9, 50))
        course = one.courses[0]
        told = course.indication if course.indication in OF_INDICATION else "other"
        scores = tuple(Score(visit.day, OF_INDICATION[told], chance.choice([7, 7, 6, 4]), place)
                       for place, visit in enumerate(one.visits))
        own = type(course)(**vars(course) | {"instrument": OF_INDICATION[told], "scores": scores})
        kind = chance.choices(["as it was", "none", "two", "later"], [85, 5, 5, 5])[0]
        second = type(course)(**vars(own) | {"uid": f"{own.uid}.2", "indication": "sleep" if told != "sleep" else "arthritis",
                                             "scores": ()})
        later = type(course)(**vars(second) | {"visits": second.visits[-1:]})
        courses = {"as it was": (own,), "none": (), "two": (own, second), "later": (own, later)}[kind]
        found.append(type(one)(**vars(one) | {"courses": courses}))
    return found


def test_every_column_that_leaves_is_joined_on_or_known_to_nobody_outside():
    of_persons, of_visits = ({name for columns in TABLES.values() if key in columns for name in columns}
                             for key in ("patient", "visit"))

    assert of_persons == set(QUASI) | OUTCOME | {"clinic", "patient"}
    assert of_visits == TREATMENT | OF_A_VISIT
    assert set(QUASI.values()) == {"sex", "age band", "indications", "first day", "visits"}


def test_nothing_joins_a_visit_to_a_person_or_to_another_visit():
    people = [patient(number, visits=4) for number in range(30)]
    rows = told(people)
    keys = {"patient", "course", "visit", "injection", "event"}
    of_tables = [{row[key] for row in rows[table] for key in keys & set(TABLES[table])} for table in ("courses", "injections")]
    shifts = {one.uid: {(row["day"] - visit.day).days for visit in one.visits for row in rows["visits"]
                        if row["visit"] == PSEUDONYMS.number("visit", visit.uid)} for one in people}

    assert not of_tables[0] & of_tables[1]
    assert not keys & set(TABLES["visits"]) - {"visit"} and "patient" not in TABLES["injections"] | TABLES["events"]
    assert all(len(found) == 4 for found in shifts.values())  # each visit moved by itself
    assert all([row[name] for row in rows[table]] == sorted(row[name] for row in rows[table])
               for table, name in (("visits", "visit"), ("injections", "injection"), ("events", "event")))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_with_the_clinics_own_table_in_hand_nobody_is_found_in_a_small_cell(tmp_path, seed):
    people = mixed(clinic(400, seed=seed), seed=seed)
    rows = told(people, threshold=THRESHOLD, vocabulary=ASKED)
    writing.write_rows(tmp_path, rows)
    inside = {row["patient"] for row in rows["patients"]}

    smallest = attack(tmp_path, [one for one in people if PSEUDONYMS.number("patient", one.uid) in inside])

    assert smallest["uid"] >= THRESHOLD and smallest["patient"] >= THRESHOLD
    assert min(attack_on_visits(tmp_path, people)) >= THRESHOLD
    assert rows["clinics"][0]["patients"] > 380  # nearly all are told of,
    assert NOT_TOLD in {row["age_band"] for row in rows["patients"]}  # and some of them coarsely
    with_courses = {row["patient"] for row in rows["courses"]}
    assert inside - with_courses  # or without what they came for
    assert len({row["sex"] for row in rows["patients"]}) == 3
    assert len(rows["visits"]) > 0.98 * sum(len(one.visits) for one in people)


def test_the_same_attack_finds_people_where_no_threshold_was_kept(tmp_path):
    people = mixed(clinic(400), seed=1)
    writing.write_rows(tmp_path, told(people, threshold=1, vocabulary=ASKED))

    assert attack(tmp_path, people)["uid"] == 1


def test_the_same_attack_finds_who_came_often_where_scores_are_not_cut(tmp_path, monkeypatch):
    people = mixed(clinic(400), seed=1)
    monkeypatch.setattr(Pseudonyms, "cut", lambda self, uid: 1_000)
    monkeypatch.setattr(deidentify, "shown_visits", lambda patient, courses: 1)  # as if nobody knew how often
    writing.write_rows(tmp_path, told(people, threshold=THRESHOLD, vocabulary=ASKED))

    assert attack(tmp_path, people)["patient"] < THRESHOLD


def test_fewer_people_than_the_threshold_leave_nothing():
    rows = told([patient(number) for number in range(THRESHOLD - 1)], threshold=THRESHOLD)

    assert [len(rows[table]) for table in ("patients", "visits", "injections", "events")] == [0, 0, 0, 0]
    assert rows["clinics"] == [{"clinic": PSEUDONYMS.clinic("clinic-uid"), "year": 2026, "patients": 0,
                                "left_out": THRESHOLD - 1, "visits_left_out": 3 * (THRESHOLD - 1),
                                "threshold": THRESHOLD}]


def test_no_row_holds_a_uid_or_a_birth_date():
    people = clinic(60)
    uids = {one.uid for one in people} | {visit.uid for one in people for visit in one.visits}
    births = {one.birth_date for one in people}

    rows = told(people)

    values = {value for table in rows.values() for row in table for value in row.values()}
    assert not values & (uids | births)


def test_a_single_day_is_never_the_true_one():
    people = [patient(number, visits=1) for number in range(300)]

    days = [row["day"] for row in told(people)["visits"]]

    assert len(days) == 300 and START not in days


def test_all_days_of_a_patients_courses_are_moved_by_the_same_and_never_by_nothing(uncut):
    one = patient(1, visits=4)
    rows = told([one])
    days = sorted(row["day"] for row in rows["scores"])

    moved = {(day - score.day).days for day, score in zip(days, one.courses[0].scores, strict=True)}
    moved |= {(row["began"] - one.first_day).days for row in rows["courses"]}

    assert len(moved) == 1 and 0 < abs(moved.pop()) <= MAX_SHIFT_DAYS


def test_an_event_is_moved_with_its_visit_and_by_itself_where_none_is_known():
    people = [patient(3 * number) for number in range(20)]
    loose = [type(one)(**vars(one) | {"events": tuple(type(event)(**vars(event) | {"visit": None}) for event in one.events)})
             for one in people]
    rows, without = told(people), told(loose)
    days = {row["visit"]: row["day"] for row in rows["visits"]}

    assert all(days[row["visit"]] == row["day"] for row in rows["events"]) and len(rows["events"]) == 20
    assert {row["visit"] for row in without["events"]} == {None}
    assert len({(row["day"] - people[0].visits[-1].day).days for row in without["events"]}) > 10


def test_scores_end_at_the_cut_visit_before_its_first_puncture_and_courses_that_begin_later_are_not_told():
    one = patient(1, visits=5, scores=(7, 6, 6, 5, 4))
    checked = Score(one.visits[4].day + datetime.timedelta(days=30), "pain", 3, 5)
    first = type(one.courses[0])(**vars(one.courses[0]) | {"scores": (*one.courses[0].scores, checked)})
    late = type(first)(**vars(first) | {"uid": "late", "visits": first.visits[3:], "scores": ()})
    one = type(one)(**vars(one) | {"courses": (first, late)})

    told = {cut: told_until(one, cut) for cut in (1, 3, 4, 5, 6)}

    assert {cut: [len(course.scores) for course in courses] for cut, courses in told.items()} == {
        1: [1], 3: [3], 4: [4, 0], 5: [5, 0], 6: [6, 0]}
    assert {cut: shown_visits(one, courses) for cut, courses in told.items()} == {1: 1, 3: 3, 4: 4, 5: 5, 6: 5}


def test_patients_who_were_given_a_lot_are_counted_and_where_they_are_few_as_one_at_least():
    people = [*(patient(number, visits=2 + number % 3, lot="A1") for number in range(12)),
              *(patient(number, visits=9, lot="B2") for number in range(20, 23))]

    rows = told(people, threshold=THRESHOLD)["injections"]

    new = {lot: [row["new_in_lot"] for row in rows if row["lot"] == lot] for lot in ("A1", "B2")}
    assert {lot: (len(found), sum(found)) for lot, found in new.items()} == {"A1": (36, 12), "B2": (27, 1)}


def test_a_tenth_is_cut_at_each_visit_and_the_rest_at_the_last():
    cuts = [PSEUDONYMS.cut(f"p{number}") for number in range(20_000)]

    for visit in range(1, LAST_CUT):
        still = [cut for cut in cuts if cut >= visit]
        assert binomtest(still.count(visit), len(still), 26 / 256).pvalue > 1e-4
    assert max(cuts) == LAST_CUT and PSEUDONYMS.cut("p1") == cuts[1]


def test_patients_with_an_event_are_counted_and_where_they_are_few_as_one_at_least():
    def of(numbers, kind, events):
        return [type(one)(**vars(one) | {"events": tuple(
            Event(f"{kind}{one.uid}.{place}", None, START, kind, "mild", False, "certain") for place in range(events))})
            for one in map(patient, numbers)]

    people = [*of(range(12), "bruise", 2), *of(range(12, 30), "lung", 0), *of(range(30, 32), "lung", 9)]
    rows = told(people, threshold=THRESHOLD)["events"]

    found = {kind: [row["new_in_kind"] for row in rows if row["kind"] == kind] for kind in ("bruise", "lung")}
    assert {kind: (len(new), sum(new)) for kind, new in found.items()} == {"bruise": (24, 12), "lung": (18, 1)}


def test_shifts_fill_their_span_evenly_and_never_are_nothing():
    shifts = [PSEUDONYMS.shift_days(f"p{number}") for number in range(20_000)]

    assert (min(shifts), max(shifts), 0 in shifts) == (-MAX_SHIFT_DAYS, MAX_SHIFT_DAYS, False)
    assert abs(sum(shifts)) / len(shifts) < 3  # the standard error is 0.74 days


def test_another_key_gives_other_pseudonyms_and_the_same_key_the_same():
    other = Pseudonyms(b"another key of thirty-two bytes and more")

    assert told([patient(1)]) == told([patient(1)])
    assert PSEUDONYMS.number("patient", "p1") != other.number("patient", "p1") != PSEUDONYMS.number("visit", "p1")


def test_a_key_that_could_be_guessed_is_refused():
    with pytest.raises(ValueError):
        Pseudonyms(b"short")


def test_what_is_no_code_leaves_as_other():
    rows = told([patient(1, indication="my neighbour's bad knee", lot="call Ana Ruiz")])

    assert rows["courses"][0]["indication"] == "other"
    assert {row["lot"] for row in rows["injections"]} == {"other"}


@pytest.mark.parametrize(("typed", "leaves"), [("A0417", "A0417"), ("24-117/B", "24-117/B"), ("", ""), ("Ruiz", "other"),
                                               ("Ana 3/14/1980", "other"), ("1" * 40, "other")])
def test_a_lot_leaves_as_the_label_prints_it(typed, leaves):
    assert lot_told(typed) == leaves


def test_volumes_are_whole_microlitres_and_lots_sum_them():
    rows = told([patient(number, visits=2) for number in range(5)])

    assert sum(row["volume_ul"] for row in rows["injections"]) == sum(row["volume_ul"] for row in rows["lots"]) == 5 * 2 * 500


@pytest.mark.parametrize(("scores", "relief", "session", "followed"), [
    ((7, 6, 5), True, 2, 14), ((7, 6, 6), False, None, 14), ((7,), False, None, 0), ((7, 5), True, 1, 7),
    ((7, 9, 9), False, None, 14),
])
def test_relief_is_the_first_change_that_matters(uncut, scores, relief, session, followed):
    row = told([patient(1, scores=scores)])["courses"][0]

    assert (row["relief"], row["relief_session"], row["followed_days"]) == (relief, session, followed)
    assert row["baseline_milli"] == 7_000


@pytest.mark.parametrize(("scores", "sessions", "followed"), [((7, 6, 6), 8, 2), ((7, 5), 8, 1), ((7, 6), 2, 1), ((7,), 5, 0)])
def test_nobody_is_followed_through_sessions_that_nobody_was_asked_after(uncut, scores, sessions, followed):
    row = told([patient(1, scores=scores, visits=sessions)])["courses"][0]

    assert row["followed_sessions"] == followed


def test_a_score_that_was_first_asked_after_a_session_is_no_beginning(uncut):
    one = patient(1)
    course = type(one.courses[0])(**vars(one.courses[0]) | {"scores": one.courses[0].scores[1:]})  # 6 after the first, 4 after
    rows = told([type(one)(**vars(one) | {"courses": (course,)})])

    found = rows["courses"][0]
    assert (found["baseline_milli"], found["last_milli"], found["relief"], found["followed_days"]) == (None, None, False, 0)
    assert [row["session"] for row in rows["scores"]] == [1, 2]


def test_one_who_is_alone_is_told_of_coarsely_in_the_company_of_others_alone():
    """Eleven women of different ages: none has company in her band, all have in each other's once no age is told."""
    ages = [datetime.date(1940 + 7 * place, 1, 1) for place in range(THRESHOLD)]
    rows = told([patient(number, born=born) for number, born in enumerate(ages)], threshold=THRESHOLD)

    assert [row["age_band"] for row in rows["patients"]] == [NOT_TOLD] * THRESHOLD


def test_a_late_comer_is_not_hidden_by_those_of_other_years():
    people = [patient(number) for number in range(30)] + [patient(99, first=START + datetime.timedelta(days=900))]

    rows = told(people, threshold=THRESHOLD)

    assert rows["clinics"][0]["left_out"] == 1
    assert PSEUDONYMS.number("patient", "p99") not in {row["patient"] for row in rows["patients"]}


def test_every_row_has_the_columns_of_its_table():
    rows = told(clinic(30))

    assert {table: set(itertools.chain.from_iterable(found)) for table, found in rows.items()} == {
        table: set(columns) for table, columns in TABLES.items()}


def test_scores_between_integers_are_judged_to_the_thousandth(uncut):
    one = patient(1)
    course = one.courses[0]
    days = [visit.day for visit in one.visits]
    exact = type(course)(**vars(course) | {"scores": (Score(days[0], "pain", 6.3, 0), Score(days[1], "pain", 4.3, 1))})

    row = told([type(one)(**vars(one) | {"courses": (exact,)})])["courses"][0]

    assert row["relief"]
