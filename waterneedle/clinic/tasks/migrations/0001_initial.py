import django.db.models.deletion
import waterneedle.clinic.database.rows
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('patients', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('kind', models.CharField(max_length=60)),
                ('cause', models.CharField(max_length=120)),
                ('title', models.CharField(max_length=200, verbose_name='what')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('about', models.CharField(blank=True, max_length=80)),
                ('needs', models.CharField(default='tasks.read', max_length=40)),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('escalate_at', models.DateTimeField(blank=True, null=True)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('steps', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('open', 'open'), ('claimed', 'taken'), ('done', 'done')], default='open', max_length=10)),
                ('role', models.CharField(blank=True, choices=[('owner', 'owner'), ('practitioner', 'practitioner'), ('assistant', 'assistant'), ('front desk', 'front desk'), ('instructor', 'instructor'), ('auditor', 'auditor')], max_length=20)),
                ('done_at', models.DateTimeField(null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['clinic', 'due_at'], name='tasks_task_due'), models.Index(condition=models.Q(('state', 'done')), fields=['clinic', '-done_at'], name='tasks_task_ended'), models.Index(fields=['clinic', 'patient'], name='tasks_task_patient')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='tasks_task_uid'), models.UniqueConstraint(fields=('clinic', 'kind', 'cause'), name='tasks_task_once'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'claimed', 'done'])), name='tasks_task_state'), models.CheckConstraint(condition=models.Q(('owner__isnull', False), models.Q(('role', ''), _negated=True), _connector='OR'), name='tasks_task_somebodys'), models.CheckConstraint(condition=models.Q(('state', 'done'), ('done_at', None), _connector='XOR'), name='tasks_task_done')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('what', models.CharField(choices=[('opened', 'opened'), ('claimed', 'taken'), ('handed over', 'handed over'), ('escalated', 'called to attention'), ('done', 'done'), ('reopened', 'opened again')], max_length=12)),
                ('role', models.CharField(blank=True, choices=[('owner', 'owner'), ('practitioner', 'practitioner'), ('assistant', 'assistant'), ('front desk', 'front desk'), ('instructor', 'instructor'), ('auditor', 'auditor')], max_length=20)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='history', to='tasks.task')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('clinic', 'task', 'number'), name='tasks_step_number'), models.CheckConstraint(condition=models.Q(('what__in', ['opened', 'claimed', 'handed over', 'escalated', 'done', 'reopened'])), name='tasks_step_what')],
            },
        ),
    ]
