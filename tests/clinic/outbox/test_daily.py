"""What is done every day: the heads are signed and sent to the second places, and keys of writes are forgotten."""
from __future__ import annotations

import email
from datetime import timedelta

from waterneedle.clinic.audit import heads
from waterneedle.clinic.audit.models import Once, SignedHeads
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.outbox import handlers, worker


def test_heads_are_signed_and_sent_to_a_folder_and_by_mail(clinic, mail, clock, daily, settings, tmp_path):
    settings.AUDIT_HEADS_FOLDER, settings.AUDIT_HEADS_MAIL = str(tmp_path), "notary@example.org"
    daily["audit.sign"] = handlers.DAILY["audit.sign"]
    worker.drain(clock)
    clock.forward(minutes=1)
    worker.drain(clock)
    names = ["heads-installation-000001.json", f"heads-clinic-{clinic.id}-000001.json"]
    attached = [email.message_from_bytes(content).get_payload()[1].get_filename() for _, content in mail.letters]

    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(names)
    assert sorted(attached) == sorted(names)
    assert verify(heads.promised(heads.read_database()[0])).ok


def test_the_next_day_says_only_what_has_grown(clinic, mail, clock, daily):
    daily["audit.sign"] = handlers.DAILY["audit.sign"]
    worker.drain(clock)
    clock.forward(days=1)
    worker.drain(clock)
    documents, broken = heads.read_database()

    assert (SignedHeads.objects.count(), broken) == (4, [])
    assert {document.number: len(document.heads) for document in documents if document.scope == "installation"} == {1: 1, 2: 1}


def test_a_second_place_out_of_reach_is_tried_again(clinic, mail, clock, daily, settings, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("not a folder")
    settings.AUDIT_HEADS_FOLDER = str(blocked)
    daily["audit.sign"] = handlers.DAILY["audit.sign"]
    worker.drain(clock)
    blocked.unlink()
    clock.forward(minutes=1)
    worker.drain(clock)

    assert len(list(blocked.iterdir())) == 2


def test_keys_of_writes_are_forgotten_after_a_week(db, mail, clock, daily):
    for days in (1, 8):
        Once.objects.create(key=str(days), asked=b"", at=clock.now - timedelta(days=days))
    daily["audit.forget"] = handlers.DAILY["audit.forget"]
    worker.drain(clock)

    assert [one.key for one in Once.objects.all()] == ["1"]
