from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="phone",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Shown to patients wherever they are asked to call.",
                max_length=40,
                verbose_name="telephone of the clinic",
            ),
            preserve_default=False,
        ),
    ]
