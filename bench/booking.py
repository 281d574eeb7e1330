"""How fast free times are found, and how fast the outbox hands letters to a mail server.

    python bench/booking.py [--practitioners 10] [--letters 300]

Free times: those of a month for ten practitioners with the usual hours, ten rooms, papers and a calendar half full, from rows
to what a page shows, on SQLite. To reach: <= 80 ms (median of twenty). Outbox: letters, from their jobs to a real SMTP server
on loopback, one worker, every commit on the disk. To reach: >= 50 a second. Beside the time on the clock stands the processor's:
on a machine that is busy with other work the first is long for no fault of the program.
"""

from __future__ import annotations

import argparse
import datetime
import logging
import os
import platform
import statistics
import sys
import tempfile
import time

SLOTS_MS, LETTERS_S = 80, 50
ZONE = "America/Los_Angeles"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--practitioners", type=int, default=10)
    options.add_argument("--letters", type=int, default=300)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="wn-bench-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "waterneedle.config.settings",
            "WATERNEEDLE_DATA": folder,
            "WATERNEEDLE_SMTP_HOST": "127.0.0.1",
            "WATERNEEDLE_SMTP_STARTTLS": "false",
        }
        # late: the environment is ready only now
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, sqlite")
        good = [slots(asked.practitioners), outbox(asked.letters)]
    return 0 if all(good) else 1


def slots(practitioners: int) -> bool:
    # late: Django is set up only now
    from waterneedle.clinic.accounts.models import Clinic
    from waterneedle.clinic.appointments import queries
    from waterneedle.clinic.practitioners.queries import _granted

    clinic = Clinic.objects.create(slug="harbor", name="Harbor", country="US", jurisdiction="US-WA", zone=ZONE, languages=["en"])
    first = datetime.date(2026, 11, 30)
    booked = _fill(clinic, practitioners, first)
    last = first + datetime.timedelta(days=30)
    _granted.cache_clear()
    began = time.perf_counter()
    found = queries.free_slots(clinic, 60, first, last)
    cold_ms = (time.perf_counter() - began) * 1000
    spent, worked = [], []
    for _ in range(20):
        began, at_work = time.perf_counter(), time.process_time()
        queries.free_slots(clinic, 60, first, last)
        spent.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - at_work) * 1000)
    median, processor = statistics.median(spent), statistics.median(worked)
    print(f"free times of a month, {practitioners} practitioners, {booked} bookings, {len(found)} found: median {median:.1f} ms")
    print(f"  {processor:.1f} ms of the processor, slowest {max(spent):.1f}, at first {cold_ms:.1f}; to reach: {SLOTS_MS}")
    return median <= SLOTS_MS and bool(found)


def _fill(clinic: object, count: int, first: datetime.date) -> int:
    """Practitioners with papers and hours, rooms, and every second hour of the month booked; how many bookings that are."""
    # late: Django is set up only now
    from waterneedle.clinic.accounts.models import Membership, User
    from waterneedle.clinic.appointments import queries
    from waterneedle.clinic.appointments.models import Booking, Hours, Room, Service
    from waterneedle.clinic.patients.models import Patient
    from waterneedle.clinic.practitioners.models import Certificate, Licence, Practitioner, ResuscitationCard, Training

    day, far = datetime.date, first + datetime.timedelta(days=400)
    rooms = [Room.objects.create(clinic=clinic, name=f"Room {number}") for number in range(count)]
    service = Service.objects.create(clinic=clinic, kind="first", minutes=60)
    patient = Patient.objects.create(clinic=clinic, number=1, given_name="Ana")
    user = User.objects.create_user("olga@harbor.example", None, name="Olga")
    people = []
    for number in range(count):
        one = User.objects.create_user(f"p{number}@harbor.example", None, name=f"Practitioner {number}")
        Membership.objects.create(clinic=clinic, user=one, role="practitioner")
        who = Practitioner.objects.create(clinic=clinic, user=one, profession="acupuncturist")
        seen = {"clinic": clinic, "practitioner": who, "seen": "original", "made_by": user}
        Licence.objects.create(**seen, jurisdiction="US-WA", number="1", expires=far)
        Training.objects.create(
            **seen,
            course="Point injection",
            provider="School",
            completed_on=day(2024, 4, 1),
            hours=26,
            hands_on_hours=9,
            emergency_hours=2,
        )
        Certificate.objects.create(**seen, issuer="School", certified_on=day(2025, 5, 1), expires=far)
        ResuscitationCard.objects.create(**seen, course="BLS", expires=far)
        for weekday in range(6):
            for begins, ends in ((9, 12), (13, 18)):
                span = {"begins": datetime.time(begins), "ends": datetime.time(ends)}
                Hours.objects.create(clinic=clinic, practitioner=who, weekday=weekday, **span)
        people.append(who)
    known = queries.diary(clinic, first, first + datetime.timedelta(days=30))
    rows, taken = [], set()
    for one in known.free(60, first, first + datetime.timedelta(days=30)):
        place = people.index(one.practitioner)
        if one.starts_at.minute == 0 and one.starts_at.hour % 2 and (place, one.starts_at) not in taken:
            taken.add((place, one.starts_at))
            rows.append(
                Booking(
                    clinic=clinic,
                    patient=patient,
                    practitioner=one.practitioner,
                    room=rooms[place],
                    service=service,
                    starts_at=one.starts_at,
                    ends_at=one.ends_at,
                    until=one.ends_at,
                    way="desk",
                    state="booked",
                )
            )
    Booking.objects.bulk_create(rows)
    return len(rows)


def outbox(letters: int) -> bool:
    # late: Django is set up only now
    from aiosmtpd.controller import Controller
    from django.conf import settings
    from django.utils import timezone

    from waterneedle.clinic.accounts.models import Clinic
    from waterneedle.clinic.outbox import links, worker
    from waterneedle.clinic.outbox.handlers import DAILY, EVERY
    from waterneedle.clinic.outbox.letters import send_letter

    class Server:
        taken = 0

        async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
            self.taken += 1
            return "250 OK"

    class OnFreePort(Controller):
        def _trigger_server(self) -> None:
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    DAILY.clear()
    EVERY.clear()
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    server = Server()
    controller = OnFreePort(server, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_PORT = controller.port
    clinic, now = Clinic.objects.get(), timezone.now()
    for number in range(letters):
        until = now + datetime.timedelta(days=1)
        secret = links.issue(clinic=clinic, purpose="bench", patient=None, about=number, expires_at=until)
        send_letter(
            to=[f"p{number}@example.org"],
            subject="Your appointment",
            text=f"https://harbor.example/b/{secret}/",
            clinic=clinic,
            about="bench",
            key=str(number),
            due_at=now,
        )
    began, at_work = time.perf_counter(), time.process_time()
    done = worker.drain()
    spent_s, processor_s = time.perf_counter() - began, time.process_time() - at_work
    controller.stop()
    rate = server.taken / spent_s
    print(f"outbox: {server.taken} letters in {spent_s:.2f} s, {rate:.0f} a second; to reach: {LETTERS_S}")
    print(f"  {processor_s:.2f} s of the processor, the mail server's among it")
    return done == letters == server.taken and rate >= LETTERS_S


if __name__ == "__main__":
    sys.exit(main())
