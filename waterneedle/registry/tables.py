"""The tables of an extract: what a column holds, and in which unit. Nothing here is a name, an address, free text or a true date.

Every table has the clinic (a pseudonym) and a year (of the moved date), by which its files are laid out. Courses and scores are
joined to their patient by (clinic, patient). A visit stands alone with its injections and events, by (clinic, visit): nothing
joins it to its patient or to another visit. How many patients are behind many rows is told all the same: each patient has one row
that is new in a lot (injections), or in a kind of event, in that kind with a product and with a lot (events); their sum is the
number. Of fewer patients than the threshold one row alone is new. Volumes are whole microlitres and scores whole thousandths, so
that sums are exact in every engine.
"""
from __future__ import annotations

STRING, SMALL, LONG, DAY, BOOL = "string", "int32", "int64", "date32", "bool"
SCHEMA = "waterneedle/extract/2"
UL_PER_ML = 1_000
MILLI = 1_000  # of a score

_KEY = {"clinic": STRING, "year": SMALL}
_PERSON = _KEY | {"patient": LONG}
_VISIT = _KEY | {"visit": LONG}

TABLES: dict[str, dict[str, str]] = {
    # `left_out`: patients of whom only visits are told, if those
    "clinics": _KEY | {"patients": SMALL, "left_out": SMALL, "visits_left_out": SMALL, "threshold": SMALL},
    "patients": _PERSON | {"sex": STRING, "age_band": STRING},
    "courses": _PERSON | {
        "course": LONG, "indication": STRING, "sex": STRING, "age_band": STRING,
        "began": DAY,
        "instrument": STRING, "baseline_milli": LONG, "last_milli": LONG,  # null where nothing was answered before
        "followed_days": SMALL, "followed_sessions": SMALL,  # until relief, or the last score that is told
        "relief": BOOL, "relief_session": SMALL, "relief_days": SMALL,  # null where there was none
    },
    "scores": _PERSON | {"course": LONG, "session": SMALL, "day": DAY, "instrument": STRING, "score_milli": LONG},
    "visits": _VISIT | {"day": DAY},
    "injections": _VISIT | {
        "injection": LONG, "part": SMALL,  # a mixture has a row for each fluid
        "day": DAY, "site_kind": STRING, "site": STRING, "route": STRING, "technique": STRING,
        "product": STRING, "lot": STRING, "volume_ul": LONG,
        "new_in_lot": BOOL,
    },
    "lots": _KEY | {"product": STRING, "lot": STRING, "injections": LONG, "volume_ul": LONG},
    "events": _VISIT | {  # the visit is null where none is known
        "event": LONG, "day": DAY, "kind": STRING, "severity": STRING, "serious": BOOL, "causality": STRING,
        "product": STRING, "lot": STRING,
        "new_in_kind": BOOL, "new_in_product": BOOL, "new_in_lot": BOOL,  # within the kind
    },
}


def arrow_schema(table: str) -> object:
    """The columns of a table as pyarrow has them."""
    import pyarrow as pa  # late: slow

    types = {STRING: pa.string(), SMALL: pa.int32(), LONG: pa.int64(), DAY: pa.date32(), BOOL: pa.bool_()}
    return pa.schema([(name, types[kind]) for name, kind in TABLES[table].items()])
