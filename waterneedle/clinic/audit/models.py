"""The rows of the trail: chains, their entries, the signed heads, and the writes that have been done once.

No foreign key leads out of this room: what is recorded stays readable when what it is about is gone.
"""

from __future__ import annotations

from django.db import models

from waterneedle.clinic.audit.frozen import freeze


class Chain(models.Model):
    """One chain: that of a patient, of a clinic, or of the installation, with its length and last link under a seal."""

    name = models.CharField(max_length=50, unique=True)  # `patient/<uid>`, `clinic/<id>`, `installation`
    clinic_id = models.BigIntegerField(null=True)
    length = models.BigIntegerField(default=0)
    link = models.BinaryField(max_length=32)
    key_id = models.IntegerField()
    seal = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["clinic_id", "name"], name="audit_chain_clinic")]
        constraints = [models.CheckConstraint(condition=models.Q(length__gte=0), name="audit_chain_length")]

    def __str__(self) -> str:
        return f"{self.name} ({self.length})"


class Entry(models.Model):
    """One thing that somebody did or read. Written by `actions.append`, never changed."""

    pk = models.CompositePrimaryKey("chain_id", "seq")
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="entries", db_index=False)
    seq = models.BigIntegerField()
    link = models.BinaryField(max_length=32)
    key_id = models.IntegerField()

    clinic_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    offset_min = models.SmallIntegerField(default=0)  # of the clinic's clock against UTC, at that moment
    user_uid = models.UUIDField(null=True)
    user_name = models.CharField(max_length=160, blank=True)
    role = models.CharField(max_length=120, blank=True)
    on_behalf = models.CharField(max_length=160, blank=True)
    action = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    object_uid = models.CharField(max_length=80, blank=True)
    patient_uid = models.UUIDField(null=True)
    before = models.BinaryField(max_length=32, null=True)
    after = models.BinaryField(max_length=32, null=True)
    detail = models.TextField(blank=True)  # JSON; no name, no birth date, nothing of a chart
    ip = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=16, blank=True)
    request_id = models.CharField(max_length=16, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["clinic_id", "at"], name="audit_entry_at"),
            models.Index(fields=["clinic_id", "user_uid", "at"], name="audit_entry_user"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_name} {self.action} {self.kind}"


class SignedHeads(models.Model):
    """One day's document of heads, as it was signed and sent to the second place."""

    scope = models.CharField(max_length=50)  # `clinic/<id>`, or `installation`
    number = models.IntegerField()
    clinic_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    document = models.TextField()  # the text that is signed, a line of JSON
    signature = models.CharField(max_length=128)  # Ed25519, hexadecimal

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "number"], name="audit_signedheads_number")]

    def __str__(self) -> str:
        return f"{self.scope} {self.number}"


class Once(models.Model):
    """One write that was asked for under a key, and its answer: asking again gives the answer and writes nothing."""

    clinic_id = models.BigIntegerField(default=0)  # 0: no clinic; a null would be different from every other null
    key = models.CharField(max_length=80)
    asked = models.BinaryField(max_length=32)  # hash of what was asked
    answer = models.TextField(blank=True)  # JSON
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic_id", "key"], name="audit_once_key")]
        indexes = [models.Index(fields=["at"], name="audit_once_at")]

    def __str__(self) -> str:
        return self.key


freeze(Entry)
freeze(SignedHeads)
