from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('visits', '0008_reactions_end'),
    ]

    operations = [
        migrations.AddField(
            model_name='visit',
            name='is_draft',
            field=models.BooleanField(default=True, editable=False),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(condition=models.Q(('is_draft', True)), fields=['clinic', 'day', 'id'], name='visits_visit_draft'),
        ),
        migrations.AddIndex(
            model_name='signature',
            index=models.Index(
                condition=models.Q(('supervisor__isnull', False)), fields=['clinic', 'signed_at', 'id'], name='visits_signature_student'),
        ),
        migrations.RunSQL(
            'UPDATE visits_visit SET is_draft = FALSE WHERE EXISTS (SELECT 1 FROM visits_signature s '
            'WHERE s.clinic_id = visits_visit.clinic_id AND s.visit_id = visits_visit.id)',
            migrations.RunSQL.noop,
        ),
    ]
