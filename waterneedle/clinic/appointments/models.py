"""Who comes when, to whom and where: services, hours, closures, rooms, bookings with what became of them, and the waiting list.

A booking that stands keeps its practitioner and its room from every other one that stands; the database sees to that
(`overlaps.py`). What became of a booking is a row of its own; `stands` and `state` of the booking follow the newest.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow, ClinicRow
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.practitioners.models import Practitioner


def _by(**more: Any) -> models.ForeignKey:
    """The person who entered a row; None: the patient, by a link or on the public page."""
    return _of(settings.AUTH_USER_MODEL, null=True, blank=True, **more)


def _of(model: Any, **more: Any) -> models.ForeignKey:
    """A reference whose index begins with the clinic, as that of each row does."""
    return models.ForeignKey(model, on_delete=models.PROTECT, **({"related_name": "+", "db_index": False} | more))


class Kind(models.TextChoices):
    """What a patient comes for: the first visit until one was signed, later ones after it; or what is sold beside a visit."""

    FIRST = "first", pgettext_lazy("service", "first visit")
    LATER = "later", pgettext_lazy("service", "later visit")
    BESIDE = "beside", pgettext_lazy("service", "sold beside a visit")


LENGTHS = {Kind.FIRST: 60, Kind.LATER: 30}  # minutes, until the clinic says otherwise


class Service(AddressedRow):
    """What is offered, how long it takes, and what it costs. One of each kind of visit is in force; a change is a new row."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=120, blank=True)  # empty: by its kind
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), null=True, blank=True, validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    price = models.DecimalField(
        _("price"), max_digits=10, decimal_places=3, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(
                fields=["clinic", "kind"],
                condition=Q(ended_at=None, kind__in=["first", "later"]),
                name="appointments_service_one",
            ),
            CheckConstraint(condition=Q(kind__in=Kind.values), name="appointments_service_kind"),
            CheckConstraint(
                condition=Q(kind="beside", minutes=None) | (~Q(kind="beside") & Q(minutes__gte=5, minutes__lte=480)),
                name="appointments_service_minutes",
            ),
            CheckConstraint(condition=Q(price=None) | Q(price__gte=0), name="appointments_service_price"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())


class Online(models.TextChoices):
    """What the public page lets a visitor do."""

    CLOSED = "closed", _("nothing: the page is closed")
    VIEW = "view", _("see free times, and call")
    REQUEST = "request", _("ask for a time; the clinic confirms it")
    BOOK = "book", _("book a time")


class Policy(ClinicRow):
    """How this clinic books. One row; it is also the row that writers of bookings queue at."""

    online = models.CharField(_("the public page lets visitors"), max_length=10, choices=Online.choices, default=Online.CLOSED)
    buffer_min = models.PositiveSmallIntegerField(
        _("minutes kept free after each visit"), default=0, validators=[MaxValueValidator(120)]
    )
    step_min = models.PositiveSmallIntegerField(
        _("a visit may begin every so many minutes"), default=15, validators=[MinValueValidator(5), MaxValueValidator(120)]
    )
    notice_hours = models.PositiveSmallIntegerField(
        _("hours that a visitor books ahead at least"), default=12, validators=[MaxValueValidator(720)]
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("days that a visitor books ahead at most"), default=60, validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    most_open = models.PositiveSmallIntegerField(
        _("coming visits that one patient may book"), default=3, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    change_hours = models.PositiveSmallIntegerField(
        _("hours before a visit until which a patient may move or cancel it"), default=24, validators=[MaxValueValidator(336)]
    )
    remind_hours = models.PositiveSmallIntegerField(
        _("hours before a visit that the patient is reminded; 0 for never"), default=24, validators=[MaxValueValidator(336)]
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours that a freed time is kept for who waits"), default=4, validators=[MinValueValidator(1), MaxValueValidator(72)]
    )
    phone = models.CharField(
        _("telephone of the clinic"), max_length=40, blank=True, help_text=_("Shown to patients wherever they are asked to call.")
    )
    send_forms = models.BooleanField(_("send the forms that are due with a booking"), default=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("ISO 4217 code, such as USD"))
    currency_places = models.PositiveSmallIntegerField(
        _("decimal places of an amount"), default=2, validators=[MaxValueValidator(3)]
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic"], name="appointments_policy_one"),
            CheckConstraint(condition=Q(online__in=Online.values), name="appointments_policy_online"),
            CheckConstraint(condition=Q(step_min__gte=5), name="appointments_policy_step"),
            CheckConstraint(condition=Q(currency_places__lte=3), name="appointments_policy_places"),
        ]

    def __str__(self) -> str:
        return str(self.get_online_display())


class Room(AddressedRow):
    """A room of the clinic in which one patient at a time is treated."""

    name = models.CharField(pgettext_lazy("thing", "name"), max_length=60)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "name"], condition=Q(ended_at=None), name="appointments_room_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Hours(ClinicRow):
    """A span of one weekday, by the clinic's clock, in which a practitioner treats. What lies between two spans is a break."""

    practitioner = _of(Practitioner)
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    begins = models.TimeField()
    ends = models.TimeField()  # 00:00 is the midnight that ends the day
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(weekday__lte=6), name="appointments_hours_weekday"),
            CheckConstraint(condition=Q(ends="00:00") | Q(ends__gt=F("begins")), name="appointments_hours_span"),
        ]
        indexes = [Index(fields=["clinic", "practitioner"], name="appointments_hours_of")]

    def __str__(self) -> str:
        return f"{self.weekday} {self.begins:%H:%M}–{self.ends:%H:%M}"


