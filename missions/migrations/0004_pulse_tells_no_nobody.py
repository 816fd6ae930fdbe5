from django.db import migrations, models
from django.db.models.expressions import CombinedExpression

MERGE = """
    ALTER TABLE missions_pulseround DISABLE TRIGGER USER;
    UPDATE missions_pulseround SET result = 'merged', partly = NULL, no = NULL,
        is_unsure_of_mission = is_unsure_of_mission AND other > 3,
        is_unsure_of_for_whom = is_unsure_of_for_whom AND other > 3,
        is_unsure_of_contribution = is_unsure_of_contribution AND other > 3
     WHERE result = 'full' AND (partly < 3 OR no < 3);
    ALTER TABLE missions_pulseround ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    """Takes away what rounds settled before told of everybody: that nobody said «nja», or «nei»."""

    dependencies = [("missions", "0003_order_by_unicode")]

    operations = [
        migrations.RemoveConstraint(model_name="pulseround", name="pulse_keeps_no_small_number"),
        migrations.RunSQL(MERGE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="pulseround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answers", CombinedExpression(models.F("yes"), "+", models.F("other"))),
                        ("other", CombinedExpression(models.F("partly"), "+", models.F("no"))),
                        ("other__gte", 2),
                        ("result", "full"),
                        ("yes__gte", 2),
                        ("no__gte", 3),
                        ("partly__gte", 3),
                    ),
                    models.Q(
                        ("answers", CombinedExpression(models.F("yes"), "+", models.F("other"))),
                        ("no__isnull", True),
                        ("other__gte", 2),
                        ("partly__isnull", True),
                        ("result", "merged"),
                        ("yes__gte", 2),
                        models.Q(
                            ("other__gt", 3),
                            models.Q(
                                ("is_unsure_of_contribution", False),
                                ("is_unsure_of_for_whom", False),
                                ("is_unsure_of_mission", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        models.Q(("result__in", ["full", "merged"]), _negated=True),
                        ("no__isnull", True),
                        ("other__isnull", True),
                        ("partly__isnull", True),
                        ("yes__isnull", True),
                        ("is_unsure_of_contribution", False),
                        ("is_unsure_of_for_whom", False),
                        ("is_unsure_of_mission", False),
                    ),
                    _connector="OR",
                ),
                name="pulse_keeps_no_small_number",
            ),
        ),
    ]
