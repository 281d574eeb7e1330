"""The badge, read by a second implementation that has never seen the clinic: by its published keys alone, without a network."""

from __future__ import annotations

import base64
import datetime
import gzip
import io
import json

import jwt
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from joserfc import jwk, jws
from openbadgeslib.baking import ITXT_KEYWORD_OB3, bake_png
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier
from PIL import Image

from clinic.patients.people import at_work
from clinic.training.learning import certified, do_all, make_course, make_trainee, put_on
from waterneedle.clinic.training import badge, bringing, certifying, keys, on_paper, verifying
from waterneedle.clinic.training.forms import BringForm
from waterneedle.clinic.training.models import SigningKey

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.fixture
def issued(clinic, boss):
    return certified(clinic, boss)[0]


def independently(token, document):
    """What `token` says, by joserfc and the DID document alone. Raises where it does not hold."""
    kid = jws.extract_compact(token.encode()).headers()["kid"]
    (method,) = [one for one in document["verificationMethod"] if one["id"] == kid]
    assert kid in document["assertionMethod"] and kid.partition("#")[0] == document["id"]
    key = jwk.import_key(method["publicKeyJwk"], "EC")
    return json.loads(jws.deserialize_compact(token, key, algorithms=["ES256"]).payload)


def published(client, clinic):
    return json.loads(client.get(f"/issuer/{clinic.slug}/did.json").content)


def test_a_stranger_verifies_it_with_another_library_and_the_published_key(client, clinic, issued):
    said = independently(issued.badge, published(client, clinic))

    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert said["iss"] == said["issuer"]["id"] == published(client, clinic)["id"]
    assert datetime.datetime.fromisoformat(said["validUntil"]) == issued.valid_until
    assert said["exp"] == int(issued.valid_until.timestamp())


def test_it_names_its_holder_and_their_address_as_a_salted_hash_only(issued):
    said = json.loads(base64.urlsafe_b64decode(issued.badge.split(".")[1] + "=="))

    assert "tom@" not in json.dumps(said)
    assert verifying.is_of(said, name="Tom Trainee", email="tom@harbor.example")
    assert not verifying.is_of(said, name="Pavel Novak", email="tom@harbor.example")
    assert not verifying.is_of(said, name="Tom Trainee", email="pavel@harbor.example")


def test_the_picture_and_the_json_hold_the_same_badge(issued):
    now = timezone.now()

    assert verifying.token_in(on_paper.picture(issued)) == issued.badge
    assert verifying.by_file(json.dumps(badge.as_json(issued.badge)).encode(), now).is_valid
    assert verifying.by_file(issued.badge.encode(), now).is_valid


def test_every_changed_letter_of_the_signature_is_refused(client, clinic, issued):
    """Each letter, changed to its neighbour: the last one too, of which some bits mean nothing."""
    document, now = published(client, clinic), timezone.now()
    begin = issued.badge.rindex(".") + 1
    for place in range(begin, len(issued.badge)):
        altered = _with(issued.badge, place, LETTERS[(LETTERS.index(issued.badge[place].encode()) + 1) % 64])
        assert verifying.by_token(altered, now).state == "unknown", place
        if place < len(issued.badge) - 1:  # the other library overlooks the bits that mean nothing
            assert _is_refused(altered, document), place


def test_every_byte_of_the_token_the_json_and_the_picture_changed_by_one_bit_is_refused(issued):
    """Another bit from byte to byte; the soak turns all eight of each."""
    now = timezone.now()
    said = json.dumps(badge.as_json(issued.badge), separators=(",", ":"))
    whole = (issued.badge.encode(), said.encode(), on_paper.picture(issued))
    for content in whole:
        assert verifying.by_file(content, now).is_valid
        passed = [place for place in range(len(content))
                  if verifying.by_file(turned(content, place), now).state != "unknown"]
        assert not passed


