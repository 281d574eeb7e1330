"""Invented patients of one clinic, as the clinic knows them."""
from __future__ import annotations

import datetime
import random

from waterneedle.registry.deidentify import Vocabulary
from waterneedle.registry.identified import Course, Event, Fluid, Injection, Patient, Score, Visit
from waterneedle.registry.pseudonyms import Pseudonyms

PSEUDONYMS = Pseudonyms(b"a key of thirty-two bytes, no less")
VOCABULARY = Vocabulary(
    products={"cyanocobalamin"}, sites={"ST36", "LI11"}, indications={"arthritis", "sleep"}, instruments={"pain"},
    event_kinds={"bruise", "lung"})
START = datetime.date(2025, 1, 1)
BORN = (1935, 1951, 1962, 1975, 1984, 1996, 2012)


def patient(number, *, sex="female", born=datetime.date(1980, 5, 17), first=START, indication="arthritis", visits=3,
            scores=(7, 6, 4), lot="A0417"):
    days = [first + datetime.timedelta(days=7 * week) for week in range(visits)]
    made = [Visit(f"v{number}.{place}", day, (Injection(f"i{number}.{place}", "point", "ST36", "SC", "injection",
                                                        (Fluid("cyanocobalamin", lot, 500),)),))
            for place, day in enumerate(days)]
    asked = tuple(Score(day, "pain", score, place) for place, (day, score) in enumerate(zip(days, scores, strict=False)))
    course = Course(f"c{number}", indication, tuple(visit.uid for visit in made), asked, "pain", 2.0)
    event = Event(f"e{number}", made[-1].uid, days[-1], "bruise", "mild", False, "probable", "cyanocobalamin", lot)
    return Patient(f"p{number}", sex, born, tuple(made), (course,), (event,) if number % 3 == 0 else ())


def clinic(people, *, seed=1):
    """A practice of a few years: most are ordinary, some are the only one of their kind."""
    chance = random.Random(seed)
    return [patient(
        number, sex=chance.choices(["female", "male", "intersex", "unknown"], [60, 36, 1, 3])[0],
        born=datetime.date(chance.choice(BORN), chance.randint(1, 12), chance.randint(1, 28)),
        first=START + datetime.timedelta(days=chance.randint(0, 700)),
        indication=chance.choices(["arthritis", "sleep", "swelling of a kind"], [70, 27, 3])[0],
        visits=chance.randint(1, 8)) for number in range(people)]
