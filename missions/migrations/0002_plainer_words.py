"""Labels in plainer words; nothing in the database changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("missions", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="missionversion",
            name="serves",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="served_by",
                to="missions.coreactivity",
                verbose_name="kjerneaktiviteten over som dere bidrar til",
            ),
        ),
    ]
