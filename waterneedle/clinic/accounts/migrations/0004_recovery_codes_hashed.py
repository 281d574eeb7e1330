"""Recovery codes that can be read again are taken away: their owners make new ones, of which only a hash is kept."""

from django.db import migrations


def forget_sealed_codes(apps, schema_editor):
    rows = apps.get_model("mfa", "Authenticator").objects.filter(type="recovery_codes")
    rows.filter(pk__in=[one.pk for one in rows if "hashes" not in one.data]).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0003_a_clinic_without_law_on_file"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(forget_sealed_codes, migrations.RunPython.noop)]
