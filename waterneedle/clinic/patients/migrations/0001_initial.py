import django.core.validators
import django.db.models.deletion
import waterneedle.clinic.database.rows
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Patient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('number', models.PositiveIntegerField(verbose_name='chart number')),
                ('given_name', models.CharField(max_length=100, verbose_name='given name')),
                ('family_name', models.CharField(blank=True, max_length=100, verbose_name='family name')),
                ('preferred_name', models.CharField(blank=True, max_length=100, verbose_name='preferred name')),
                ('birth_date', models.DateField(blank=True, null=True, verbose_name='date of birth')),
                ('sex', models.CharField(choices=[('female', 'female'), ('male', 'male'), ('intersex', 'intersex'), ('unknown', 'not known')], default='unknown', max_length=10, verbose_name='sex')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('needs_interpreter', models.BooleanField(blank=True, null=True, verbose_name='needs an interpreter')),
                ('lacks_capacity', models.BooleanField(blank=True, null=True, verbose_name='cannot consent for themself')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('address', models.TextField(blank=True, max_length=500, verbose_name='postal address')),
                ('first_signed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('retracted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('retracted_why', models.CharField(blank=True, editable=False, max_length=300)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'birth_date'], name='patients_patient_birth')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='patients_patient_uid'), models.UniqueConstraint(fields=('clinic', 'number'), name='patients_patient_number'), models.CheckConstraint(condition=models.Q(('sex__in', ['female', 'male', 'intersex', 'unknown'])), name='patients_patient_sex'), models.CheckConstraint(condition=models.Q(('given_name', ''), _negated=True), name='patients_patient_named')],
            },
        ),
        migrations.CreateModel(
            name='NotDuplicate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('one', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
                ('other', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('clinic', 'one', 'other'), name='patients_notduplicate_once'), models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='patients_notduplicate_order')],
            },
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('height_cm', 'height'), ('weight_kg', 'weight'), ('INR', 'INR'), ('platelets', 'platelets'), ('potassium', 'potassium'), ('hemoglobin', 'hemoglobin')], max_length=12)),
                ('value', models.DecimalField(decimal_places=2, max_digits=8)),
                ('measured_on', models.DateField(verbose_name='measured on')),
                ('said_by', models.CharField(choices=[('patient', 'the patient'), ('guardian', 'the guardian'), ('clinician', 'another clinician'), ('document', 'a document'), ('observed', 'seen or measured here')], default='observed', max_length=12)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='patients.patient')),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'patient', 'kind', '-measured_on'], name='patients_measure_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['height_cm', 'weight_kg', 'INR', 'platelets', 'potassium', 'hemoglobin'])), name='patients_measure_kind'), models.CheckConstraint(condition=models.Q(('value__gt', 0)), name='patients_measure_positive')],
            },
        ),
        migrations.CreateModel(
            name='Joined',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(max_length=300, verbose_name='why')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('parted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('parted_why', models.CharField(blank=True, max_length=300)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('parted_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kept', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='joined', to='patients.patient')),
                ('other', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='joined_into', to='patients.patient')),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'kept'], name='patients_joined_kept')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('parted_at', None)), fields=('clinic', 'other'), name='patients_joined_once'), models.CheckConstraint(condition=models.Q(('kept', models.F('other')), _negated=True), name='patients_joined_two')],
            },
        ),
        migrations.CreateModel(
            name='HealthFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('kind', models.CharField(choices=[('condition', 'condition'), ('allergy', 'allergy'), ('medication', 'medicine')], max_length=12)),
                ('said', models.CharField(max_length=200, verbose_name='in their words')),
                ('concept', models.CharField(blank=True, max_length=80)),
                ('region', models.CharField(blank=True, max_length=80, verbose_name='where')),
                ('side', models.CharField(blank=True, choices=[('left', 'left'), ('right', 'right'), ('midline', 'midline'), ('bilateral', 'both sides')], max_length=10, verbose_name='side')),
                ('reaction', models.CharField(blank=True, max_length=200, verbose_name='reaction')),
                ('severity', models.CharField(blank=True, choices=[('mild', 'mild'), ('moderate', 'moderate'), ('severe', 'severe'), ('unknown', 'not known')], max_length=10, verbose_name='severity')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('said_by', models.CharField(choices=[('patient', 'the patient'), ('guardian', 'the guardian'), ('clinician', 'another clinician'), ('document', 'a document'), ('observed', 'seen or measured here')], default='patient', max_length=12, verbose_name='who said it')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('ended_why', models.CharField(blank=True, max_length=200, verbose_name='why it no longer holds')),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('ended_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='health_facts', to='patients.patient')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'patient', 'kind'], name='patients_healthfact_patient')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='patients_healthfact_uid'), models.CheckConstraint(condition=models.Q(('kind__in', ['condition', 'allergy', 'medication'])), name='patients_healthfact_kind'), models.CheckConstraint(condition=models.Q(('said', ''), _negated=True), name='patients_healthfact_said'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('made_at')), _connector='OR'), name='patients_healthfact_span')],
            },
        ),
        migrations.CreateModel(
            name='Guardian',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('relation', models.CharField(help_text='such as mother, or guardian by order of a court', max_length=60, verbose_name='relation')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('may_consent', models.BooleanField(default=True, verbose_name='may consent to treatment')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='guardians', to='patients.patient')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'patient'], name='patients_guardian_patient')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='patients_guardian_uid')],
            },
        ),
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('condition', 'condition'), ('allergy', 'allergy'), ('medication', 'medicine')], max_length=12)),
                ('none', models.BooleanField()),
                ('said_by', models.CharField(choices=[('patient', 'the patient'), ('guardian', 'the guardian'), ('clinician', 'another clinician'), ('document', 'a document'), ('observed', 'seen or measured here')], default='patient', max_length=12)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='asked', to='patients.patient')),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'patient', 'kind', '-made_at'], name='patients_asked_newest')],
            },
        ),
        migrations.CreateModel(
            name='Pregnancy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('pregnant', 'pregnant'), ('possible', 'may be pregnant'), ('not_pregnant', 'not pregnant'), ('unknown', 'not known'), ('not_applicable', 'does not apply')], max_length=16)),
                ('weeks', models.DecimalField(blank=True, decimal_places=1, max_digits=3, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(45)], verbose_name='weeks')),
                ('said_by', models.CharField(choices=[('patient', 'the patient'), ('guardian', 'the guardian'), ('clinician', 'another clinician'), ('document', 'a document'), ('observed', 'seen or measured here')], default='patient', max_length=12)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pregnancies', to='patients.patient')),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'patient', '-made_at'], name='patients_pregnancy_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['pregnant', 'possible', 'not_pregnant', 'unknown', 'not_applicable'])), name='patients_pregnancy_status'), models.CheckConstraint(condition=models.Q(('weeks', None), models.Q(('status', 'pregnant'), ('weeks__gte', 0), ('weeks__lte', 45)), _connector='OR'), name='patients_pregnancy_weeks')],
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('n', 'name'), ('p', 'telephone, last digit first')], max_length=1)),
                ('word', models.CharField(max_length=100)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='search_words', to='patients.patient')),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'patient'], name='patients_searchword_patient')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'kind', 'word', 'patient'), name='patients_searchword_once')],
            },
        ),
    ]
