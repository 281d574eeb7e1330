"""A worker that is killed at any moment: nothing is lost, what comes twice is the same, and there is one link for each cause."""
from __future__ import annotations

import email
import hashlib
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from clinic.outbox.sms_server import sms_server
from clinic.people import make_clinic
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.outbox.actions import enqueue
from waterneedle.clinic.outbox.models import Job, Link

WORKER = Path(__file__).with_name("mortal_worker.py")
CAUSES_A_LIFE = 4


@pytest.fixture
def texts(settings):
    with sms_server(settings) as server:
        yield server


def test_a_worker_is_killed_once(committed_db, mail, texts, settings):
    outlive(mail, texts, settings, kills=1)


@pytest.mark.soak
def test_a_worker_is_killed_two_hundred_times(committed_db, mail, texts, settings):
    outlive(mail, texts, settings, kills=200)


def outlive(mail, texts, settings, kills: int) -> None:
    """Letters and texts of many causes, with a worker that dies again and again: each comes, and twice only as the same."""
    make_clinic("harbor", "Harbor")
    chance, causes, rung, at_arrival = random.Random(), [], [], 0
    for life in range(kills):
        fresh = [f"c{life}-{number}" for number in range(CAUSES_A_LIFE)]
        for cause in fresh:
            enqueue(kind="test.ask", key=cause)
            enqueue(kind="test.ring", key=f"r{cause}")
        causes += fresh
        rung += [f"r{cause}" for cause in fresh]
        worker = born(settings)
        if chance.random() < 0.5:
            time.sleep(chance.uniform(0, 0.5))  # the moment of death is the experiment, not a wait for anything
        else:
            at_arrival += arrived(mail, texts, chance.randint(1, 6))
        worker.kill()
        worker.wait()
        leases_run_out()
    worker = born(settings)
    all_is_done()
    worker.kill()
    worker.wait()

    copies = defaultdict(set)
    for (address,), content in mail.letters:
        copies[address].add(content)
    assert sorted(copies) == sorted(f"{cause}@example.org" for cause in causes)
    assert {len(different) for different in copies.values()} == {1}
    said = defaultdict(set)
    for message in texts.messages:
        cause, _space, secret = message["text"].partition(" ")
        said[cause].add((message["id"], secret))
    assert sorted(said) == sorted(rung)
    assert {len(different) for different in said.values()} == {1}
    assert sorted(one.about for one in Link.objects.all()) == sorted(causes + rung)
    in_letters = {secret_hash(content) for (content,) in copies.values()}
    in_texts = {hashlib.sha256(secret.encode()).digest() for ((_id, secret),) in said.values()}
    assert {bytes(one.hash) for one in Link.objects.all()} == in_letters | in_texts
    assert verify().ok
    again, rung_again = len(mail.letters) - len(causes), len(texts.messages) - len(rung)
    print(f"{kills} kills, {at_arrival} of them as a message had just arrived: {len(causes)} letters and {len(rung)} texts, "
          f"none lost; {again} + {rung_again} came once more, with the same link and key; {Link.objects.count()} links")


def arrived(mail, texts, more: int) -> bool:
    """Wait until so many more messages have come: the worker has sent the last of them, and hardly noted it."""
    wanted, until = len(mail.letters) + len(texts.messages) + more, time.monotonic() + 5
    while len(mail.letters) + len(texts.messages) < wanted and time.monotonic() < until:
        time.sleep(0.0005)
    return len(mail.letters) + len(texts.messages) >= wanted


def born(settings) -> subprocess.Popen:
    environment = os.environ | {
        "DATABASE_URL": database_url(), "WATERNEEDLE_AUDIT_KEY_FILE": str(settings.AUDIT_KEY_FILE),
        "WATERNEEDLE_SMTP_HOST": settings.EMAIL_HOST, "WATERNEEDLE_SMTP_PORT": str(settings.EMAIL_PORT),
        "WATERNEEDLE_SMS_URL": settings.SMS_URL, "WATERNEEDLE_SMS_SECRET": settings.SMS_SECRET,
        "WATERNEEDLE_SMTP_STARTTLS": "false", "WATERNEEDLE_MAIL_FROM": "clinic@harbor.example"}
    worker = subprocess.Popen([sys.executable, str(WORKER)], env=environment, stdout=subprocess.PIPE, text=True)
    assert worker.stdout.readline() == "ready\n"
    return worker


def database_url() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["DATABASE_URL"].replace("/postgres?", f"/{name}?")


def leases_run_out() -> None:
    Job.objects.filter(ended_at=None).exclude(lease=None).update(leased_until=timezone.now())


def all_is_done() -> None:
    """Wait for the last worker, as long as it gets on."""
    ended, until = None, 0.0
    while Job.objects.filter(ended_at=None).exists():
        # What has ended, not what is left: a cause that is done leaves a message to be sent, one for one.
        now_ended = Job.objects.exclude(ended_at=None).count()
        if now_ended != ended:
            ended, until = now_ended, time.monotonic() + 60
        assert time.monotonic() < until, list(Job.objects.filter(ended_at=None).values_list("kind", "key", "attempts"))
        time.sleep(0.02)


def secret_hash(content: bytes) -> bytes:
    return hashlib.sha256(email.message_from_bytes(content).get_payload(decode=True).strip()).digest()
