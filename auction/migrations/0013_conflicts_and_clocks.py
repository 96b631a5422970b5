import django.db.models.deletion
from django.db import migrations, models

from auction.models.append_only import allow_changes, forbid_changes

TABLES = ("auction_conflict", "auction_clockoffset")


def forbid(apps, editor):
    forbid_changes(editor, *TABLES)


def allow(apps, editor):
    allow_changes(editor, *TABLES)


class Migration(migrations.Migration):

    dependencies = [
        ('auction', '0012_timestamp'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClockOffset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('ahead_us', models.BigIntegerField()),
                ('slack_us', models.BigIntegerField()),
                ('process', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clock_offsets', to='auction.process')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='clock_offset_at')],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('witness', models.CharField(max_length=200)),
                ('cosigned', models.BigIntegerField()),
                ('shown', models.BigIntegerField()),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='auction.incident')),
                ('log', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='auction.log')),
            ],
        ),
        migrations.RunPython(forbid, allow),
    ]
