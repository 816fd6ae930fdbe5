import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import common.norwegian
import seminars.models.participation


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Seminar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="tittel")),
                (
                    "summary",
                    models.CharField(
                        help_text="Én eller to setninger som står på kortet i listen.",
                        max_length=300,
                        verbose_name="kort om seminaret",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="beskrivelse")),
                (
                    "audience",
                    models.TextField(
                        blank=True,
                        help_text="Hvem seminaret er laget for.",
                        verbose_name="målgruppe",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Utkast"),
                            ("published", "Publisert"),
                            ("cancelled", "Avlyst"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("capacity", models.PositiveIntegerField(verbose_name="antall plasser")),
                ("registration_opens_at", models.DateTimeField(verbose_name="påmeldingen åpner")),
                ("registration_closes_at", models.DateTimeField(verbose_name="påmeldingsfrist")),
                (
                    "starts_at",
                    models.DateTimeField(
                        db_index=True,
                        editable=False,
                        help_text="The first session's start, kept by a trigger on the sessions.",
                    ),
                ),
                (
                    "ends_at",
                    models.DateTimeField(
                        db_index=True,
                        editable=False,
                        help_text="The last session's end, kept by a trigger on the sessions.",
                    ),
                ),
                ("place_name", models.CharField(blank=True, max_length=200, verbose_name="sted")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="adresse")),
                ("room", models.CharField(blank=True, max_length=100, verbose_name="rom")),
                (
                    "meeting_url",
                    models.URLField(
                        blank=True,
                        help_text="Vises bare for dem som har plass.",
                        verbose_name="lenke til digitalt møte",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                ("cancelled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "cancel_reason",
                    models.TextField(blank=True, editable=False, verbose_name="begrunnelse"),
                ),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.CombinedSearchVector(
                            django.contrib.postgres.search.CombinedSearchVector(
                                django.contrib.postgres.search.CombinedSearchVector(
                                    django.contrib.postgres.search.CombinedSearchVector(
                                        django.contrib.postgres.search.CombinedSearchVector(
                                            django.contrib.postgres.search.SearchVector(
                                                common.norwegian.SearchFold("title"),
                                                config="norwegian",
                                                weight="A",
                                            ),
                                            "||",
                                            django.contrib.postgres.search.SearchVector(
                                                common.norwegian.SearchFold("title"),
                                                config="simple",
                                                weight="A",
                                            ),
                                            django.contrib.postgres.search.SearchConfig(
                                                "norwegian"
                                            ),
                                        ),
                                        "||",
                                        django.contrib.postgres.search.SearchVector(
                                            common.norwegian.SearchFold("summary"),
                                            config="norwegian",
                                            weight="B",
                                        ),
                                        django.contrib.postgres.search.SearchConfig("norwegian"),
                                    ),
                                    "||",
                                    django.contrib.postgres.search.SearchVector(
                                        common.norwegian.SearchFold("summary"),
                                        config="simple",
                                        weight="B",
                                    ),
                                    django.contrib.postgres.search.SearchConfig("norwegian"),
                                ),
                                "||",
                                django.contrib.postgres.search.SearchVector(
                                    common.norwegian.SearchFold("description"),
                                    common.norwegian.SearchFold("audience"),
                                    common.norwegian.SearchFold("place_name"),
                                    config="norwegian",
                                    weight="C",
                                ),
                                django.contrib.postgres.search.SearchConfig("norwegian"),
                            ),
                            "||",
                            django.contrib.postgres.search.SearchVector(
                                common.norwegian.SearchFold("description"),
                                common.norwegian.SearchFold("audience"),
                                common.norwegian.SearchFold("place_name"),
                                config="simple",
                                weight="C",
                            ),
                            django.contrib.postgres.search.SearchConfig("norwegian"),
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seminars_created",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organiser_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seminars",
                        to="people.unit",
                        verbose_name="arrangør",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "pk"],
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("was_leader", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("registered", "Påmeldt"),
                            ("waitlisted", "På venteliste"),
                            ("offered", "Tilbud om plass"),
                            ("withdrawn", "Avmeldt"),
                            ("removed", "Fjernet av arrangøren"),
                        ],
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "queued_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="The order of the queue; kept when a seat is given.",
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(help_text="When the seat was given.", null=True),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(
                        help_text="When it ended, by the person or by the organiser.", null=True
                    ),
                ),
                (
                    "calendar_uid",
                    models.CharField(
                        default=seminars.models.participation.new_calendar_uid,
                        editable=False,
                        max_length=60,
                        unique=True,
                    ),
                ),
                ("calendar_sequence", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                        verbose_name="virksomhet",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                        verbose_name="enhet",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seminar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="seminars.seminar",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starter")),
                ("title", models.CharField(max_length=200, verbose_name="tittel")),
                (
                    "description",
                    models.CharField(blank=True, max_length=500, verbose_name="beskrivelse"),
                ),
                (
                    "seminar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="programme",
                        to="seminars.seminar",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("was_leader", models.BooleanField(default=False)),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "agency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                        verbose_name="virksomhet",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                        verbose_name="enhet",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seminar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="seminars.seminar",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="Kan stå tom når seminaret har én samling.",
                        max_length=200,
                        verbose_name="navn på samlingen",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="starter")),
                ("ends_at", models.DateTimeField(verbose_name="slutter")),
                ("room", models.CharField(blank=True, max_length=100, verbose_name="rom")),
                (
                    "seminar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to="seminars.seminar",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Speaker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="navn")),
                (
                    "title",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="tittel og arbeidssted"
                    ),
                ),
                ("biography", models.TextField(blank=True, verbose_name="om")),
                (
                    "seminar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="speakers",
                        to="seminars.seminar",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("attended", "Møtt"),
                            ("no_show", "Ikke møtt"),
                            ("excused", "Gyldig fravær"),
                        ],
                        max_length=10,
                        verbose_name="oppmøte",
                    ),
                ),
                ("marked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "marked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendance",
                        to="seminars.registration",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["attended", "no_show", "excused"])),
                        name="attendance_outcome_is_known",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="seminar",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="seminar_search"
            ),
        ),
        migrations.AddIndex(
            model_name="seminar",
            index=models.Index(fields=["state", "starts_at"], name="seminar_state_start"),
        ),
        migrations.AddConstraint(
            model_name="seminar",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__gte", 1)), name="seminar_has_a_seat"
            ),
        ),
        migrations.AddConstraint(
            model_name="seminar",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="seminar_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="seminar",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("registration_closes_at__gt", models.F("registration_opens_at"))
                ),
                name="seminar_registration_closes_after_it_opens",
            ),
        ),
        migrations.AddConstraint(
            model_name="seminar",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_at", None), ("published_at", None), ("state", "draft")),
                    models.Q(
                        ("cancelled_at", None),
                        ("published_at__isnull", False),
                        ("state", "published"),
                    ),
                    models.Q(
                        ("cancelled_at__isnull", False),
                        ("published_at__isnull", False),
                        ("state", "cancelled"),
                    ),
                    _connector="OR",
                ),
                name="seminar_state_has_its_times",
            ),
        ),
        migrations.AddConstraint(
            model_name="seminar",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), _negated=True),
                    models.Q(("cancel_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="seminar_cancelled_has_a_reason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seminar",
            trigger=pgtrigger.compiler.Trigger(
                name="seminar_keeps_seats_given",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE taken integer;",
                    func="\n                    SELECT count(*) INTO taken FROM seminars_registration\n                     WHERE seminar_id = NEW.id AND state IN ('registered', 'offered');\n                    IF taken > NEW.capacity THEN\n                        RAISE EXCEPTION 'seminar % has % seats taken, more than %',\n                            NEW.id, taken, NEW.capacity\n                            USING ERRCODE = 'check_violation',\n                                  CONSTRAINT = 'seminar_is_never_overbooked';\n                    END IF;\n                    RETURN NULL;\n                    ",
                    hash="b71623fb819a814401246f36cdd782134bbb30dd",
                    operation='UPDATE OF "capacity"',
                    pgid="pgtrigger_seminar_keeps_seats_given_9473d",
                    table="seminars_seminar",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(fields=["seminar", "state"], name="registration_seat_count"),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                condition=models.Q(("state", "waitlisted")),
                fields=["seminar", "queued_at", "id"],
                name="registration_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(fields=["agency", "seminar"], name="registration_agency"),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["registered", "waitlisted", "offered"])),
                fields=("seminar", "user"),
                name="registration_is_one_while_active",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["withdrawn", "removed"]), ("withdrawn_at__isnull", False)
                    ),
                    models.Q(
                        ("state__in", ["registered", "waitlisted", "offered"]),
                        ("withdrawn_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="registration_over_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at__isnull", False), ("state", "registered")),
                    models.Q(
                        ("confirmed_at__isnull", True), ("state__in", ["waitlisted", "offered"])
                    ),
                    ("state__in", ["withdrawn", "removed"]),
                    _connector="OR",
                ),
                name="registration_seat_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at__isnull", True),
                    ("confirmed_at__isnull", True),
                    ("withdrawn_at__gte", models.F("confirmed_at")),
                    _connector="OR",
                ),
                name="registration_times_in_order",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="registration",
            trigger=pgtrigger.compiler.Trigger(
                name="registration_has_a_seat",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE seats integer; taken integer;",
                    func="\n                    IF NEW.state NOT IN ('registered', 'offered') THEN RETURN NEW; END IF;\n                    IF TG_OP = 'UPDATE' AND OLD.state IN ('registered', 'offered')\n                       AND OLD.seminar_id = NEW.seminar_id THEN RETURN NEW; END IF;\n                    IF current_setting('transaction_isolation') = 'repeatable read' THEN\n                        RAISE EXCEPTION 'seats are counted in READ COMMITTED or SERIALIZABLE';\n                    END IF;\n                    SELECT capacity INTO seats FROM seminars_seminar\n                     WHERE id = NEW.seminar_id FOR NO KEY UPDATE;\n                    SELECT count(*) INTO taken FROM seminars_registration\n                     WHERE seminar_id = NEW.seminar_id AND state IN ('registered', 'offered')\n                       AND id <> NEW.id;\n                    IF taken >= seats THEN\n                        RAISE EXCEPTION 'seminar % has no seat left of %', NEW.seminar_id, seats\n                            USING ERRCODE = 'check_violation',\n                                  CONSTRAINT = 'seminar_is_never_overbooked';\n                    END IF;\n                    RETURN NEW;\n                    ",
                    hash="e0e6d6440fd0f5d9ca76405e7c6f6d4dd374e698",
                    operation='INSERT OR UPDATE OF "state", "seminar_id"',
                    pgid="pgtrigger_registration_has_a_seat_c83b8",
                    table="seminars_registration",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                fields=("seminar", "user"), name="invitation_is_sent_once_to_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="session_ends_after_it_starts",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="session",
            trigger=pgtrigger.compiler.Trigger(
                name="session_sets_the_seminars_times",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE of_seminar bigint;",
                    func="\n                    of_seminar := CASE WHEN TG_OP = 'DELETE'\n                                       THEN OLD.seminar_id ELSE NEW.seminar_id END;\n                    UPDATE seminars_seminar AS seminar\n                       SET starts_at = times.first, ends_at = times.last\n                      FROM (SELECT min(starts_at) AS first, max(ends_at) AS last\n                              FROM seminars_session WHERE seminar_id = of_seminar) AS times\n                     WHERE seminar.id = of_seminar AND times.first IS NOT NULL\n                       AND (seminar.starts_at, seminar.ends_at) IS DISTINCT FROM\n                           (times.first, times.last);\n                    RETURN NULL;\n                    ",
                    hash="4e51c7ab92a176233378d3e8755e67d7f876d42e",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_session_sets_the_seminars_times_27069",
                    table="seminars_session",
                    when="AFTER",
                ),
            ),
        ),
    ]
