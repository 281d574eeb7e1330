"""What leaves a clinic, and whether anybody can be found in it."""
from __future__ import annotations

import datetime
import itertools
import random

import duckdb
import pytest

from tests.registry.people import PSEUDONYMS, START, VOCABULARY, clinic, patient
from waterneedle.registry import writing
from waterneedle.registry.anonymity import NOT_TOLD, THRESHOLD
from waterneedle.registry.deidentify import Vocabulary, extract, known_of, lot_told
from waterneedle.registry.identified import Score
from waterneedle.registry.pseudonyms import MAX_SHIFT_DAYS, Pseudonyms
from waterneedle.registry.tables import TABLES

ASKED = Vocabulary(**vars(VOCABULARY) | {"instruments": {"pain", "sleeping", "swelling"}})


def told(people, **options):
    return extract(
        "clinic-uid", people, pseudonyms=PSEUDONYMS, year=2026, **{"threshold": 1, "vocabulary": VOCABULARY} | options)


QUASI = {"sex": "sex", "age_band": "age band", "indication": "indications", "instrument": "indications", "course": "indications",
         "day": "first day", "began": "first day", "year": "first day"}
# What a clinic did and what became of it: nobody outside of it knows them of a person. docs/registry.md says what it means.
TREATMENT = {
    "session", "sessions", "part", "site_kind", "site", "route", "technique", "product", "lot", "volume_ul", "kind", "severity",
    "serious", "causality", "baseline_milli", "last_milli", "score_milli", "followed_days", "followed_sessions", "relief",
    "relief_session", "relief_days"}
PSEUDONYMOUS = {"clinic", "patient", "visit", "injection", "event"}
OF_INDICATION = {"arthritis": "pain", "sleep": "sleeping", "other": "swelling"}  # the question that only this complaint is asked


def attack(folder, people):
    """Join the clinic's own table to the files on everything both hold; for each person and record, how many fit.

    Each quasi-identifier is read from every column of every table that tells of it: what one of them hides another may show."""
    database = duckdb.connect()
    for table in ("patients", "courses", "visits", "injections", "events", "scores"):
        files = f"read_parquet('{folder}/{table}/*/*/*.parquet')"
        found = (folder / table).exists()
        columns = ", ".join(f"CAST(NULL AS VARCHAR) AS {one}" for one in TABLES[table])
        database.execute(f"CREATE TABLE {table} AS " + (f"SELECT * FROM {files}" if found else f"SELECT {columns} LIMIT 0"))
    known = [(one.uid, *vars(known_of(one, VOCABULARY)).values(), len({course.indication for course in one.courses}))
             for one in people]
    database.execute(
        "CREATE TABLE own (uid VARCHAR, sex VARCHAR, age_band VARCHAR, indications VARCHAR, first_day INTEGER, kinds INTEGER)")
    database.executemany("INSERT INTO own VALUES (?, ?, ?, ?, ?, ?)", known)
    days = " UNION ALL ".join(
        f"SELECT patient, CAST({name} AS DATE) AS day FROM {table}"
        for table, columns in TABLES.items() if "patient" in columns for name in columns if name in ("day", "began"))
    asked = " ".join(f"WHEN '{instrument}' THEN '{indication}'" for indication, instrument in OF_INDICATION.items())
    fitting = " AND ".join(
        f"({side}.{name} IS NULL OR {side}.{name} IN ('any', own.{name}))"
        for side in ("told", "course") for name in ("sex", "age_band"))
    database.execute(f"""
        CREATE TABLE fits AS
        WITH first AS (SELECT patient, min(day) AS day FROM ({days}) GROUP BY patient),
        course AS (SELECT patient, min(sex) AS sex, min(age_band) AS age_band, count(*) AS courses,
                   string_agg(DISTINCT indication, '+' ORDER BY indication) AS indications FROM courses GROUP BY patient),
        question AS (SELECT DISTINCT patient, CASE instrument {asked} END AS indication FROM
                     (SELECT patient, instrument FROM courses UNION ALL SELECT patient, instrument FROM scores)),
        years AS (SELECT patient, min(CAST(year AS INTEGER)) AS year FROM patients GROUP BY patient),
        told AS (SELECT patient, patients.sex, patients.age_band, date_diff('day', DATE '0001-01-01', day) + 1 AS moved
                 FROM patients JOIN first USING (patient) JOIN years USING (patient) WHERE years.year = year(day))
        SELECT uid, told.patient FROM own JOIN told ON abs(moved - first_day) <= {MAX_SHIFT_DAYS}
        LEFT JOIN course ON course.patient = told.patient
        WHERE {fitting} AND (course.indications IS NULL OR course.indications IN ('any', own.indications))
            AND (course.courses IS NULL OR (course.courses >= own.kinds AND own.kinds > 0))
            AND NOT EXISTS (SELECT 1 FROM question WHERE question.patient = told.patient AND question.indication IS NOT NULL
                            AND NOT list_contains(string_split(own.indications, '+'), question.indication))""")
    told = {"uid": len(people), "patient": database.execute("SELECT count(*) FROM patients").fetchone()[0]}
    smallest = {}
    for side, count in told.items():
        least, seen = database.execute(f"SELECT min(n), count(*) FROM (SELECT count(*) n FROM fits GROUP BY {side})").fetchone()
        assert seen == count  # each person fits their own record at least
        smallest[side] = least
    return smallest


