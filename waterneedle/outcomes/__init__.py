"""What is measured and what has been found out: scores of instruments, and the bottom line of a claim."""
from __future__ import annotations

from waterneedle.outcomes.evidence import bottom_line, findings_about, on_side, strongest
from waterneedle.outcomes.scoring import problems_of_answers, score

__all__ = ["bottom_line", "findings_about", "on_side", "problems_of_answers", "score", "strongest"]
