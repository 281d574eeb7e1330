"""Figures that numpy and the browser must both draw; `python -m tests.body.golden` writes them after a change of the pack."""
from __future__ import annotations

import json
from pathlib import Path

from waterneedle.body import mesh

FILE = Path(__file__).with_suffix(".json")
ROWS = range(0, 13524, 197)
BODIES = (  # sex, age, muscle, weight, height
    (0.0, 25.0, 0.25, 0.5, 0.5), (1.0, 25.0, 0.25, 0.5, 0.5), (0.0, 70.0, 0.0, 1.0, 0.46), (1.0, 45.0, 0.1, 0.9, 0.62),
    (0.5, 38.0, 0.25, 0.3, 0.5), (0.0, 8.0, 0.25, 0.6, 0.7), (1.0, 1.0, 0.0, 0.0, 0.0), (1.0, 90.0, 0.5, 1.0, 1.0))


def figure(body: tuple[float, ...]) -> dict:
    """What stands in the file for one body."""
    coefficients = mesh.shape(*body)
    surface = mesh.vertices(coefficients)
    return {"body": list(body), "height_mm": round(mesh.height_mm(surface), 3), "mass_kg": round(mesh.mass_kg(surface), 4),
            "coefficients": coefficients.round(8).tolist(), "vertices": surface[ROWS].round(3).tolist()}


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(figure(body)) for body in BODIES)
    FILE.write_text(f'{{"rows": {json.dumps(list(ROWS))}, "figures": [\n{lines}\n]}}\n', encoding="utf-8")
