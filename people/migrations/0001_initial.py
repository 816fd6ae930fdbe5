import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import common.norwegian


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        # Equality of ids and overlap of dates in one index: the exclusion constraints below.
        django.contrib.postgres.operations.BtreeGistExtension(),
        migrations.RunSQL(
            common.norwegian.SORT_KEY_SQL + common.norwegian.SEARCH_FOLD_SQL,
            common.norwegian.DROP_SQL,
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "email",
                    models.EmailField(
                        error_messages={"unique": "E-postadressen er i bruk av en annen."},
                        max_length=254,
                        unique=True,
                        verbose_name="e-post",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="navn")),
                (
                    "hr_id",
                    models.CharField(
                        blank=True, max_length=40, null=True, unique=True, verbose_name="HR-nummer"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("nb", "Bokmål"), ("en", "English")],
                        default="nb",
                        max_length=5,
                        verbose_name="språk",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="kan logge inn")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "sort_key",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=common.norwegian.SortKey(models.F("name")),
                        output_field=models.CharField(db_collation="C", max_length=400),
                    ),
                ),
            ],
            options={
                "ordering": ["sort_key"],
                "indexes": [
                    models.Index(
                        django.db.models.functions.text.Upper("email"),
                        name="user_email_whatever_the_case",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower("email"))
                        ),
                        name="user_email_is_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["nb", "en"])),
                        name="user_language_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="fra og med")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="til og med")),
                ("hr_id", models.CharField(max_length=40, unique=True, verbose_name="HR-nummer")),
                ("name", models.CharField(max_length=200, verbose_name="navn")),
                (
                    "short_name",
                    models.CharField(blank=True, max_length=40, verbose_name="kortnavn"),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("municipality", "kommune"),
                            ("agency", "virksomhet"),
                            ("unit", "enhet"),
                        ],
                        max_length=20,
                        verbose_name="nivå",
                    ),
                ),
                (
                    "level_name",
                    models.CharField(
                        help_text="Det enheten kalles, som «bydel» eller «klinikk».",
                        max_length=60,
                        verbose_name="nivånavn",
                    ),
                ),
                (
                    "sort_key",
                    models.GeneratedField(
                        db_index=True,
                        db_persist=True,
                        expression=common.norwegian.SortKey(models.F("name")),
                        output_field=models.CharField(db_collation="C", max_length=400),
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        help_text="Nærmeste virksomhet oppover; virksomheten selv for en virksomhet.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agency_units",
                        to="people.unit",
                        verbose_name="virksomhet",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="people.unit",
                        verbose_name="enheten over",
                    ),
                ),
                (
                    "successors",
                    models.ManyToManyField(
                        blank=True,
                        related_name="predecessors",
                        to="people.unit",
                        verbose_name="etterfølgere",
                    ),
                ),
            ],
            options={
                "ordering": ["sort_key"],
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="fra og med")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="til og med")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("organiser", "arrangør"),
                            ("coordinator", "koordinator"),
                            ("logistics", "logistikk"),
                            ("hr", "HR"),
                            ("administrator", "administrator"),
                        ],
                        max_length=20,
                        verbose_name="rolle",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants_given",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="role_grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="role_grants",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="fra og med")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="til og med")),
                ("title", models.CharField(max_length=200, verbose_name="stilling")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["valid_from", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Leadership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="fra og med")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="til og med")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaderships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaderships",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["valid_from", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AuditRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("action", models.CharField(max_length=80)),
                ("object_type", models.CharField(max_length=80)),
                ("object_id", models.CharField(max_length=40)),
                ("reason", models.TextField(blank=True)),
                ("details", models.JSONField(default=dict)),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        fields=["object_type", "object_id"], name="people_audi_object__ddda38_idx"
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_record_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ea32a0e339e83273c1b40387ef7cb141b895d911",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_audit_record_append_only_863c9",
                    table="people_auditrecord",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="audit_record_no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'Cannot truncate %', TG_TABLE_NAME;",
                    hash="923c643b564df3114fa62ec3d400be7f64a93698",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_audit_record_no_truncate_d73b0",
                    table="people_auditrecord",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="unit_validity_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True),
                    models.Q(("parent", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="unit_is_not_its_own_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["municipality", "agency", "unit"])),
                name="unit_level_is_known",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unit",
            trigger=pgtrigger.compiler.Trigger(
                name="unit_tree_has_no_circle",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n    IF EXISTS (\n        WITH RECURSIVE above(id) AS (\n            SELECT parent_id FROM people_unit WHERE id = NEW.id\n          UNION\n            SELECT unit.parent_id FROM people_unit unit JOIN above ON unit.id = above.id\n        ) SELECT FROM above WHERE id = NEW.id\n    ) THEN\n        RAISE EXCEPTION 'Unit % would stand above itself', NEW.hr_id\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_tree_has_no_circle';\n    END IF;\n    RETURN NULL;\n",
                    hash="d16d5bb6468d603ae6f6444e94fd9c94f637d73d",
                    operation='INSERT OR UPDATE OF "parent_id"',
                    pgid="pgtrigger_unit_tree_has_no_circle_6a187",
                    table="people_unit",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="role_grant_validity_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["organiser", "coordinator", "logistics", "hr", "administrator"])
                ),
                name="role_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("user", "="),
                    ("role", "="),
                    ("unit", "="),
                    (
                        models.Func(
                            "valid_from",
                            "valid_to",
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="role_is_granted_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="position",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="position_validity_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="position",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("user", "="),
                    ("unit", "="),
                    ("title", "="),
                    (
                        models.Func(
                            "valid_from",
                            "valid_to",
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="position_does_not_overlap_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="leadership_validity_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("unit", "="),
                    (
                        models.Func(
                            "valid_from",
                            "valid_to",
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="unit_has_one_leader_at_a_time",
            ),
        ),
    ]
