from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("auction", "0004_fairness"),
    ]

    operations = [
        migrations.AddField(
            model_name="lot",
            name="practice",
            field=models.BooleanField(default=False),
        ),
    ]