class Closure(AddressedRow):
    """A time in which one practitioner, or the whole clinic (None), treats nobody: a holiday, an absence."""

    practitioner = _of(Practitioner, null=True, blank=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    why = models.CharField(_("why"), max_length=120, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)  # taken back

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="appointments_closure_span"),
        ]
        indexes = [Index(fields=["clinic", "ends_at"], name="appointments_closure_when")]

    def __str__(self) -> str:
        return self.why


class State(models.TextChoices):
    OFFERED = "offered", pgettext_lazy("booking", "offered")  # to somebody on the waiting list, until it expires
    REQUESTED = "requested", pgettext_lazy("booking", "asked for")
    BOOKED = "booked", pgettext_lazy("booking", "booked")
    LATE = "late", pgettext_lazy("booking", "late")
    ARRIVED = "arrived", pgettext_lazy("booking", "arrived")
    LEFT = "left", pgettext_lazy("booking", "left")
    NO_SHOW = "no-show", pgettext_lazy("booking", "did not come")
    CANCELLED = "cancelled", pgettext_lazy("booking", "cancelled")
    RESCHEDULED = "rescheduled", pgettext_lazy("booking", "moved")


GONE = (State.CANCELLED, State.RESCHEDULED)  # the time is free again
ELSEWHERE = (State.NO_SHOW, State.LEFT, *GONE)  # the patient is not there: they may be with somebody else
COMING = (State.OFFERED, State.REQUESTED, State.BOOKED, State.LATE)

# What may follow what; nothing else is written.
NEXT: dict[str, tuple[State, ...]] = {
    "": (State.OFFERED, State.REQUESTED, State.BOOKED),
    State.OFFERED: (State.BOOKED, State.CANCELLED),
    State.REQUESTED: (State.BOOKED, State.CANCELLED, State.RESCHEDULED),
    State.BOOKED: (State.LATE, State.ARRIVED, State.NO_SHOW, State.CANCELLED, State.RESCHEDULED),
    State.LATE: (State.BOOKED, State.ARRIVED, State.NO_SHOW, State.CANCELLED, State.RESCHEDULED),
    State.ARRIVED: (State.LEFT, State.BOOKED),
    State.NO_SHOW: (State.BOOKED, State.LATE, State.ARRIVED),
    State.LEFT: (State.ARRIVED,),
}


