"""Norwegian order and search, the same on every PostgreSQL.

Nothing here leans on a collation of the server: the embedded wheel is built without ICU, and an
index built under one version of a collation library is wrong under the next. The two SQL
functions below use `translate` and `replace` alone, so they are IMMUTABLE in earnest.
"""

from django.db import models
from django.db.models import F, Func

SORT_KEY_SQL = """
CREATE OR REPLACE FUNCTION norwegian_sort_key(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(
    replace(
      translate(value,
        'ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅÄÖÜÉÈÊÓÒÔÁÀÂŠČĐŊŦŽäöüéèêóòôáàâščđŋŧž',
        'abcdefghijklmnopqrstuvwxyzæøåæøyeeeoooaaascdntzæøyeeeoooaaascdntz'),
      'aa', 'å'),
    'æøå', '{|}')
$$;
"""
"""æ, ø and å become the three characters after z in ASCII; «Aa» sorts as «Å»."""

SEARCH_FOLD_SQL = """
CREATE OR REPLACE FUNCTION norwegian_search_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT replace(replace(replace(
    translate(value,
      'ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅÄÖÜÉÈÊÓÒÔÁÀÂŠČĐŊŦŽäöüéèêóòôáàâščđŋŧž',
      'abcdefghijklmnopqrstuvwxyzæøåæøyeeeoooaaascdntzæøyeeeoooaaascdntz'),
    'å', 'aa'), 'ø', 'oe'), 'æ', 'ae')
$$;
"""
"""What is typed «Gronland», «Grønland» or «GROENLAND» … `ø` and `oe` are one; case is none."""

DROP_SQL = (
    "DROP FUNCTION IF EXISTS norwegian_sort_key(text);"
    "DROP FUNCTION IF EXISTS norwegian_search_fold(text);"
)


class SortKey(Func):
    """SQL: the text's place in Norwegian order, to be compared under COLLATE "C"."""

    function = "norwegian_sort_key"
    output_field = models.CharField(db_collation="C")


class SearchFold(Func):
    """SQL: the text with case gone and æ/ae, ø/oe, å/aa made one."""

    function = "norwegian_search_fold"
    output_field = models.TextField()


def sort_key_field(source: str) -> models.GeneratedField:
    """A stored column that orders rows by `source` as a Norwegian dictionary would."""
    return models.GeneratedField(
        expression=SortKey(F(source)),
        output_field=models.CharField(max_length=400, db_collation="C"),
        db_persist=True,
        db_index=True,
    )
