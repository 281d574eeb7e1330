import django.db.models.deletion
import waterneedle.clinic.database.rows
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_recovery_codes_hashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('followup', '0001_initial'),
        ('patients', '0002_imports'),
        ('visits', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AdverseEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('made_at', models.DateTimeField()),
                ('answer', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='followup.answer')),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
                ('reaction', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='visits.reaction')),
                ('visit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='visits.visit')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'patient', '-made_at'], name='followup_event_patient'), models.Index(fields=['clinic', '-made_at'], name='followup_event_newest')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='followup_adverseevent_uid')],
            },
        ),
        migrations.CreateModel(
            name='EventVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('bruise', 'bruise or bleeding'), ('pain', 'strong or lasting pain'), ('site_infection', 'infection at the site'), ('abscess', 'abscess or nodule'), ('skin_death', 'skin death (Nicolau syndrome)'), ('nerve', 'nerve injury'), ('lung', 'pneumothorax'), ('allergy', 'allergic reaction'), ('anaphylaxis', 'anaphylaxis'), ('fainting', 'fainting'), ('sepsis', 'infection of the whole body'), ('wrong', 'wrong product, dose, place or patient'), ('other', 'other')], max_length=16, verbose_name='what it was')),
                ('said', models.TextField(max_length=4000, verbose_name='what happened')),
                ('onset_at', models.DateTimeField(blank=True, null=True, verbose_name='when it began')),
                ('severity', models.CharField(choices=[('mild', 'mild'), ('moderate', 'moderate'), ('severe', 'severe')], max_length=10, verbose_name='severity')),
                ('seriousness', models.JSONField(blank=True, default=list, verbose_name='serious because of')),
                ('causality', models.CharField(choices=[('certain', 'certain'), ('probable', 'probable or likely'), ('possible', 'possible'), ('unlikely', 'unlikely'), ('unclassified', 'conditional or unclassified'), ('unassessable', 'unassessable or unclassifiable')], max_length=14, verbose_name='caused by the injection')),
                ('causality_why', models.CharField(blank=True, max_length=500, verbose_name='why this category')),
                ('outcome', models.CharField(choices=[('recovered', 'recovered'), ('recovering', 'recovering'), ('not_recovered', 'not recovered'), ('sequelae', 'recovered with lasting damage'), ('died', 'died'), ('unknown', 'not known')], max_length=14, verbose_name='outcome')),
                ('actions', models.TextField(blank=True, max_length=2000, verbose_name='what was done')),
                ('is_mistake', models.BooleanField(default=False, verbose_name='entered by mistake: it counts no more')),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='why it is amended')),
                ('signed_name', models.CharField(max_length=160)),
                ('made_at', models.DateTimeField()),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='followup.adverseevent')),
                ('injection', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='visits.injection')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('clinic', 'event', 'number'), name='followup_version_number'), models.CheckConstraint(condition=models.Q(('kind__in', ['bruise', 'pain', 'site_infection', 'abscess', 'skin_death', 'nerve', 'lung', 'allergy', 'anaphylaxis', 'fainting', 'sepsis', 'wrong', 'other'])), name='followup_version_kind'), models.CheckConstraint(condition=models.Q(('severity__in', ['mild', 'moderate', 'severe'])), name='followup_version_severity'), models.CheckConstraint(condition=models.Q(('causality__in', ['certain', 'probable', 'possible', 'unlikely', 'unclassified', 'unassessable'])), name='followup_version_causality'), models.CheckConstraint(condition=models.Q(('outcome__in', ['recovered', 'recovering', 'not_recovered', 'sequelae', 'died', 'unknown'])), name='followup_version_outcome'), models.CheckConstraint(condition=models.Q(('said', ''), _negated=True), name='followup_version_said'), models.CheckConstraint(condition=models.Q(('number', 1), models.Q(('why', ''), _negated=True), _connector='OR'), name='followup_version_why')],
            },
        ),
        migrations.CreateModel(
            name='PatientPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('wrong_answers', models.PositiveSmallIntegerField(default=0)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'patient'], name='followup_page_patient')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='followup_patientpage_uid')],
            },
        ),
        migrations.CreateModel(
            name='Recall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('kind', models.CharField(choices=[('lot', 'lot'), ('product', 'product'), ('vial', 'vial'), ('days', 'days'), ('same_vial', 'same vial as a patient')], max_length=10)),
                ('asked', models.JSONField(default=dict)),
                ('said', models.CharField(max_length=200)),
                ('why', models.CharField(max_length=300, verbose_name='why')),
                ('injections', models.PositiveIntegerField()),
                ('quarantined', models.JSONField(default=list)),
                ('made_at', models.DateTimeField()),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', '-made_at'], name='followup_recall_newest')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='followup_recall_uid'), models.CheckConstraint(condition=models.Q(('kind__in', ['lot', 'product', 'vial', 'days', 'same_vial'])), name='followup_recall_kind'), models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='followup_recall_why')],
            },
        ),
        migrations.CreateModel(
            name='Recalled',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('injections', models.PositiveIntegerField()),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('text', models.TextField(max_length=4000, verbose_name='notice')),
                ('language', models.CharField(max_length=10)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
                ('recall', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='patients', to='followup.recall')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'patient'], name='followup_recalled_patient')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='followup_recalled_uid'), models.UniqueConstraint(fields=('clinic', 'recall', 'patient'), name='followup_recalled_once')],
            },
        ),
    ]
