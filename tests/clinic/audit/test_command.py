"""`waterneedle audit`: says whether the trail is whole, with its exit status too."""
from __future__ import annotations

import json
import random

import pytest
from click.testing import CliRunner

from clinic.audit.tampering import tamper, undone
from clinic.audit.test_verify import write_trail
from waterneedle.cli import main
from waterneedle.clinic.audit import heads, keys
from waterneedle.clinic.audit.models import Entry, SignedHeads

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def trail(db, settings, tmp_path, clinic):
    settings.AUDIT_HEADS_FOLDER = str(tmp_path / "heads")
    write_trail(random.Random(3), patients=2, rows=10)


def run(*arguments, status=0):
    result = CliRunner().invoke(main, ["audit", *arguments])
    assert result.exit_code == status, result.output
    return result.stdout


def test_a_whole_trail_is_said_to_be_whole():
    assert run("verify").startswith("The trail is whole")


def test_the_first_bad_row_of_a_chain_is_named():
    with undone():
        chain, seq = tamper("edit", random.Random(1))
        found = json.loads(run("verify", "--json", status=1))

    assert found["trail"]["bad"] == [{"chain": chain, "seq": seq, "reason": "altered"}]


def test_heads_are_signed_into_the_second_place_and_checked_there(settings, clinic):
    assert run("sign").split() == ["heads-installation-000001.json", f"heads-clinic-{clinic.id}-000001.json"]

    found = json.loads(run("verify", "--json", "--heads", settings.AUDIT_HEADS_FOLDER, "--public-key", run("public-key").strip()))
    assert (found["trail"]["ok"], found["documents"], found["broken_documents"]) == (True, 2, [])


def test_a_document_that_was_changed_is_named(settings, tmp_path):
    name = run("sign").split()[0]
    file = tmp_path / "heads" / name
    file.write_text(file.read_text().replace('"number":1', '"number":2'))

    found = json.loads(run("verify", "--json", "--heads", settings.AUDIT_HEADS_FOLDER, status=1))
    assert found["broken_documents"] == [{"file": name, "reason": "the signature does not fit"}]


def test_a_document_that_is_gone_is_missed(settings, tmp_path):
    name = run("sign").split()[0]
    run("sign")
    (tmp_path / "heads" / name).unlink()

    found = json.loads(run("verify", "--json", "--heads", settings.AUDIT_HEADS_FOLDER, status=1))
    assert found["broken_documents"] == [
        {"file": "heads-installation-000002.json", "reason": "it does not follow the document before it"}]


def test_sending_twice_is_sending_once_and_nothing_is_written_over(tmp_path):
    name = run("sign").split()[0]
    signed = SignedHeads.objects.get(scope="installation", number=1)
    heads.send(signed, "folder")
    (tmp_path / "heads" / name).write_text("something else")
    with pytest.raises(FileExistsError):
        heads.send(signed, "folder")


def test_a_new_key_is_put_to_use_and_written_down(settings, tmp_path):
    settings.AUDIT_KEY_FILE = tmp_path / "keys.json"
    assert run("rotate-key", status=2) == ""
    keys.ready()
    assert run("rotate-key") == "key 2 is in use\n"
    assert [one.detail for one in Entry.objects.filter(kind="key")] == ['{"key_id":2}']
