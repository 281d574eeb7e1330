
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_recovery_codes_hashed'),
        ('patients', '0002_imports'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='patient',
            index=models.Index(fields=['clinic', 'id'], name='patients_patient_entered'),
        ),
    ]
