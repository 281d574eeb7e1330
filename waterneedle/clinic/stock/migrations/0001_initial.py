import django.core.validators
import django.db.models.deletion
import waterneedle.clinic.database.rows
from decimal import Decimal
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
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('product', models.CharField(blank=True, max_length=80, verbose_name='product on file')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('container_kind', models.CharField(choices=[('ampoule', 'ampoule'), ('single_dose_vial', 'single-dose vial'), ('multi_dose_vial', 'multi-dose vial'), ('prefilled_syringe', 'prefilled syringe')], max_length=20, verbose_name='container')),
                ('container_ml', models.DecimalField(decimal_places=3, max_digits=9, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='volume of a container')),
                ('gtin', models.CharField(blank=True, max_length=14, verbose_name='GTIN')),
                ('reorder_below_ml', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=9, validators=[django.core.validators.MinValueValidator(0)], verbose_name='order again below')),
                ('beyond_use_days', models.PositiveSmallIntegerField(blank=True, help_text="the maker's own figure; empty: 28 days for a multi-dose vial", null=True, verbose_name='days after opening')),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'gtin'], name='stock_item_gtin')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='stock_item_uid'), models.CheckConstraint(condition=models.Q(('container_ml__gt', 0)), name='stock_item_container'), models.CheckConstraint(condition=models.Q(('container_kind__in', ['ampoule', 'single_dose_vial', 'multi_dose_vial', 'prefilled_syringe'])), name='stock_item_kind')],
            },
        ),
        migrations.CreateModel(
            name='Kit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('place', models.CharField(max_length=60, verbose_name='room')),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='stock_kit_uid'), models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('clinic', 'place'), name='stock_kit_place')],
            },
        ),
        migrations.CreateModel(
            name='KitCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('epinephrine_expires', models.DateField(blank=True, null=True, verbose_name='epinephrine good until')),
                ('oxygen', models.BooleanField(verbose_name='oxygen, full and working')),
                ('airway', models.BooleanField(verbose_name='airway and mask')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('initials', models.CharField(max_length=6, verbose_name='initials')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('kit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='stock.kit')),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'kit', '-day'], name='stock_kitcheck_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('initials', ''), _negated=True), name='stock_kitcheck_initials')],
            },
        ),
        migrations.CreateModel(
            name='Lot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('number', models.CharField(max_length=40, verbose_name='lot')),
                ('expires', models.DateField(verbose_name='good until')),
                ('pharmacy', models.CharField(blank=True, max_length=200, verbose_name='compounded by')),
                ('beyond_use', models.DateField(blank=True, null=True, verbose_name='beyond-use date')),
                ('volume_ml', models.DecimalField(decimal_places=3, default=Decimal('0'), editable=False, max_digits=9)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='stock.item')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LotState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('released', 'released'), ('quarantined', 'in quarantine'), ('recalled', 'recalled')], max_length=12)),
                ('why', models.CharField(max_length=300, verbose_name='why')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('lot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='states', to='stock.lot')),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'lot', '-made_at'], name='stock_lotstate_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['released', 'quarantined', 'recalled'])), name='stock_lotstate_status')],
            },
        ),
        migrations.CreateModel(
            name='Supplier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('basis', models.CharField(help_text='such as the licence, standing order or prescription that it rests on', max_length=300, verbose_name='basis to buy')),
                ('contact', models.CharField(blank=True, max_length=200, verbose_name='contact')),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='stock_supplier_uid'), models.UniqueConstraint(fields=('clinic', 'name'), name='stock_supplier_name')],
            },
        ),
        migrations.AddField(
            model_name='lot',
            name='supplier',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.supplier'),
        ),
        migrations.CreateModel(
            name='Temperature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=60, verbose_name='place')),
                ('celsius', models.DecimalField(decimal_places=1, max_digits=4, verbose_name='temperature')),
                ('low', models.DecimalField(decimal_places=1, max_digits=4)),
                ('high', models.DecimalField(decimal_places=1, max_digits=4)),
                ('action', models.CharField(blank=True, max_length=300, verbose_name='what was done')),
                ('made_at', models.DateTimeField()),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'place', '-made_at'], name='stock_temperature_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('low__lt', models.F('high'))), name='stock_temperature_range'), models.CheckConstraint(condition=models.Q(models.Q(('celsius__gte', models.F('low')), ('celsius__lte', models.F('high'))), models.Q(('action', ''), _negated=True), _connector='OR'), name='stock_temperature_action')],
            },
        ),
        migrations.CreateModel(
            name='Vial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=waterneedle.clinic.database.rows.uuid7, editable=False)),
                ('code', models.CharField(max_length=12, verbose_name='label')),
                ('opened_at', models.DateTimeField()),
                ('volume_ml', models.DecimalField(decimal_places=3, editable=False, max_digits=9)),
                ('discarded_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('lot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='vials', to='stock.lot')),
                ('opened_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['clinic', 'lot'], name='stock_vial_lot')],
                'constraints': [models.UniqueConstraint(fields=('clinic', 'uid'), name='stock_vial_uid'), models.UniqueConstraint(condition=models.Q(('discarded_at', None)), fields=('clinic', 'code'), name='stock_vial_code'), models.CheckConstraint(condition=models.Q(('volume_ml__gte', 0)), name='stock_vial_volume')],
            },
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', 'received'), ('drawn', 'drawn up'), ('wasted', 'wasted'), ('counted', 'corrected by a count'), ('returned', 'entered back')], max_length=10)),
                ('volume_ml', models.DecimalField(decimal_places=3, max_digits=9)),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='why')),
                ('cause', models.CharField(blank=True, editable=False, max_length=80)),
                ('made_at', models.DateTimeField()),
                ('clinic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('lot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='stock.lot')),
                ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('vial', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='stock.vial')),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', 'lot', 'made_at'], name='stock_movement_lot')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['received', 'drawn', 'wasted', 'counted', 'returned'])), name='stock_movement_kind'), models.CheckConstraint(condition=models.Q(models.Q(('volume_ml', 0), _negated=True), ('kind', 'counted'), _connector='OR'), name='stock_movement_volume'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('received', 'returned')), ('volume_ml__gt', 0)), models.Q(('kind__in', ('drawn', 'wasted')), ('volume_ml__lt', 0)), ('kind', 'counted'), _connector='OR'), name='stock_movement_sign')],
            },
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.UniqueConstraint(fields=('clinic', 'uid'), name='stock_lot_uid'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.UniqueConstraint(fields=('clinic', 'item', 'number'), name='stock_lot_number'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(('volume_ml__gte', 0)), name='stock_lot_volume'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(('beyond_use', None), models.Q(('pharmacy', ''), _negated=True), _connector='OR'), name='stock_lot_compounded'),
        ),
    ]
