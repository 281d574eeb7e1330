"""One visit: what was asked today, what was drawn up, what was injected where, what the check said, and who answers for it.

Until it is signed a visit is a draft that anybody who may write charts goes on with. The signature, or a strike, freezes the
visit and all that hangs on it in the database itself; what is said later is an amendment. Nothing is deleted: what was taken back
in the draft has `removed_at`, what was charted on the wrong patient is struck and stays readable.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.audit.frozen import freeze
from waterneedle.clinic.database.rows import AddressedRow, ClinicRow
from waterneedle.clinic.patients.models import PregnancyStatus, Side
from waterneedle.clinic.visits import models_after, models_incidents, models_kept  # noqa: F401  Django looks for rows in this file alone
from waterneedle.clinic.visits.columns import ML, MM, ONE_SITE, by_key, patient_key, visit_key
from waterneedle.clinic.web.words import named_place
from waterneedle.clinic.web.words import place as place_in_words

_PAIN = (MinValueValidator(0), MaxValueValidator(10))


class Route(models.TextChoices):
    ID = "ID", _("into the skin")
    SC = "SC", _("under the skin")
    IM = "IM", _("into muscle")
    IV = "IV", _("into a vein")
    IA = "IA", _("into a joint")
    OTHER = "other", _("somewhere else")  # which is said in words: `Injection.went_where`


ROUTES = (Route.ID, Route.SC, Route.IM)  # of this therapy: of the others it is charted that it went there, never that it is to
_ROUTES = [(one.value, one.label) for one in ROUTES]


class Skin(models.TextChoices):
    INTACT = "intact", _("intact")
    INFECTED = "infected", _("infected")
    INFLAMED = "inflamed", _("inflamed")
    BROKEN = "broken", _("broken")
    SCAR = "scar", _("scar")
    TATTOO = "tattoo", _("tattoo")
    PLAQUE = "plaque", _("plaque")
    UNKNOWN = "unknown", _("not known")


class Sensation(models.TextChoices):
    NONE = "none", pgettext_lazy("sensation", "none")
    DE_QI = "de_qi", _("de qi")
    ELECTRIC = "electric", _("electric")
    SEVERE_PAIN = "severe_pain", _("severe pain")


class Technique(models.TextChoices):
    INJECTION = "injection", _("injection")
    NEEDLE_ONLY = "needle_only", _("needle only")


class Status(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("injection", "planned")
    GIVEN = "given", pgettext_lazy("injection", "given")
    STOPPED = "stopped", pgettext_lazy("injection", "stopped")
    NOT_DONE = "not_done", pgettext_lazy("injection", "not done")


class Visit(AddressedRow):
    """One patient, one day. `happened_at` is set only where it was written down later than it happened."""

    patient = patient_key()
    practitioner = models.ForeignKey(
        "practitioners.Practitioner", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    day = models.DateField(_("day"))  # in the clinic's zone
    happened_at = models.DateTimeField(_("when it happened"), null=True, blank=True)
    why = models.CharField(_("why today"), max_length=500, blank=True)
    indication = models.CharField(_("treated for"), max_length=200, blank=True)
    pain_before = models.PositiveSmallIntegerField(_("pain before"), null=True, blank=True, validators=_PAIN)
    pain_after = models.PositiveSmallIntegerField(_("pain now"), null=True, blank=True, validators=_PAIN)
    note = models.TextField(_("note"), max_length=8000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)  # moves with every change of the draft
    is_draft = models.BooleanField(default=True, editable=False)  # till signed or struck; finds the few among all visits
    warned = models.JSONField(null=True, editable=False)  # what the check has asked on the page of the draft: `heeded.py`
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = by_key()

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(pain_before=None) | Q(pain_before__lte=10), name="visits_visit_pain_before"),
            CheckConstraint(condition=Q(pain_after=None) | Q(pain_after__lte=10), name="visits_visit_pain_after"),
        ]
        indexes = [
            Index(fields=["clinic", "patient", "-day"], name="visits_visit_patient"),
            Index(fields=["clinic", "day"], name="visits_visit_day"),
            Index(fields=["clinic", "day", "id"], condition=Q(is_draft=True), name="visits_visit_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class Step(models.TextChoices):
    """Where the patient is in the visit."""

    ARRIVED = "arrived", _("arrived")
    ROOMED = "roomed", _("in the room")
    IDENTIFIED = "identified", _("identified")
    READY = "ready", _("ready")
    OBSERVED = "observed", _("being observed")
    LEFT = "left", pgettext_lazy("visit", "left")


class VisitState(ClinicRow):
    """That a visit came to a step. The newest row counts; one that was a slip is `removed_at`, and counts nowhere."""

    visit = visit_key("states")
    step = models.CharField(max_length=12, choices=Step.choices)
    made_at = models.DateTimeField()
    made_by = by_key()
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [CheckConstraint(condition=Q(step__in=Step.values), name="visits_visitstate_step")]
        indexes = [Index(fields=["clinic", "visit", "-made_at"], name="visits_visitstate_newest")]


class Today(ClinicRow):
    """What the patient said before the first puncture. Null: not asked. The newest row of a visit counts; none is ever copied."""

    ANSWERS = (
        "identity_confirmed", "pregnancy", "pregnancy_weeks", "new_medicines", "fever_or_infection", "reacted_last",
        "reacted_how", "eaten", "lying_down")

    visit = visit_key("answers")
    identity_confirmed = models.BooleanField(_("said name and date of birth"), null=True, blank=True)
    pregnancy = models.CharField(_("pregnancy"), max_length=16, choices=PregnancyStatus.choices, blank=True)
    pregnancy_weeks = models.DecimalField(_("weeks"), max_digits=3, decimal_places=1, null=True, blank=True)
    new_medicines = models.BooleanField(_("new medicine or blood thinner"), null=True, blank=True)
    fever_or_infection = models.BooleanField(_("fever or infection"), null=True, blank=True)
    reacted_last = models.BooleanField(_("reaction to the last injection"), null=True, blank=True)
    reacted_how = models.CharField(_("what happened"), max_length=300, blank=True)
    eaten = models.BooleanField(_("has eaten"), null=True, blank=True)
    lying_down = models.BooleanField(_("is lying down"), null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = by_key()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(pregnancy="") | Q(pregnancy__in=PregnancyStatus.values), name="visits_today_pregnancy"),
            CheckConstraint(
                condition=Q(pregnancy_weeks=None) | Q(pregnancy="pregnant", pregnancy_weeks__gte=0, pregnancy_weeks__lte=45),
                name="visits_today_weeks",
            ),
            CheckConstraint(condition=Q(reacted_how="") | Q(reacted_last=True), name="visits_today_reacted"),
        ]
        indexes = [Index(fields=["clinic", "visit", "-made_at"], name="visits_today_newest")]

    @property
    def says_something(self) -> bool:
        """Not where all was taken back."""
        return any(getattr(self, name) not in (None, "") for name in self.ANSWERS)


class Syringe(AddressedRow):
    """What was drawn up for one patient. It enters no vial again; what no injection took is wasted when the visit is signed.

    One that was put down unused is `removed_at`: it was drawn up and is `wasted` too, or it never was.
    """

    visit = visit_key("syringes")
    patient = patient_key()
    code = models.CharField(_("label"), max_length=12)
    route = models.CharField(_("route"), max_length=2, choices=_ROUTES, blank=True)
    gauge = models.PositiveSmallIntegerField(_("gauge"), null=True, blank=True)
    length_mm = models.DecimalField(_("needle length"), null=True, blank=True, **MM)
    drawn_at = models.DateTimeField()
    drawn_by = by_key()
    discard_at = models.DateTimeField()  # not to be used after
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    wasted = models.BooleanField(default=False, editable=False)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "visit", "code"], name="visits_syringe_code"),
            CheckConstraint(condition=Q(route="") | Q(route__in=ROUTES), name="visits_syringe_route"),
            CheckConstraint(condition=Q(gauge=None) | Q(gauge__gte=14, gauge__lte=36), name="visits_syringe_gauge"),
            CheckConstraint(condition=Q(length_mm=None) | Q(length_mm__gt=0, length_mm__lte=150), name="visits_syringe_length"),
            CheckConstraint(condition=Q(discard_at__gt=F("drawn_at")), name="visits_syringe_span"),
            CheckConstraint(condition=Q(wasted=False) | Q(removed_at__isnull=False), name="visits_syringe_wasted"),
        ]

    def __str__(self) -> str:
        return self.code

    @cached_property
    def contents(self) -> list[Fill]:
        """The fluids in it, each with its vial, lot and item. Read once; what reads many syringes has put it there."""
        return list(self.fills.filter(clinic_id=self.clinic_id).select_related("vial__lot__item").order_by("pk"))


class Purpose(models.TextChoices):
    """What a fluid is for; some places allow a local anaesthetic only against the pain of the injection itself."""

    TREATMENT = "treatment", _("to treat")
    COMFORT = "comfort", _("only against the pain of the injection")


class Fill(ClinicRow):
    """One fluid in a syringe, and the vial it came from."""

    syringe = models.ForeignKey(Syringe, on_delete=models.PROTECT, related_name="fills", db_index=False)
    vial = models.ForeignKey("stock.Vial", on_delete=models.PROTECT, related_name="+", db_index=False)
    volume_ml = models.DecimalField(_("drawn up"), **ML)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(purpose="") | Q(purpose__in=Purpose.values), name="visits_fill_purpose"),
            UniqueConstraint(fields=["clinic", "syringe", "vial"], name="visits_fill_once"),
            CheckConstraint(condition=Q(volume_ml__gt=0), name="visits_fill_volume"),
        ]
        indexes = [Index(fields=["clinic", "vial"], name="visits_fill_vial")]  # a recall begins at the vial


class Injection(AddressedRow):
    """One puncture at a point, in a muscle or in a region: planned, given, stopped or not done.

    `nudge` is how far from the point of the atlas it was put, in mm on the patient's body, where that was shown.
    """

    visit = visit_key("injections")
    patient = patient_key()
    seq = models.PositiveSmallIntegerField()  # in the order of charting
    syringe = models.ForeignKey(
        Syringe, null=True, blank=True, on_delete=models.PROTECT, related_name="injections", db_index=False
    )
    point = models.CharField(_("point"), max_length=12, blank=True)
    muscle = models.CharField(_("muscle"), max_length=80, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    side = models.CharField(_("side"), max_length=10, choices=Side.choices, blank=True)
    level = models.CharField(_("level"), max_length=20, blank=True)
    skin = models.CharField(_("skin"), max_length=10, choices=Skin.choices, blank=True)
    technique = models.CharField(_("technique"), max_length=12, choices=Technique.choices, default=Technique.INJECTION)
    route = models.CharField(_("route"), max_length=5, choices=Route.choices, blank=True)
    went_where = models.CharField(_("where the fluid went"), max_length=120, blank=True)  # of the route that has no name alone
    volume_ml = models.DecimalField(_("volume"), null=True, blank=True, **ML)
    gauge = models.PositiveSmallIntegerField(_("gauge"), null=True, blank=True)
    length_mm = models.DecimalField(_("needle length"), null=True, blank=True, **MM)
    depth_mm = models.DecimalField(_("depth"), null=True, blank=True, **MM)
    depth_max_mm = models.DecimalField(_("greatest depth"), null=True, blank=True, **MM)
    angle_deg = models.PositiveSmallIntegerField(_("angle"), null=True, blank=True, validators=[MaxValueValidator(90)])
    direction = models.CharField(_("direction"), max_length=80, blank=True)
    aspirated_blood = models.BooleanField(_("blood on aspiration"), null=True, blank=True)
    sensation = models.CharField(_("sensation"), max_length=12, choices=Sensation.choices, blank=True)
    reaction = models.CharField(_("reaction"), max_length=300, blank=True)
    nudge = models.JSONField(null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    status_why = models.CharField(_("why"), max_length=300, blank=True)
    given_at = models.DateTimeField(null=True, blank=True, editable=False)  # when the needle went in
    charted_at = models.DateTimeField(null=True, blank=True, editable=False)  # when that was said, where it was said afterwards
    blocked = models.BooleanField(default=False, editable=False)  # given although the check said no
    made_at = models.DateTimeField()
    made_by = by_key()
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    before: Any = None  # how it was marked before, for who has just marked it: `slips.py`

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            UniqueConstraint(fields=["clinic", "visit", "seq"], name="visits_injection_seq"),
            CheckConstraint(condition=ONE_SITE, name="visits_injection_site"),
            CheckConstraint(condition=Q(side="") | Q(side__in=("left", "right", "midline")), name="visits_injection_side"),
            CheckConstraint(condition=Q(skin="") | Q(skin__in=Skin.values), name="visits_injection_skin"),
            CheckConstraint(condition=Q(route="") | Q(route__in=Route.values), name="visits_injection_route"),
            CheckConstraint(
                condition=(Q(route=Route.OTHER) & ~Q(went_where="")) | (~Q(route=Route.OTHER) & Q(went_where="")),
                name="visits_injection_went_where",
            ),
            CheckConstraint(condition=Q(sensation="") | Q(sensation__in=Sensation.values), name="visits_injection_sensation"),
            CheckConstraint(condition=Q(status__in=Status.values), name="visits_injection_status"),
            CheckConstraint(
                condition=Q(technique="injection", syringe__isnull=False)
                | Q(technique="needle_only", syringe=None, volume_ml=None),
                name="visits_injection_technique",
            ),
            CheckConstraint(condition=Q(volume_ml=None) | Q(volume_ml__gt=0, volume_ml__lte=60), name="visits_injection_volume"),
            CheckConstraint(condition=Q(gauge=None) | Q(gauge__gte=14, gauge__lte=36), name="visits_injection_gauge"),
            CheckConstraint(
                condition=Q(length_mm=None) | Q(length_mm__gt=0, length_mm__lte=150), name="visits_injection_length"
            ),
            CheckConstraint(condition=Q(depth_mm=None) | Q(depth_mm__gte=0, depth_mm__lte=150), name="visits_injection_depth"),
            CheckConstraint(condition=Q(angle_deg=None) | Q(angle_deg__lte=90), name="visits_injection_angle"),
            # The needle went in, or it did not; and what went in is not taken back.
            CheckConstraint(
                condition=Q(status__in=("given", "stopped"), given_at__isnull=False, removed_at=None)
                | Q(status__in=("planned", "not_done"), given_at=None),
                name="visits_injection_given",
            ),
            CheckConstraint(
                condition=Q(status__in=("planned", "given")) | ~Q(status_why=""), name="visits_injection_why"
            ),
        ]
        indexes = [
            Index(fields=["clinic", "patient", "point"], name="visits_injection_patient"),
            Index(fields=["clinic", "patient", "reaction"], name="visits_injection_reaction"),
            Index(fields=["clinic", "syringe"], name="visits_injection_syringe"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.get_side_display()}".strip()

    @property
    def site(self) -> str:
        return self.point or self.muscle or self.region

    @property
    def place(self) -> str:
        """`site` in words: the code of a point, the name of a muscle or a region in the reader's language."""
        return named_place(self.site)

    @property
    def route_in_short(self) -> str:
        """The letters of the route; of one that has none where the fluid went."""
        return _("elsewhere: %(where)s") % {"where": self.went_where} if self.went_where else self.route

    @property
    def named(self) -> str:
        """Place and side as a person is told of them: a point by its three names, as the list of the page has it."""
        return f"{place_in_words(self.site)} {self.get_side_display()}".strip()

    @property
    def is_in(self) -> bool:
        """Whether the needle went in."""
        return self.status in (Status.GIVEN, Status.STOPPED)


