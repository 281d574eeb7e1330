"""Whoever is written 陈小红 is found by it, and not by 陈 or 小红 alone."""
from __future__ import annotations

import re
from typing import Any

from django.db import migrations

HANZI = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")


def find_by_the_whole_name(apps: Any, schema_editor: Any) -> None:
    word_of = apps.get_model("patients", "SearchWord")
    known = apps.get_model("patients", "Patient").objects.exclude(family_name="")
    rows = known.values_list("pk", "clinic_id", "given_name", "preferred_name", "family_name")
    found = {
        (clinic, patient, f"{family}{name}"[:100])
        for patient, clinic, given, preferred, family in rows.iterator()
        for name in (given, preferred)
        if HANZI.fullmatch(family) and HANZI.fullmatch(name)
    }
    word_of.objects.bulk_create(
        [word_of(clinic_id=clinic, patient_id=patient, kind="n", word=word) for clinic, patient, word in sorted(found)],
        ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("patients", "0003_newest")]
    operations = [migrations.RunPython(find_by_the_whole_name, migrations.RunPython.noop)]
