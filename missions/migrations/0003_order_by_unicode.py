"""Words in the order that people.0004 makes."""

from django.db import migrations, models

import common.norwegian


class Migration(migrations.Migration):
    dependencies = [
        ("missions", "0002_saves_of_a_draft"),
        ("people", "0004_fold_by_unicode"),
    ]

    operations = [
        migrations.RemoveField("term", "sort_key"),
        migrations.AddField(
            "term",
            "sort_key",
            models.GeneratedField(
                db_index=True,
                db_persist=True,
                expression=common.norwegian.SortKey(models.F("word")),
                output_field=models.CharField(db_collation="C", max_length=400),
            ),
        ),
    ]