def mixed(people, *, seed):
    """With people of two complaints and of none that is on file, each complaint asked its own question."""
    chance = random.Random(seed)
    found = []
    for one in people:
        course = one.courses[0]
        told = course.indication if course.indication in OF_INDICATION else "other"
        scores = tuple(Score(score.day, OF_INDICATION[told], score.score, score.session) for score in course.scores)
        own = type(course)(**vars(course) | {"instrument": OF_INDICATION[told], "scores": scores})
        kind = chance.choices(["as it was", "none", "two"], [90, 5, 5])[0]
        second = type(course)(**vars(own) | {"uid": f"{own.uid}.2", "indication": "sleep" if told != "sleep" else "arthritis",
                                             "scores": ()})
        courses = {"as it was": (own,), "none": (), "two": (own, second)}[kind]
        found.append(type(one)(**vars(one) | {"courses": courses}))
    return found


def test_every_column_that_leaves_is_joined_on_or_known_to_nobody_outside():
    columns = set(itertools.chain.from_iterable(columns for table, columns in TABLES.items() if "patient" in columns))

    assert columns == set(QUASI) | TREATMENT | PSEUDONYMOUS
    assert not TREATMENT & set(QUASI) and set(QUASI.values()) == {"sex", "age band", "indications", "first day"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_with_the_clinics_own_table_in_hand_nobody_is_found_in_a_small_cell(tmp_path, seed):
    people = mixed(clinic(400, seed=seed), seed=seed)
    rows = told(people, threshold=THRESHOLD, vocabulary=ASKED)
    writing.write_rows(tmp_path, rows)
    inside = {row["patient"] for row in rows["patients"]}

    smallest = attack(tmp_path, [one for one in people if PSEUDONYMS.number("patient", one.uid) in inside])

    assert smallest["uid"] >= THRESHOLD and smallest["patient"] >= THRESHOLD
    assert rows["clinics"][0]["patients"] > 300  # most are told of,
    assert NOT_TOLD in {row["age_band"] for row in rows["patients"]}  # and some of them coarsely
    with_courses = {row["patient"] for row in rows["courses"]}
    assert inside - with_courses  # or without what they came for


def test_the_same_attack_finds_people_where_no_threshold_was_kept(tmp_path):
    people = mixed(clinic(400), seed=1)
    writing.write_rows(tmp_path, told(people, threshold=1, vocabulary=ASKED))

    assert attack(tmp_path, people)["uid"] == 1


def test_fewer_people_than_the_threshold_leave_nothing():
    rows = told([patient(number) for number in range(THRESHOLD - 1)], threshold=THRESHOLD)

    assert [len(rows[table]) for table in ("patients", "visits", "injections", "events")] == [0, 0, 0, 0]
    assert rows["clinics"] == [{"clinic": PSEUDONYMS.clinic("clinic-uid"), "year": 2026, "patients": 0,
                                "left_out": THRESHOLD - 1, "threshold": THRESHOLD}]


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


def test_all_days_of_a_patient_are_moved_by_the_same_and_never_by_nothing():
    one = patient(1, visits=4)
    days = sorted(row["day"] for row in told([one])["visits"])

    moved = [(day - visit.day).days for day, visit in zip(days, one.visits, strict=True)]

    assert len(set(moved)) == 1
    assert 0 < abs(moved[0]) <= MAX_SHIFT_DAYS


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
def test_relief_is_the_first_change_that_matters(scores, relief, session, followed):
    row = told([patient(1, scores=scores)])["courses"][0]

    assert (row["relief"], row["relief_session"], row["followed_days"]) == (relief, session, followed)
    assert row["baseline_milli"] == 7_000


@pytest.mark.parametrize(("scores", "sessions", "followed"), [((7, 6, 6), 8, 2), ((7, 5), 8, 1), ((7, 6), 2, 1), ((7,), 5, 0)])
def test_nobody_is_followed_through_sessions_that_nobody_was_asked_after(scores, sessions, followed):
    row = told([patient(1, scores=scores, visits=sessions)])["courses"][0]

    assert (row["sessions"], row["followed_sessions"]) == (sessions, followed)


def test_a_score_that_was_first_asked_after_a_session_is_no_beginning():
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


def test_scores_between_integers_are_judged_to_the_thousandth():
    one = patient(1)
    course = one.courses[0]
    days = [visit.day for visit in one.visits]
    exact = type(course)(**vars(course) | {"scores": (Score(days[0], "pain", 6.3, 0), Score(days[1], "pain", 4.3, 1))})

    row = told([type(one)(**vars(one) | {"courses": (exact,)})])["courses"][0]

    assert row["relief"]