def test_every_byte_changed_is_refused_where_it_is_brought_as_a_certificate_from_elsewhere(clinic, issued):
    """Neither as a badge, nor as an ordinary picture or text that somebody vouches for."""
    holder, form = issued.enrolment.practitioner, BringForm(clinic=clinic)
    small = io.BytesIO()
    Image.new("RGB", (3, 3)).save(small, "PNG")
    picture = bake_png(small.getvalue(), issued.badge, keyword=ITXT_KEYWORD_OB3)
    for content in (issued.badge.encode(), json.dumps(badge.as_json(issued.badge)).encode(), picture):
        assert bringing.of_badge(holder, content) == (f"urn:uuid:{issued.uid}", bringing.HOLDS)
        assert kept(form, content)[2] == content
        for place in range(len(content)):
            try:
                name, kind, altered = kept(form, turned(content, place))
            except ValidationError:
                continue
            with pytest.raises(certifying.NotCertified):
                bringing.of_badge(holder, altered)
                pytest.fail(f"byte {place} of {name}, taken for {kind}")


def test_a_badge_of_another_school_with_a_byte_changed_is_refused_by_the_key_in_its_header(issued):
    """But for the bytes that name that key: then there is none, and the badge counts as unchecked, as one without a key does."""
    said = json.loads(badge.json_of(issued.badge)) | {"iss": "did:web:school.example", "jti": "urn:uuid:0"}
    token = badge.encoded(said, *keys.new_pair(), "did:web:school.example#1").encode()
    holder = issued.enrolment.practitioner

    assert bringing.of_badge(holder, token) == ("urn:uuid:0", bringing.UNCHECKED)
    for place in range(len(token)):
        altered = turned(token, place)
        try:
            assert bringing.of_badge(holder, altered)[1] == bringing.UNCHECKED
        except certifying.NotCertified:
            continue
        assert "jwk" not in jwt.get_unverified_header(altered), place


def turned(content, place):
    return content[:place] + bytes([content[place] ^ (1 << place % 8)]) + content[place + 1 :]


def kept(form, content):
    """What the form hands on of a file; raises ValidationError where it refuses it."""
    form.cleaned_data = {"file": SimpleUploadedFile("badge", content)}
    return form.clean_file()


@pytest.mark.soak
def test_every_changed_bit_of_the_token_the_picture_and_the_json_is_refused(issued):
    now = timezone.now()
    said = json.dumps(badge.as_json(issued.badge), separators=(",", ":"))
    whole = (issued.badge.encode(), said.encode(), on_paper.picture(issued))
    for content in whole:
        assert verifying.by_file(content, now).is_valid
        for place in range(len(content)):
            for bit in range(8):
                altered = content[:place] + bytes([content[place] ^ (1 << bit)]) + content[place + 1 :]
                assert verifying.by_file(altered, now).state == "unknown", (place, bit)


def _part(said):
    return base64.urlsafe_b64encode(said.encode()).rstrip(b"=").decode()


DEEP = "[" * 50_000 + "]" * 50_000
HOSTILE = (
    b"", b".", b"..", b"a.b.c", b"{", b'{"id": 1}', b'{"id": {}}', b"null", verifying.PNG, verifying.PNG + b"\x00" * 40,
    DEEP.encode(), f'{{"id": {DEEP}}}'.encode(), f"{_part(DEEP)}.{_part(DEEP)}.AA".encode(), "ü".encode(), b"\xff" * 99,
    f'{_part(json.dumps({"alg": "ES256", "kid": "x#1"}))}.{_part("{}")}.AA'.encode(),
    f'{_part(json.dumps({"alg": "ES256", "kid": 7}))}.{_part("{}")}.AA'.encode(),
)


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_handed_in_to_break_the_check_is_unknown(db, content):
    assert verifying.by_file(content, timezone.now()).state == "unknown"


NOBODY = (None, 5, [], [5], {"identifier": 5}, {"identifier": ["x"]}, {"identifier": [{"identityType": []}]})


@pytest.mark.parametrize("subject", NOBODY)
def test_a_badge_that_names_nobody_is_nobodys(subject):
    assert not verifying.is_of({"credentialSubject": subject}, name="Tom Trainee", email="tom@harbor.example")


