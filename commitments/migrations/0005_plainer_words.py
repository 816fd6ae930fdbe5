"""Labels in plainer words; nothing in the database changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0004_lapses_and_stored_endings"),
    ]

    operations = [
        migrations.AlterField(
            model_name="commitment",
            name="review_on",
            field=models.DateField(blank=True, null=True, verbose_name="vurderes på nytt"),
        ),
        migrations.AlterField(
            model_name="commitment",
            name="room",
            field=models.TextField(
                blank=True,
                default="",
                max_length=600,
                verbose_name="handlingsrom, og når dere sier fra",
            ),
        ),
        migrations.AlterField(
            model_name="roundpledge",
            name="review_on",
            field=models.DateField(blank=True, null=True, verbose_name="vurderes på nytt"),
        ),
        migrations.AlterField(
            model_name="roundpledge",
            name="room",
            field=models.TextField(
                blank=True,
                default="",
                max_length=600,
                verbose_name="handlingsrom, og når dere sier fra",
            ),
        ),
    ]