class Reason(AddressedRow):
    """A warning of the check that was answered. It stays a warning, with the answer beside it.

    With `review_on` the answer is about a standing fact of the patient: later visits show it until that day and do not ask again.
    It covers what was `shown` when it was given (`shown.py`); None in rows from before that was kept: all of its rule.
    """

    visit = visit_key("reasons")
    patient = patient_key()
    rule = models.CharField(max_length=60)
    note = models.CharField(_("reason"), max_length=500)
    review_on = models.DateField(_("ask again on"), null=True, blank=True)
    shown = models.JSONField(null=True, editable=False)
    made_at = models.DateTimeField()
    made_by = by_key()
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=~Q(note=""), name="visits_reason_note"),
        ]
        indexes = [
            Index(fields=["clinic", "visit"], name="visits_reason_visit"),
            Index(fields=["clinic", "patient", "review_on"], name="visits_reason_standing"),
        ]


class ProofMethod(models.TextChoices):
    PASSWORD = "password", _("password")
    CODE = "code", _("code of an app")
    PASSKEY = "passkey", _("passkey")


class Proof(AddressedRow):
    """That a person has just proved to be themself, for one visit: good for two minutes and one signature."""

    visit = visit_key("proofs")
    user = by_key()
    session = models.CharField(max_length=64)  # SHA-256 of the session's key, in hexadecimal
    method = models.CharField(max_length=10, choices=ProofMethod.choices)
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=Q(method__in=ProofMethod.values), name="visits_proof_method"),
        ]