def test_a_key_that_does_not_open_signs_nothing_and_the_owner_makes_a_new_one(client, clinic, boss, settings):
    issued, _tom, ines = certified(clinic, boss)
    ann = make_trainee(clinic, boss, ines, "Ann Trainee")
    enrolment = do_all(put_on(make_course(ines, title="The next one"), ann, ines), ann, ines)
    settings.SECRET_KEY = "another key than the one that sealed it"

    with pytest.raises(certifying.NotCertified):
        certifying.certify(enrolment=enrolment, by=ines)
    assert client.get("/issuer/harbor/status.jwt").status_code == 503
    keys.rotate(clinic, boss)
    assert verifying.by_token(certifying.certify(enrolment=enrolment, by=ines).badge, timezone.now()).is_valid
    assert verifying.by_token(issued.badge, timezone.now()).is_valid


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}])
def test_no_header_talks_the_check_into_another_way_of_signing(issued, header):
    first = base64.urlsafe_b64encode(json.dumps(header | {"kid": issued.key.kid}).encode()).rstrip(b"=").decode()
    altered = ".".join((first, *issued.badge.split(".")[1:]))

    assert verifying.by_token(altered, timezone.now()).state == "unknown"


def test_a_badge_signed_by_a_key_of_ones_own_that_stands_in_its_header_is_unknown(clinic, issued):
    said = json.loads(base64.urlsafe_b64decode(issued.badge.split(".")[1] + "=="))
    forged = badge.encoded(said, *keys.new_pair(), issued.key.kid)

    assert verifying.by_token(forged, timezone.now()).state == "unknown"


def test_a_badge_that_the_clinics_key_signed_and_nobody_issued_is_unknown(issued):
    said = json.loads(base64.urlsafe_b64decode(issued.badge.split(".")[1] + "=="))
    said["credentialSubject"]["identifier"][1]["identityHash"] = "Pavel Novak"

    assert verifying.by_token(badge.token(said, issued.key), timezone.now()).state == "unknown"


def test_what_an_old_key_signed_still_verifies_after_the_keys_were_changed(client, clinic, boss, issued):
    before = published(client, clinic)["verificationMethod"][0]["id"]
    keys.rotate(clinic, boss)
    document = published(client, clinic)

    assert independently(issued.badge, document)["jti"] == f"urn:uuid:{issued.uid}"
    assert verifying.by_token(issued.badge, timezone.now()).is_valid
    assert document["verificationMethod"][0]["id"] != before and len(document["verificationMethod"]) == 2


def test_the_verifier_of_the_library_follows_the_address_to_key_and_list(client, clinic, boss, settings):
    settings.PUBLIC_URL = "https://clinic.example"
    issued = certified(clinic, boss)[0]

    def fetched(url):
        assert url.startswith("https://clinic.example/issuer/harbor/"), url
        return client.get(url.removeprefix("https://clinic.example")).content

    verifier = OB3Verifier.for_issuer_did(issued.key.did, download=fetched)
    found = verifier.verify(issued.badge, check_status=True, download=fetched)
    assert found.identifiers[1].identity_hash == "Tom Trainee" and issued.key.did == "did:web:clinic.example:issuer:harbor"

    certifying.revoke(certificate=issued, why="a mistake", by=_who(issued))
    with pytest.raises(OB3VerificationError):
        verifier.verify(issued.badge, check_status=True, download=fetched)


def test_private_halves_are_sealed_and_nowhere_published(client, clinic, issued):
    key = SigningKey.objects.get()

    assert "PRIVATE" not in key.sealed and b"PRIVATE KEY" in keys.private_pem(key).splitlines()[0]
    assert "d" not in key.public and '"d"' not in json.dumps(published(client, clinic))


def test_the_list_of_revocations_is_signed_and_says_who_is_revoked(client, clinic, issued):
    def bit():
        token = client.get(f"/issuer/{clinic.slug}/status.jwt").content.decode()
        said = independently(token, published(client, clinic))
        bits = gzip.decompress(base64.urlsafe_b64decode(said["credentialSubject"]["encodedList"][1:] + "=="))
        return bits[issued.status_index // 8] >> (7 - issued.status_index % 8) & 1

    assert bit() == 0
    certifying.revoke(certificate=issued, why="a mistake", by=_who(issued))
    assert bit() == 1


def _who(issued):
    return at_work(issued.issued_by, issued.clinic)


def _with(token, place, byte):
    said = token.encode()
    return (said[:place] + bytes([byte]) + said[place + 1 :]).decode("latin-1")


def _is_refused(token, document):
    try:
        independently(token, document)
    except Exception:
        return True
    return False
