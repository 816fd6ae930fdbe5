"""Order and search by Unicode's own word on letters; columns and index made by the old one go."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models

import common.norwegian

SORT_KEY = models.GeneratedField(
    db_index=True,
    db_persist=True,
    expression=common.norwegian.SortKey(models.F("name")),
    output_field=models.CharField(db_collation="C", max_length=400),
)
SEARCH = django.contrib.postgres.indexes.GinIndex(
    django.contrib.postgres.indexes.OpClass(
        common.norwegian.SearchFold(
            django.db.models.functions.text.Concat(
                "name", models.Value(" "), "email", output_field=models.TextField()
            )
        ),
        name="gin_trgm_ops",
    ),
    name="user_search",
)


class Migration(migrations.Migration):
    dependencies = [("people", "0003_search_by_trigram")]

    operations = [
        migrations.RunSQL(
            common.norwegian.SORT_KEY_SQL + common.norwegian.SEARCH_FOLD_SQL,
            migrations.RunSQL.noop,
        ),
        migrations.RemoveIndex("user", "user_search"),
        migrations.AddIndex("user", SEARCH),
        *(
            operation
            for model in ("user", "unit")
            for operation in (
                migrations.RemoveField(model, "sort_key"),
                migrations.AddField(model, "sort_key", SORT_KEY.clone()),
            )
        ),
    ]
