import django.db.models.deletion
import waterneedle.clinic.database.rows
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('patients', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False, unique=True)),
                ('kind', models.CharField(max_length=60)),
                ('key', models.CharField(max_length=160)),
                ('payload', models.TextField(default='{}')),
                ('due_at', models.DateTimeField()),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('lease', models.UUIDField(null=True)),
                ('leased_until', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('done', 'done'), ('dead', 'given up'), ('cancelled', 'cancelled')], max_length=10)),
                ('clinic', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['due_at'], name='outbox_job_due'), models.Index(fields=['clinic', 'outcome', 'ended_at'], name='outbox_job_outcome')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='outbox_job_once'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', '')), models.Q(('ended_at__isnull', False), ('outcome__in', ['done', 'dead', 'cancelled'])), _connector='OR'), name='outbox_job_ended')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('error', models.CharField(blank=True, max_length=500)),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tries', to='outbox.job')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False, unique=True)),
                ('message_id', models.CharField(max_length=200, unique=True)),
                ('about', models.CharField(blank=True, max_length=60)),
                ('sender', models.CharField(max_length=254)),
                ('recipients', models.TextField()),
                ('language', models.CharField(blank=True, max_length=10)),
                ('waking_hours', models.BooleanField(default=False)),
                ('sealed', models.BinaryField(null=True)),
                ('key_id', models.IntegerField()),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('job', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='letter', to='outbox.job')),
                ('patient', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'made_at'], name='outbox_letter_made'), models.Index(fields=['clinic', 'patient'], name='outbox_letter_patient')],
            },
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False, unique=True)),
                ('hash', models.BinaryField(max_length=32, unique=True)),
                ('purpose', models.CharField(max_length=60)),
                ('about', models.CharField(blank=True, max_length=80)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('patient', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'patient', 'purpose'], name='outbox_link_patient')],
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='outbox_link_expires')],
            },
        ),
    ]
