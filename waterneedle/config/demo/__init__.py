"""The clinic of `waterneedle demo`: invented from a seed, so that it is the same each time, and worth looking at.

Rates of what people have are in `rates.toml`, each with its source.
"""

from __future__ import annotations

import datetime
import random

SEED = 1729
PATIENTS = 200


def build(now: datetime.datetime, *, seed: int = SEED, patients: int = PATIENTS) -> None:
    """Invent the clinic in an empty database. Raises ValueError where there is a clinic already."""
    # late: Django has to be set up first
    from waterneedle.clinic.accounts.models import Clinic
    from waterneedle.config.demo import afterwards, bookings, courses, history, people, shelf, training, trial, visits
    from waterneedle.config.demo import patients as invented

    if Clinic.objects.exists():
        raise ValueError("there is a clinic in this database already")
    clinic = people.make_clinic()
    workers = people.make_workers(clinic)
    today = now.astimezone(clinic.tzinfo).date()
    treating = people.enter_papers(workers, today)
    vial = shelf.fill_shelf(workers["alice"], workers["olga"], now)
    chance = random.Random(seed)
    invented.make_patients(patients, workers["bob"], workers["alice"], now, chance)
    history.make_history([workers["alice"], workers["ines"]], vial.lot.item, now, random.Random(seed))
    visits.make_visits(workers["alice"], workers["bob"], vial, now, chance)
    people.enter_student(workers, treating["ines"])
    training.make_course(workers, now)
    visits.make_a_students_visit(workers["tom"], vial, now)
    bookings.make_bookings(treating, workers, now, chance)
    courses.make_courses(workers["alice"], now, random.Random(seed))
    trial.make_a_trial(workers["alice"], workers["ann"], vial, now, random.Random(seed))
    afterwards.make_afterwards(workers["alice"], workers["olga"], now, chance)
