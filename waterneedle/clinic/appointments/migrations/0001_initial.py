import django.core.validators
import django.db.models.deletion
import waterneedle.clinic.database.rows
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0003_a_clinic_without_law_on_file'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('outbox', '0002_sms'),
        ('patients', '0002_imports'),
        ('practitioners', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='appointments_room_uid'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('clinic', 'name'), name='appointments_room_name')],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('kind', models.CharField(choices=[('first', 'first visit'), ('later', 'later visit'), ('beside', 'sold beside a visit')], max_length=10, verbose_name='kind')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(480)], verbose_name='minutes')),
                ('price', models.DecimalField(blank=True, decimal_places=3, max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='price')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='appointments_service_uid'), models.UniqueConstraint(condition=models.Q(('ended_at', None), ('kind__in', ['first', 'later'])), fields=('clinic', 'kind'), name='appointments_service_one'), models.CheckConstraint(condition=models.Q(('kind__in', ['first', 'later', 'beside'])), name='appointments_service_kind'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'beside'), ('minutes', None)), models.Q(models.Q(('kind', 'beside'), _negated=True), ('minutes__gte', 5), ('minutes__lte', 480)), _connector='OR'), name='appointments_service_minutes'), models.CheckConstraint(condition=models.Q(('price', None), ('price__gte', 0), _connector='OR'), name='appointments_service_price')],
            },
        ),
        migrations.CreateModel(
            name='Waiting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('first_day', models.DateField(verbose_name='from')),
                ('last_day', models.DateField(verbose_name='until')),
                ('part', models.CharField(blank=True, choices=[('', 'any time of day'), ('morning', 'before noon'), ('afternoon', 'after noon')], max_length=10, verbose_name='time of day')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
                ('practitioner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practitioners.practitioner')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['clinic', 'made_at'], name='appointments_waiting_open')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='appointments_waiting_uid'), models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='appointments_waiting_span'), models.CheckConstraint(condition=models.Q(('part__in', ['', 'morning', 'afternoon'])), name='appointments_waiting_part')],
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('way', models.CharField(choices=[('desk', 'by the clinic'), ('page', 'on the public page'), ('link', 'by a link'), ('waiting', 'from the waiting list')], max_length=10)),
                ('state', models.CharField(choices=[('offered', 'offered'), ('requested', 'asked for'), ('booked', 'booked'), ('late', 'late'), ('arrived', 'arrived'), ('left', 'left'), ('no-show', 'did not come'), ('cancelled', 'cancelled'), ('rescheduled', 'moved')], max_length=12)),
                ('stands', models.BooleanField(default=True)),
                ('visit_uid', models.UUIDField(blank=True, null=True)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('moved_from', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.booking')),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
                ('practitioner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practitioners.practitioner')),
                ('room', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.room')),
                ('service', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.service')),
                ('waiting', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.waiting')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'starts_at'], name='appointments_booking_when'), models.Index(condition=models.Q(('stands', True)), fields=['clinic', 'practitioner', 'starts_at'], name='appointments_booking_who'), models.Index(condition=models.Q(('stands', True)), fields=['clinic', 'room', 'starts_at'], name='appointments_booking_room'), models.Index(fields=['clinic', 'patient', 'starts_at'], name='appointments_booking_of')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='appointments_booking_uid'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at')), ('until__gte', models.F('ends_at'))), name='appointments_booking_span'), models.CheckConstraint(condition=models.Q(('state__in', ['offered', 'requested', 'booked', 'late', 'arrived', 'left', 'no-show', 'cancelled', 'rescheduled'])), name='appointments_booking_state'), models.CheckConstraint(condition=models.Q(models.Q(('stands', True), models.Q(('state__in', ('cancelled', 'rescheduled')), _negated=True)), models.Q(('stands', False), ('state__in', ('cancelled', 'rescheduled'))), _connector='OR'), name='appointments_booking_stands'), models.UniqueConstraint(condition=models.Q(('moved_from__isnull', False)), fields=('clinic', 'moved_from'), name='appointments_booking_moved')],
            },
        ),
        migrations.CreateModel(
            name='WrongAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('link', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='outbox.link')),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'link'], name='appointments_wrong_of')],
            },
        ),
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('said', models.TextField()),
                ('kind', models.CharField(choices=[('first', 'first visit'), ('later', 'later visit'), ('beside', 'sold beside a visit')], max_length=10)),
                ('starts_at', models.DateTimeField()),
                ('hash', models.BinaryField(max_length=32)),
                ('source', models.CharField(max_length=64)),
                ('to', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(editable=False, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('practitioner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practitioners.practitioner')),
                ('booking', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.booking')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'source', 'made_at'], name='appointments_asked_source'), models.Index(fields=['clinic', 'to', 'made_at'], name='appointments_asked_to')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='appointments_asked_uid'), models.UniqueConstraint(fields=('hash',), name='appointments_asked_hash')],
            },
        ),
        migrations.CreateModel(
            name='BookingState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('offered', 'offered'), ('requested', 'asked for'), ('booked', 'booked'), ('late', 'late'), ('arrived', 'arrived'), ('left', 'left'), ('no-show', 'did not come'), ('cancelled', 'cancelled'), ('rescheduled', 'moved')], max_length=12)),
                ('why', models.CharField(blank=True, max_length=200, verbose_name='why')),
                ('made_at', models.DateTimeField()),
                ('booking', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='states', to='appointments.booking')),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'booking', 'made_at'], name='appointments_state_of')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['offered', 'requested', 'booked', 'late', 'arrived', 'left', 'no-show', 'cancelled', 'rescheduled'])), name='appointments_bookingstate_state')],
            },
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('begins_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('why', models.CharField(blank=True, max_length=120, verbose_name='why')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practitioner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practitioners.practitioner')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'ends_at'], name='appointments_closure_when')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='appointments_closure_uid'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('begins_at'))), name='appointments_closure_span')],
            },
        ),
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('hash', models.BinaryField(max_length=32)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('revoked_at', models.DateTimeField(editable=False, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practitioner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practitioners.practitioner')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'practitioner'], name='appointments_feed_of')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='appointments_feed_uid'), models.UniqueConstraint(fields=('hash',), name='appointments_feed_hash')],
            },
        ),
        migrations.CreateModel(
            name='Hours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField()),
                ('begins', models.TimeField()),
                ('ends', models.TimeField()),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('practitioner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practitioners.practitioner')),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'practitioner'], name='appointments_hours_of')],
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='appointments_hours_weekday'), models.CheckConstraint(condition=models.Q(('ends', '00:00'), ('ends__gt', models.F('begins')), _connector='OR'), name='appointments_hours_span')],
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('online', models.CharField(choices=[('closed', 'nothing: the page is closed'), ('view', 'see free times, and call'), ('request', 'ask for a time; the clinic confirms it'), ('book', 'book a time')], default='closed', max_length=10, verbose_name='the public page lets visitors')),
                ('buffer_min', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(120)], verbose_name='minutes kept free after each visit')),
                ('step_min', models.PositiveSmallIntegerField(default=15, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(120)], verbose_name='a visit may begin every so many minutes')),
                ('notice_hours', models.PositiveSmallIntegerField(default=12, validators=[django.core.validators.MaxValueValidator(720)], verbose_name='hours that a visitor books ahead at least')),
                ('horizon_days', models.PositiveSmallIntegerField(default=60, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(366)], verbose_name='days that a visitor books ahead at most')),
                ('most_open', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='coming visits that one patient may book')),
                ('change_hours', models.PositiveSmallIntegerField(default=24, validators=[django.core.validators.MaxValueValidator(336)], verbose_name='hours before a visit until which a patient may move or cancel it')),
                ('remind_hours', models.PositiveSmallIntegerField(default=24, validators=[django.core.validators.MaxValueValidator(336)], verbose_name='hours before a visit that the patient is reminded; 0 for never')),
                ('offer_hours', models.PositiveSmallIntegerField(default=4, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(72)], verbose_name='hours that a freed time is kept for who waits')),
                ('send_forms', models.BooleanField(default=True, verbose_name='send the forms that are due with a booking')),
                ('currency', models.CharField(blank=True, help_text='ISO 4217 code, such as USD', max_length=3, verbose_name='currency')),
                ('currency_places', models.PositiveSmallIntegerField(default=2, validators=[django.core.validators.MaxValueValidator(3)], verbose_name='decimal places of an amount')),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('clinic',), name='appointments_policy_one'), models.CheckConstraint(condition=models.Q(('online__in', ['closed', 'view', 'request', 'book'])), name='appointments_policy_online'), models.CheckConstraint(condition=models.Q(('step_min__gte', 5)), name='appointments_policy_step'), models.CheckConstraint(condition=models.Q(('currency_places__lte', 3)), name='appointments_policy_places')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('kind', models.CharField(choices=[('payment', 'payment'), ('deposit', 'deposit'), ('waiver', 'waiver')], max_length=10, verbose_name='kind')),
                ('method', models.CharField(blank=True, choices=[('cash', 'cash'), ('card', 'card'), ('transfer', 'bank transfer'), ('other', 'another way')], max_length=10, verbose_name='how it was paid')),
                ('lines', models.TextField()),
                ('amount', models.DecimalField(decimal_places=3, max_digits=10, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('places', models.PositiveSmallIntegerField(default=2)),
                ('why', models.CharField(blank=True, max_length=200, verbose_name='why')),
                ('made_at', models.DateTimeField()),
                ('booking', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.booking')),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'booking'], name='appointments_receipt_of')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='appointments_receipt_uid'), models.UniqueConstraint(fields=('clinic', 'number'), name='appointments_receipt_number'), models.CheckConstraint(condition=models.Q(('kind__in', ['payment', 'deposit', 'waiver'])), name='appointments_receipt_kind'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='appointments_receipt_amount'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'waiver'), ('method', ''), models.Q(('why', ''), _negated=True)), models.Q(models.Q(('kind', 'waiver'), _negated=True), ('method__in', ['cash', 'card', 'transfer', 'other'])), _connector='OR'), name='appointments_receipt_method')],
            },
        ),
    ]
