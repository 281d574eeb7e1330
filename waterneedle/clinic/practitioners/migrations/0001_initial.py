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
            name='Practitioner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('profession', models.CharField(choices=[('acupuncturist', 'acupuncturist'), ('physician', 'physician'), ('naturopath', 'naturopath'), ('nurse', 'nurse'), ('heilpraktiker', 'Heilpraktiker'), ('korean_medicine_doctor', 'doctor of Korean medicine'), ('student', 'student'), ('other', 'other')], max_length=24, verbose_name='profession')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('supervised_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='students', to='practitioners.practitioner', verbose_name="who answers for a student's injections")),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='practitioners_practitioner_uid'), models.UniqueConstraint(fields=('clinic', 'user'), name='practitioners_practitioner_once'), models.CheckConstraint(condition=models.Q(('profession__in', ['acupuncturist', 'physician', 'naturopath', 'nurse', 'heilpraktiker', 'korean_medicine_doctor', 'student', 'other'])), name='practitioners_practitioner_profession'), models.CheckConstraint(condition=models.Q(('supervised_by', models.F('pk')), _negated=True), name='practitioners_practitioner_not_self')],
            },
        ),
        migrations.CreateModel(
            name='Licence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('seen', models.CharField(help_text="such as original, copy, or the board's register", max_length=200, verbose_name='how it was seen')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawn_why', models.CharField(blank=True, editable=False, max_length=300)),
                ('jurisdiction', models.CharField(help_text='ISO 3166-2 code, such as US-WA', max_length=6, verbose_name='jurisdiction')),
                ('number', models.CharField(max_length=60, verbose_name='number')),
                ('since', models.DateField(blank=True, null=True, verbose_name='since')),
                ('expires', models.DateField(verbose_name='good until')),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practitioner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='practitioners.practitioner')),
            ],
            options={
                'verbose_name': 'licence',
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'practitioner'], name='papers_licence')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='practitioners_licence_uid'), models.CheckConstraint(condition=models.Q(('since', None), ('since__lte', models.F('expires')), _connector='OR'), name='practitioners_licence_span')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('seen', models.CharField(help_text="such as original, copy, or the board's register", max_length=200, verbose_name='how it was seen')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawn_why', models.CharField(blank=True, editable=False, max_length=300)),
                ('issuer', models.CharField(max_length=200, verbose_name='issued by')),
                ('number', models.CharField(blank=True, max_length=80, verbose_name='number')),
                ('certified_on', models.DateField(verbose_name='certified on')),
                ('expires', models.DateField(blank=True, null=True, verbose_name='good until')),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practitioner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='practitioners.practitioner')),
            ],
            options={
                'verbose_name': 'certificate',
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'practitioner'], name='papers_certificate')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='practitioners_certificate_uid'), models.CheckConstraint(condition=models.Q(('expires', None), ('certified_on__lte', models.F('expires')), _connector='OR'), name='practitioners_certificate_span')],
            },
        ),
        migrations.CreateModel(
            name='Qualification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('seen', models.CharField(help_text="such as original, copy, or the board's register", max_length=200, verbose_name='how it was seen')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawn_why', models.CharField(blank=True, editable=False, max_length=300)),
                ('name', models.CharField(max_length=120, verbose_name='qualification')),
                ('since', models.DateField(blank=True, null=True, verbose_name='since')),
                ('expires', models.DateField(blank=True, null=True, verbose_name='good until')),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practitioner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='practitioners.practitioner')),
                ('withdrawn_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'qualification',
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'practitioner'], name='papers_qualification')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='practitioners_qualification_uid')],
            },
        ),
        migrations.CreateModel(
            name='ResuscitationCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('seen', models.CharField(help_text="such as original, copy, or the board's register", max_length=200, verbose_name='how it was seen')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawn_why', models.CharField(blank=True, editable=False, max_length=300)),
                ('course', models.CharField(max_length=120, verbose_name='course')),
                ('expires', models.DateField(verbose_name='good until')),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practitioner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='practitioners.practitioner')),
                ('withdrawn_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'resuscitation card',
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'practitioner'], name='papers_resuscitationcard')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='practitioners_resuscitationcard_uid')],
            },
        ),
        migrations.CreateModel(
            name='Training',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('seen', models.CharField(help_text="such as original, copy, or the board's register", max_length=200, verbose_name='how it was seen')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('withdrawn_why', models.CharField(blank=True, editable=False, max_length=300)),
                ('course', models.CharField(max_length=200, verbose_name='course')),
                ('provider', models.CharField(max_length=200, verbose_name='provider')),
                ('completed_on', models.DateField(verbose_name='completed on')),
                ('hours', models.DecimalField(decimal_places=1, max_digits=5, validators=[django.core.validators.MinValueValidator(0)], verbose_name='hours in all')),
                ('hands_on_hours', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='of these hands-on')),
                ('emergency_hours', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='of these emergency training')),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practitioner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='practitioners.practitioner')),
                ('withdrawn_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'training',
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'practitioner'], name='papers_training')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='practitioners_training_uid'), models.CheckConstraint(condition=models.Q(('hours__gte', 0)), name='practitioners_training_hours'), models.CheckConstraint(condition=models.Q(('hands_on_hours', None), models.Q(('hands_on_hours__gte', 0), ('hands_on_hours__lte', models.F('hours'))), _connector='OR'), name='practitioners_training_hands_on'), models.CheckConstraint(condition=models.Q(('emergency_hours', None), models.Q(('emergency_hours__gte', 0), ('emergency_hours__lte', models.F('hours'))), _connector='OR'), name='practitioners_training_emergency')],
            },
        ),
    ]
