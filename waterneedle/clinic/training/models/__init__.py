"""What the room keeps: courses, those who learn on them, and the certificates that came of it."""
from waterneedle.clinic.training.models.certificate import (
    ContinuingHours,
    Evidence,
    IssuedCertificate,
    Reminder,
    SigningKey,
)
from waterneedle.clinic.training.models.course import Course, HourClass, Module, OwnQuestion, Skill, SkillKind
from waterneedle.clinic.training.models.learning import (
    Attempt,
    Attendance,
    Enrolment,
    Observed,
    ReadFinding,
    Result,
    SandboxPlan,
    Way,
)

__all__ = [
    "Attempt", "Attendance", "ContinuingHours", "Course", "Enrolment", "Evidence", "HourClass", "IssuedCertificate", "Module",
    "Observed", "OwnQuestion", "ReadFinding", "Reminder", "Result", "SandboxPlan", "SigningKey", "Skill", "SkillKind", "Way",
]
