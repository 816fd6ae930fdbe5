"""The constraint's name no longer says how few a small group is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pulse", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="pulseround", name="pulse_shows_from_five_answers"),
        migrations.AddConstraint(
            model_name="pulseround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("result__in", ["hardly_any_yes", "nearly_all_yes", "merged", "full"]),
                        _negated=True,
                    ),
                    ("answers__gte", 5),
                    _connector="OR",
                ),
                name="pulse_shows_no_small_group",
            ),
        ),
    ]
