from django.db import migrations

import people.reporting_line


class Migration(migrations.Migration):
    """Make the functions anew where the first migration made them before they changed."""

    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RunSQL(
            people.reporting_line.DROP_FUNCTIONS_SQL + people.reporting_line.FUNCTIONS_SQL,
            migrations.RunSQL.noop,
        ),
    ]
