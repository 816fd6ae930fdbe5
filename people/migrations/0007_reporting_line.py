"""The walk from a person to their line manager, and from a leader to those they lead."""

from django.db import migrations

from people.reporting_line import DROP_FUNCTIONS_SQL, FUNCTIONS_SQL


class Migration(migrations.Migration):
    dependencies = [("people", "0006_role_granted_by_another")]

    operations = [migrations.RunSQL(FUNCTIONS_SQL, DROP_FUNCTIONS_SQL)]