class Way(models.TextChoices):
    DESK = "desk", _("by the clinic")
    PAGE = "page", _("on the public page")
    LINK = "link", _("by a link")
    WAITING = "waiting", _("from the waiting list")


class Booking(AddressedRow):
    """One patient with one practitioner at one time. `until` is the end with the minutes that are kept free after it."""

    patient = _of(Patient)
    practitioner = _of(Practitioner)
    room = _of(Room, null=True, blank=True)
    service = _of(Service)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    until = models.DateTimeField()
    way = models.CharField(max_length=10, choices=Way.choices)
    state = models.CharField(max_length=12, choices=State.choices)
    stands = models.BooleanField(default=True)
    moved_from = _of("self", null=True, blank=True)
    waiting = _of("Waiting", null=True, blank=True)
    visit_uid = models.UUIDField(null=True, blank=True)  # of the visit that the arrival began or joined
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(ends_at__gt=F("starts_at"), until__gte=F("ends_at")), name="appointments_booking_span"),
            CheckConstraint(condition=Q(state__in=State.values), name="appointments_booking_state"),
            CheckConstraint(
                condition=Q(stands=True) & ~Q(state__in=GONE) | Q(stands=False, state__in=GONE),
                name="appointments_booking_stands",
            ),
            UniqueConstraint(
                fields=["clinic", "moved_from"], condition=Q(moved_from__isnull=False), name="appointments_booking_moved"
            ),
        ]
        indexes = [
            Index(fields=["clinic", "starts_at"], name="appointments_booking_when"),
            Index(fields=["clinic", "practitioner", "starts_at"], condition=Q(stands=True), name="appointments_booking_who"),
            Index(fields=["clinic", "room", "starts_at"], condition=Q(stands=True), name="appointments_booking_room"),
            Index(fields=["clinic", "patient", "starts_at"], name="appointments_booking_of"),
            Index(fields=["clinic", "visit_uid"], condition=Q(visit_uid__isnull=False), name="appointments_booking_visit"),
            Index(fields=["clinic", "waiting"], condition=Q(waiting__isnull=False), name="appointments_booking_waited"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


EXPIRED = "expired"  # why the program itself takes an offer back


class BookingState(ClinicRow):
    """What became of a booking, and who said so. Never changed; the newest counts."""

    booking = _of(Booking, related_name="states")
    state = models.CharField(max_length=12, choices=State.choices)
    why = models.CharField(_("why"), max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta:
        constraints = [CheckConstraint(condition=Q(state__in=State.values), name="appointments_bookingstate_state")]
        indexes = [Index(fields=["clinic", "booking", "made_at"], name="appointments_state_of")]

    def __str__(self) -> str:
        return self.state

    @property
    def why_in_words(self) -> str:
        """The reason as it was typed, or in the reader's language where the program gave it."""
        return gettext("the offer was not taken in time") if self.why == EXPIRED and self.made_by_id is None else self.why


class Part(models.TextChoices):
    ANY = "", _("any time of day")
    MORNING = "morning", _("before noon")
    AFTERNOON = "afternoon", _("after noon")


class Waiting(AddressedRow):
    """Somebody who takes a time that is freed: between two days, with one practitioner or with any. First come, first offered."""

    patient = _of(Patient)
    practitioner = _of(Practitioner, null=True, blank=True)
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"))
    part = models.CharField(_("time of day"), max_length=10, choices=Part.choices, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="appointments_waiting_span"),
            CheckConstraint(condition=Q(part__in=Part.values), name="appointments_waiting_part"),
        ]
        indexes = [Index(fields=["clinic", "made_at"], condition=Q(ended_at=None), name="appointments_waiting_open")]

    def __str__(self) -> str:
        return f"{self.first_day}–{self.last_day}"


class Asked(AddressedRow):
    """What a visitor of the public page asked for. It becomes a booking when the letter to the address is opened; until then
    it holds no time, and nothing says whether the visitor is a patient."""

    said = models.TextField()  # JSON: names, date of birth, address, telephone, language, who writes
    kind = models.CharField(max_length=10, choices=Kind.choices)
    practitioner = _of(Practitioner, null=True, blank=True)
    starts_at = models.DateTimeField()
    hash = models.BinaryField(max_length=32)  # SHA-256 of the secret in the letter
    source = models.CharField(max_length=64)  # a keyed hash of where it came from: so many an hour, and no more
    to = models.CharField(max_length=64)  # a keyed hash of the address: so many letters a day
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, editable=False)
    wrong_answers = models.PositiveSmallIntegerField(default=0, editable=False)  # at the door of the letter's link
    booking = _of(Booking, null=True, blank=True)

    ACROSS_CLINICS = frozenset({"hash"})  # the link in the letter names no clinic

    class Meta(AddressedRow.Meta):
        constraints = [*AddressedRow.Meta.constraints, UniqueConstraint(fields=["hash"], name="appointments_asked_hash")]
        indexes = [
            Index(fields=["clinic", "source", "made_at"], name="appointments_asked_source"),
            Index(fields=["clinic", "to", "made_at"], name="appointments_asked_to"),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def says(self) -> dict[str, Any]:
        return msgspec.json.decode(self.said)


class WrongAnswer(ClinicRow):
    """A wrong answer at the door of a link. After some the link is closed."""

    link = _of("outbox.Link")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [Index(fields=["clinic", "link"], name="appointments_wrong_of")]

    def __str__(self) -> str:
        return str(self.link_id)


class Feed(AddressedRow):
    """The address under which a calendar program reads the times of one practitioner; only its hash is kept."""

    practitioner = _of(Practitioner)
    hash = models.BinaryField(max_length=32)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = _by()
    revoked_at = models.DateTimeField(null=True, editable=False)

    ACROSS_CLINICS = frozenset({"hash"})

    class Meta(AddressedRow.Meta):
        constraints = [*AddressedRow.Meta.constraints, UniqueConstraint(fields=["hash"], name="appointments_feed_hash")]
        indexes = [Index(fields=["clinic", "practitioner"], name="appointments_feed_of")]

    def __str__(self) -> str:
        return str(self.practitioner)


class Money(models.TextChoices):
    PAYMENT = "payment", _("payment")
    DEPOSIT = "deposit", _("deposit")
    WAIVER = "waiver", _("waiver")


class Method(models.TextChoices):
    CASH = "cash", _("cash")
    CARD = "card", _("card")
    TRANSFER = "transfer", _("bank transfer")
    OTHER = "other", _("another way")


class Receipt(AddressedRow):
    """What was paid, paid beforehand, or waived for a booking, with what it was for. Never changed; numbered without a gap."""

    booking = _of(Booking)
    patient = _of(Patient)
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=Money.choices)
    method = models.CharField(_("how it was paid"), max_length=10, choices=Method.choices, blank=True)
    lines = models.TextField()  # JSON: [name, count, price of one as text]
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    places = models.PositiveSmallIntegerField(default=2)
    why = models.CharField(_("why"), max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = _by()

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "number"], name="appointments_receipt_number"),
            CheckConstraint(condition=Q(kind__in=Money.values), name="appointments_receipt_kind"),
            CheckConstraint(condition=Q(amount__gt=0), name="appointments_receipt_amount"),
            CheckConstraint(
                condition=Q(kind="waiver", method="") & ~Q(why="") | (~Q(kind="waiver") & Q(method__in=Method.values)),
                name="appointments_receipt_method",
            ),
        ]
        indexes = [Index(fields=["clinic", "booking"], name="appointments_receipt_of")]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def says(self) -> list[list[Any]]:
        return msgspec.json.decode(self.lines)


freeze(BookingState)
freeze(Receipt)
