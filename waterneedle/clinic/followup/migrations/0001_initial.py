import django.core.validators
import django.db.models.deletion
import waterneedle.clinic.database.rows
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_a_clinic_without_law_on_file'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('patients', '0002_imports'),
        ('visits', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('said_by', models.CharField(choices=[('patient', 'the patient'), ('guardian', 'the guardian'), ('clinician', 'another clinician'), ('document', 'a document'), ('observed', 'seen or measured here')], max_length=12, verbose_name='who said it')),
                ('pain', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(10)], verbose_name='pain')),
                ('bruise', models.CharField(blank=True, choices=[('none', 'none'), ('coin', 'like a coin'), ('palm', 'like a palm or larger')], max_length=6, verbose_name='bruise or discoloration')),
                ('said', models.TextField(blank=True, max_length=4000, verbose_name='in their words')),
                ('level', models.CharField(choices=[('emergency', 'emergency'), ('urgent', 'to be seen today'), ('call_clinic', 'a practitioner answers'), ('self_care', 'expected'), ('none', 'nothing reported')], max_length=12)),
                ('document', models.TextField(editable=False)),
                ('triage', models.TextField(editable=False)),
                ('hours', models.DecimalField(decimal_places=2, max_digits=8)),
                ('answered_at', models.DateTimeField()),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
                ('visit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='visits.visit')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('level', models.CharField(choices=[('emergency', 'emergency'), ('urgent', 'to be seen today'), ('call_clinic', 'a practitioner answers'), ('self_care', 'expected'), ('none', 'nothing reported')], max_length=12)),
                ('raised_at', models.DateTimeField()),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('acknowledged_name', models.CharField(blank=True, max_length=160)),
                ('acknowledged_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
                ('answer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='alarms', to='followup.answer')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'acknowledged_at', '-raised_at'], name='followup_alarm_open')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='followup_alarm_uid'), models.UniqueConstraint(fields=('clinic', 'answer'), name='followup_alarm_once'), models.CheckConstraint(condition=models.Q(('level__in', ('emergency', 'urgent'))), name='followup_alarm_level'), models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at', None), ('acknowledged_name', '')), models.Q(('acknowledged_at__isnull', False), models.Q(('acknowledged_name', ''), _negated=True)), _connector='OR'), name='followup_alarm_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Arrangement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_on', models.BooleanField(default=False, verbose_name='ask every patient afterwards')),
                ('on_call_name', models.CharField(blank=True, max_length=120, verbose_name='person on call')),
                ('on_call_email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address of the person on call')),
                ('second_email', models.EmailField(blank=True, max_length=254, verbose_name='second way: an address that rings')),
                ('on_call_phone', models.CharField(blank=True, max_length=40, verbose_name='telephone of the person on call')),
                ('emergency_number', models.CharField(blank=True, max_length=20, verbose_name='emergency number')),
                ('night_number', models.CharField(blank=True, max_length=40, verbose_name='number at night')),
                ('weeks', models.JSONField(default=list, verbose_name='asked again after weeks')),
                ('made_at', models.DateTimeField()),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', '-made_at'], name='followup_arrangement_new')],
                'constraints': [models.CheckConstraint(condition=models.Q(('is_on', False), models.Q(models.Q(('on_call_name', ''), _negated=True), models.Q(('on_call_email', ''), _negated=True), models.Q(('emergency_number', ''), _negated=True), models.Q(('night_number', ''), _negated=True), models.Q(models.Q(('second_email', ''), _negated=True), models.Q(('on_call_phone', ''), _negated=True), _connector='OR')), _connector='OR'), name='followup_arrangement_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('way', models.CharField(max_length=12)),
                ('name', models.CharField(max_length=160)),
                ('at', models.DateTimeField()),
                ('alarm', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='followup.alarm')),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('clinic', 'alarm', 'round', 'way', 'name'), name='followup_call_once')],
            },
        ),
        migrations.CreateModel(
            name='CheckIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('kind', models.CharField(choices=[('hours', 'some hours after'), ('next_day', 'next day'), ('weeks', 'weeks after')], max_length=10)),
                ('week', models.PositiveSmallIntegerField(default=0)),
                ('groups', models.JSONField(default=list)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('made_at', models.DateTimeField()),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('wrong_answers', models.PositiveSmallIntegerField(default=0)),
                ('typed', models.TextField(default='{}')),
                ('version', models.PositiveIntegerField(default=1)),
                ('saved_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
                ('visit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='visits.visit')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'patient', '-made_at'], name='followup_checkin_patient'), models.Index(fields=['clinic', 'answered_at', 'made_at'], name='followup_checkin_open')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='followup_checkin_uid'), models.UniqueConstraint(fields=('clinic', 'visit', 'kind', 'week'), name='followup_checkin_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['hours', 'next_day', 'weeks'])), name='followup_checkin_kind'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'weeks'), ('week__gt', 0)), models.Q(models.Q(('kind', 'weeks'), _negated=True), ('week', 0)), _connector='OR'), name='followup_checkin_week')],
            },
        ),
        migrations.AddField(
            model_name='answer',
            name='checkin',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='given', to='followup.checkin'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['clinic', '-answered_at'], name='followup_answer_newest'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['clinic', 'patient', '-answered_at'], name='followup_answer_patient'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('clinic', 'uid'), name='followup_answer_uid'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('clinic', 'checkin'), name='followup_answer_once'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['emergency', 'urgent', 'call_clinic', 'self_care', 'none'])), name='followup_answer_level'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('pain', None), ('pain__lte', 10), _connector='OR'), name='followup_answer_pain'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('bruise', ''), ('bruise__in', ['none', 'coin', 'palm']), _connector='OR'), name='followup_answer_bruise'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('said_by__in', ['patient', 'guardian', 'clinician', 'document', 'observed'])), name='followup_answer_said_by'),
        ),
    ]
