from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auction', '0010_round_key'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='process',
            name='dead',
        ),
        migrations.AddField(
            model_name='process',
            name='dead_at',
            field=models.DateTimeField(null=True),
        ),
    ]