class Signature(ClinicRow):
    """The signature of a visit: the canonical document as it was signed, its hash, and who answers for it.

    `signed_name` is kept beside the document, which holds no name. `stood` lists the rules of the check that stood when it was
    signed: `asked` (answered in this visit), `kept` (answered before), `against` (a block); the document has them at length.
    """

    visit = visit_key("signatures")
    document = models.TextField(editable=False)
    stood = models.JSONField(default=dict, editable=False)
    hash = models.CharField(max_length=64, editable=False)  # SHA-256 in hexadecimal
    proof = models.ForeignKey(Proof, on_delete=models.PROTECT, related_name="+", db_index=False)
    deviation_why = models.CharField(max_length=500, blank=True)
    supervisor = models.ForeignKey(  # who answered for the student who signs, on that day
        "practitioners.Practitioner", null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    signed_name = models.CharField(max_length=160)
    signed_at = models.DateTimeField()
    signed_by = by_key()

    class Meta:
        constraints = [UniqueConstraint(fields=["clinic", "visit"], name="visits_signature_once")]
        indexes = [
            Index(fields=["clinic", "signed_at"], name="visits_signature_day"),
            Index(fields=["clinic", "signed_at", "id"], condition=Q(supervisor__isnull=False), name="visits_signature_student"),
        ]

    @property
    def is_deviation(self) -> bool:
        return bool(self.deviation_why)


class Countersignature(ClinicRow):
    """That who answers for a student stands for what the student signed: a document with the hash of what it is about."""

    visit = visit_key("countersignatures")
    document = models.TextField(editable=False)
    hash = models.CharField(max_length=64, editable=False)  # SHA-256 in hexadecimal
    proof = models.ForeignKey(Proof, on_delete=models.PROTECT, related_name="+", db_index=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    signed_name = models.CharField(max_length=160)
    signed_at = models.DateTimeField()
    signed_by = by_key()

    class Meta:
        constraints = [UniqueConstraint(fields=["clinic", "visit"], name="visits_countersignature_once")]


class Refusal(AddressedRow):
    """That who answers for a student does not stand for what the student signed, and why: a document as the countersignature is.

    It is open until the student answers it with an amendment, which asks again; one of a visit is open at a time.
    """

    visit = visit_key("refusals")
    document = models.TextField(editable=False)
    hash = models.CharField(max_length=64, editable=False)  # SHA-256 in hexadecimal
    proof = models.ForeignKey(Proof, on_delete=models.PROTECT, related_name="+", db_index=False)
    why = models.CharField(_("why"), max_length=500)
    signed_name = models.CharField(max_length=160)
    signed_at = models.DateTimeField()
    signed_by = by_key()

    class Meta(AddressedRow.Meta):
        constraints = [*AddressedRow.Meta.constraints, CheckConstraint(condition=~Q(why=""), name="visits_refusal_why")]
        indexes = [Index(fields=["clinic", "visit"], name="visits_refusal_visit")]


class Amendment(AddressedRow):
    """What was added to a signed visit, in the words of who adds it."""

    visit = visit_key("amendments")
    answers = models.ForeignKey(  # the refusal that the student mends with it
        Refusal, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="answers", db_index=False
    )
    text = models.TextField(_("amendment"), max_length=4000)
    hash = models.CharField(max_length=64, editable=False)  # of the visit's hash and the text, in hexadecimal
    signed_name = models.CharField(max_length=160)
    made_at = models.DateTimeField()
    made_by = by_key()

    class Meta(AddressedRow.Meta):
        constraints = [
            *AddressedRow.Meta.constraints,
            CheckConstraint(condition=~Q(text=""), name="visits_amendment_text"),
            UniqueConstraint(
                fields=["clinic", "answers"], condition=Q(answers__isnull=False), name="visits_amendment_answers"
            ),
        ]
        indexes = [Index(fields=["clinic", "visit"], name="visits_amendment_visit")]


class Strike(ClinicRow):
    """That a visit, signed or a draft, stands on the wrong patient. Two people say so; the auditor still reads it, its stock is
    entered back."""

    visit = visit_key("strikes")
    why = models.CharField(_("why"), max_length=300)
    asked_at = models.DateTimeField()
    asked_by = by_key()
    struck_at = models.DateTimeField(null=True, blank=True, editable=False)
    struck_by = by_key(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic", "visit"], name="visits_strike_once"),
            CheckConstraint(condition=~Q(why=""), name="visits_strike_why"),
            CheckConstraint(condition=Q(struck_by=None) | ~Q(struck_by=F("asked_by")), name="visits_strike_two"),
            CheckConstraint(
                condition=Q(struck_at=None, struck_by=None) | Q(struck_at__isnull=False, struck_by__isnull=False),
                name="visits_strike_whole",
            ),
        ]


class Became(models.TextChoices):
    """What became of what was in a syringe of a struck visit."""

    ANEW = "anew", _("entered anew, with the right patient")
    GONE = "gone", _("gone: given or thrown away, and entered nowhere else")
    NEVER = "never", _("never drawn up")


class StruckSyringe(ClinicRow):
    """A syringe of a visit that was struck, from the strike on: the shelf has less by what was in it, and somebody says why.

    `anew` is the syringe that the same fluid was entered as in the visit of the right patient; its book is written there.
    """

    syringe = models.ForeignKey(Syringe, on_delete=models.PROTECT, related_name="struck", db_index=False)
    became = models.CharField(_("what became of it"), max_length=8, choices=Became.choices, blank=True)
    anew = models.ForeignKey(Syringe, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    made_by = by_key(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["clinic", "syringe"], name="visits_strucksyringe_once"),
            UniqueConstraint(fields=["clinic", "anew"], name="visits_strucksyringe_anew"),
            CheckConstraint(condition=Q(became="") | Q(became__in=Became.values), name="visits_strucksyringe_became"),
            CheckConstraint(
                condition=Q(became="anew", anew__isnull=False) | (~Q(became="anew") & Q(anew=None)),
                name="visits_strucksyringe_where",
            ),
            CheckConstraint(
                condition=Q(became="", answered_at=None) | (~Q(became="") & Q(answered_at__isnull=False)),
                name="visits_strucksyringe_said",
            ),
        ]
        indexes = [Index(fields=["clinic", "id"], condition=Q(became=""), name="visits_strucksyringe_open")]


class Fragment(ClinicRow):
    """A signed visit as the chart shows it in one language, kept so that it is drawn once. A cache: the table may be emptied.

    `key` stands for all that it was drawn from and may change: amendments, refusals, strike, zone, template, words (`past.py`).
    """

    visit = visit_key("fragments")
    language = models.CharField(max_length=10)
    key = models.CharField(max_length=64)
    html = models.TextField()

    class Meta:
        constraints = [UniqueConstraint(fields=["clinic", "visit", "language"], name="visits_fragment_once")]


def total_ml(fills: list[Fill]) -> Decimal:
    """What a syringe holds in all. Summed here: SQLite would sum binary fractions."""
    return sum((one.volume_ml for one in fills), Decimal(0))


def _struck(visit: str) -> str:
    # By way of the visit, for the clinic leads the index: else every row would be gone through at every write.
    return (
        "EXISTS (SELECT 1 FROM visits_visit v JOIN visits_strike k ON k.clinic_id = v.clinic_id AND k.visit_id = v.id "
        f"WHERE v.id = {visit} AND k.struck_at IS NOT NULL)"
    )


def _closed(visit: str) -> str:
    """Signed, or struck, which a draft may be too."""
    return (
        "EXISTS (SELECT 1 FROM visits_visit v JOIN visits_signature s ON s.clinic_id = v.clinic_id AND s.visit_id = v.id "
        f"WHERE v.id = {visit}) OR {_struck(visit)}"
    )


_REFUSED = (  # and not asked again since
    "EXISTS (SELECT 1 FROM visits_refusal r WHERE r.clinic_id = NEW.clinic_id AND r.visit_id = NEW.visit_id AND NOT EXISTS "
    "(SELECT 1 FROM visits_amendment a WHERE a.clinic_id = r.clinic_id AND a.answers_id = r.id))"
)


def _frozen_when_closed(*rows: Any) -> None:
    for model in rows:
        freeze(model, when=_closed("OLD.visit_id"), closed=_closed("NEW.visit_id"))


freeze(Visit, when=_closed("OLD.id"))
_frozen_when_closed(Today, Syringe, Injection, Reason)
_OF_SYRINGE = "(SELECT y.visit_id FROM visits_syringe y WHERE y.id = {0}.syringe_id)"
freeze(Fill, when=_closed(_OF_SYRINGE.format("OLD")), closed=_closed(_OF_SYRINGE.format("NEW")))
freeze(Signature, closed=_struck("NEW.visit_id"))
freeze(Countersignature, closed=_REFUSED)
freeze(
    Refusal,
    closed=f"{_REFUSED} OR {_struck('NEW.visit_id')} OR EXISTS (SELECT 1 FROM visits_countersignature c "
    "WHERE c.clinic_id = NEW.clinic_id AND c.visit_id = NEW.visit_id)")
freeze(
    Amendment,
    closed=f"{_struck('NEW.visit_id')} OR (NEW.answers_id IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM visits_refusal r WHERE r.id = NEW.answers_id AND r.visit_id = NEW.visit_id))")
freeze(
    VisitState,
    when="OLD.removed_at IS NOT NULL OR NEW.clinic_id <> OLD.clinic_id OR NEW.visit_id <> OLD.visit_id OR NEW.step <> OLD.step "
    f"OR NEW.made_at <> OLD.made_at OR NEW.made_by_id <> OLD.made_by_id OR {_closed('OLD.visit_id')}", kept=True)
freeze(Proof, when="OLD.used_at IS NOT NULL")
freeze(Strike, when="OLD.struck_at IS NOT NULL")
freeze(
    StruckSyringe, when="OLD.became <> '' OR NEW.syringe_id <> OLD.syringe_id OR NEW.clinic_id <> OLD.clinic_id", kept=True)
