"""Words within compounds, and the search column folded by what people.0004 brings."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models
from django.db.models.functions import Concat

from common.norwegian import SearchFold

WEIGHTS = {"A": ("title",), "B": ("summary",), "C": ("description", "audience", "place_name")}


def search_vector():
    vectors = [
        SearchVector(*(SearchFold(field) for field in fields), weight=weight, config=config)
        for weight, fields in WEIGHTS.items()
        for config in ("norwegian", "simple")
    ]
    whole = vectors[0]
    for vector in vectors[1:]:
        whole = whole + vector
    return whole


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_fold_by_unicode"),
        ("seminars", "0008_drop_a_check_that_another_makes"),
    ]

    operations = [
        migrations.RemoveIndex("seminar", "seminar_search"),
        migrations.RemoveField("seminar", "search"),
        migrations.AddField(
            "seminar",
            "search",
            models.GeneratedField(
                db_persist=True, expression=search_vector(), output_field=SearchVectorField()
            ),
        ),
        migrations.AddIndex("seminar", GinIndex(fields=["search"], name="seminar_search")),
        migrations.AddField(
            "seminar",
            "search_text",
            models.GeneratedField(
                db_persist=True,
                expression=SearchFold(
                    Concat(
                        "title",
                        models.Value(" "),
                        "summary",
                        models.Value(" "),
                        "description",
                        models.Value(" "),
                        "audience",
                        models.Value(" "),
                        "place_name",
                        output_field=models.TextField(),
                    )
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            "seminar",
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="seminar_search_text"),
        ),
    ]
