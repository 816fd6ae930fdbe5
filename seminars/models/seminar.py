"""The seminar itself: when, where, about what, by whom, and for how many."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self
from urllib.parse import quote

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.forms import LONGEST_LINK
from common.norwegian import SearchFold
from common.sql import trigger_body
from people.models import Role, RoleGrant, Unit, User, Viewer
from people.organisation import units_in_role
from people.tree import ids_above_row
from seminars.models.choice_room import room_guard
from seminars.models.contact import ContactDetails
from seminars.models.gatherings import Gathering, gatherings_of
from seminars.models.pool import spoken_for
from seminars.models.registration import Registration, staff_units
from seminars.models.search import matches
from seminars.models.seat_counts import count_of, registrations_in, reserved_and_unused
from seminars.models.seminar_role import (
    SeminarRole,
    SeminarRoleGrant,
    is_organised_by,
    seminars_in_role,
)
from seminars.models.session import Session
from seminars.models.states import HOLDS_SEAT, IN_QUEUE, IN_QUEUE_SQL, IS_ACTIVE


class SeminarState(models.TextChoices):
    DRAFT = "draft", _("Utkast")
    PUBLISHED = "published", _("Publisert")
    CANCELLED = "cancelled", _("Avlyst")


class ApprovalDefault(models.TextChoices):
    APPROVE = "approve", _("Påmeldingen blir godkjent")
    DECLINE = "decline", _("Påmeldingen blir avslått")


class WaitingListMode(models.TextChoices):
    AUTOMATIC = "automatic", _("Plassen går til den som står først")
    MANUAL = "manual", _("Arrangøren velger hvem som får plassen")
    OFF = "off", _("Seminaret har ikke venteliste")


class SeminarQuerySet(models.QuerySet["Seminar"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """Published ones for all; cancelled ones for those who were in; the rest for those who
        organise them or have another role there."""
        if isinstance(user, AnonymousUser):
            return self.none()
        was_in = Registration.objects.filter(user=user, state__in=IS_ACTIVE).values("seminar")
        return self.filter(
            Q(state=SeminarState.PUBLISHED)
            | Q(state=SeminarState.CANCELLED, pk__in=was_in)
            | Q(pk__in=seminars_in_role(user, SeminarRole.HOST, on=on))
            | is_organised_by(user, on=on)
        )

    def organised_by(self, user: User, *, on: dt.date) -> Self:
        """Those where the person is an organiser at the unit, or a co-organiser."""
        return self.filter(is_organised_by(user, on=on))

    def catered_by(self, user: User, *, on: dt.date) -> Self:
        """Those held where the person has the logistics role."""
        units = units_in_role(user, Role.LOGISTICS, on=on)
        return self.published().filter(organiser_unit__in=units.values("pk"))

    def with_needs_counts(self) -> Self:
        """Adds `needs_count`: how many of those with a seat have said that they need something."""
        return self.annotate(needs_count=registrations_in(HOLDS_SEAT, needs__isnull=False))

    def announced(self) -> Self:
        """What the catalogue shows: drafts are for the organiser's desk."""
        return self.exclude(state=SeminarState.DRAFT)

    def published(self) -> Self:
        return self.filter(state=SeminarState.PUBLISHED)

    def upcoming(self, now: dt.datetime) -> Self:
        """Not over yet: one that has begun stays until it ends."""
        return self.filter(ends_at__gte=now).order_by("starts_at", "pk")

    def with_gathering_to_come(self, now: dt.datetime) -> Self:
        """Those whose last gathering has not begun: there is something to come to yet."""
        return self.filter(last_gathering_at__gt=now)

    def taking_newcomers(self, now: dt.datetime) -> Self:
        """Those where a seat still goes to whoever waits, as `takes_newcomers` says of one."""
        return self.filter(
            Q(starts_at__gt=now) | Q(admits_latecomers=True, last_gathering_at__gt=now)
        )

    def promoting_by_itself(self) -> Self:
        """Those where whoever has waited longest is given a seat that is free."""
        return self.filter(waiting_list_mode=WaitingListMode.AUTOMATIC)

    def past(self, now: dt.datetime) -> Self:
        return self.filter(ends_at__lt=now).order_by("-starts_at", "-pk")

    def held_between(self, starts: dt.datetime, ends: dt.datetime) -> Self:
        return self.filter(starts_at__lt=ends, ends_at__gt=starts).order_by("starts_at", "pk")

    def matching(self, text: str) -> Self:
        """Those whose texts hold every word, or a compound with it; nothing typed is all."""
        return self.filter(matches(text))

    def with_seat_counts(self) -> Self:
        """Adds what the rows say: how many seats are taken, are held for agencies and not used;
        and how many wait. How many are left for all is then a `seats_left` away."""
        return self.annotate(
            seats_taken=registrations_in(HOLDS_SEAT),
            seats_reserved=reserved_and_unused(),
            waiting_count=registrations_in(IN_QUEUE),
        )

    def with_overdue_count(self, now: dt.datetime) -> Self:
        """Adds `overdue_count`: how many seats are held for somebody whose time is up."""
        overdue = Registration.objects.overdue(now)
        return self.annotate(overdue_count=count_of(overdue))

    def with_parts(self) -> Self:
        """Adds which parts it has, so that a page need not ask for those it has not:
        `has_audiences`, `has_questions`, `has_programme` and `has_speakers`."""
        return self.annotate(**{f"has_{part}": _has_any(part) for part in PARTS})

    def with_roles_of(self, user: User, *, on: dt.date) -> Self:
        """Adds `own_roles`: those the person has on the organising unit, or on one above it; and
        `own_seminar_roles`: those in the seminar itself."""
        above = ids_above_row(OuterRef("organiser_unit"))
        grants = RoleGrant.objects.valid_on(on).filter(user=user, unit__in=above).order_by()
        own = SeminarRoleGrant.objects.held_on(on).filter(user=user, seminar=OuterRef("pk"))
        return self.annotate(
            own_roles=ArraySubquery(grants.values("role")),
            own_seminar_roles=ArraySubquery(own.order_by().values("role")),
        )

    def with_contact(self) -> Self:
        """Adds what `contact_details` says, so that a page need not ask."""
        return self.annotate(
            contact_name=F("contact__name"),
            contact_email=F("contact__email"),
            contact_is_active=F("contact__is_active"),
        )

    def with_staff_units(self, user: User, *, on: dt.date) -> Self:
        """Adds `staff_units`: those whose people the person may bring, the same for each row."""
        own = Func(
            staff_units(user, on),
            function="ARRAY",
            output_field=ArrayField(models.BigIntegerField()),
        )
        return self.annotate(staff_units=own)

    def with_free_seats(self) -> Self:
        return self.alias(_taken=registrations_in(HOLDS_SEAT)).filter(capacity__gt=F("_taken"))

    def held_as(self, *, is_digital: bool) -> Self:
        """With a link to join by, or with a place to come to; a hybrid one is both."""
        if not is_digital:
            return self.exclude(place_name="")
        digital = Session.objects.filter(form__in=["digital", "hybrid"]).values("seminar")
        return self.filter(~Q(meeting_url="") | Q(pk__in=digital))

    def with_registration_of(self, user: User) -> Self:
        own = Registration.objects.active().filter(user=user).values("seminar")
        return self.filter(pk__in=own)

    def with_clash_for(self, user: User) -> Self:
        """Add `has_clash`: the person has a seat elsewhere in the same hours."""
        meanwhile = Session.objects.attended_by(user).exclude(seminar=OuterRef("seminar"))
        overlapping = meanwhile.overlapping(OuterRef("starts_at"), OuterRef("ends_at"))
        clashing = Session.objects.filter(Exists(overlapping), seminar=OuterRef("pk"))
        return self.annotate(has_clash=Exists(clashing))

    def with_own_state(self, user: User) -> Self:
        """Adds the person's own active registration, or null: its `own_state`, and whether they
        came as `own_outcome`."""
        own = Registration.objects.filter(seminar=OuterRef("pk"), user=user, state__in=IS_ACTIVE)
        return self.annotate(
            own_state=Subquery(own.values("state")[:1]),
            own_outcome=Subquery(own.values("outcome")[:1]),
        )


class SeminarManager(models.Manager.from_queryset(SeminarQuerySet)):  # type: ignore[misc]
    """Leaves the search vector in the database: it is asked of, never read."""

    def get_queryset(self) -> SeminarQuerySet:
        rows: SeminarQuerySet = super().get_queryset()
        return rows.defer("search", "search_text")


PARTS = ("audiences", "questions", "programme", "speakers")


def _has_any(part: str) -> Exists:
    model: Any = Seminar._meta.get_field(part).related_model
    return Exists(model.objects.filter(seminar=OuterRef("pk")))


class Seminar(models.Model):
    """A gathering for leaders, of one or more sessions, with a number of seats."""

    title = models.CharField(_("tittel"), max_length=200)
    summary = models.CharField(
        _("kort om seminaret"),
        max_length=300,
        help_text=_("Én eller to setninger som står på kortet i listen."),
    )
    description = models.TextField(_("beskrivelse"), blank=True)
    audience = models.TextField(
        _("målgruppe"), blank=True, help_text=_("Hvem seminaret er laget for.")
    )
    organiser_unit = models.ForeignKey(
        Unit, verbose_name=_("arrangør"), on_delete=models.PROTECT, related_name="seminars"
    )
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="seminars_created", editable=False
    )
    contact = models.ForeignKey(
        User,
        verbose_name=_("kontaktperson"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who answers questions; letters about the seminar are answered to them.",
    )
    contact_phone = models.CharField(_("telefon"), max_length=30, blank=True, db_default="")
    state = models.CharField(
        _("status"), max_length=10, choices=SeminarState, default=SeminarState.DRAFT
    )
    capacity = models.PositiveIntegerField(_("antall plasser"))
    offers_expire_after = models.PositiveSmallIntegerField(
        _("svarfrist på tilbud"),
        null=True,
        blank=True,
        help_text=_(
            "Arbeidstimer den neste på ventelisten får på seg til å svare. "
            "Står feltet tomt, får personen plassen uten å svare."
        ),
    )
    waiting_list_mode = models.CharField(
        _("venteliste"),
        max_length=10,
        choices=WaitingListMode,
        default=WaitingListMode.AUTOMATIC,
        db_default=WaitingListMode.AUTOMATIC,
    )
    waiting_list_limit = models.PositiveIntegerField(
        _("hvor mange som kan stå på ventelisten"),
        null=True,
        blank=True,
        help_text=_("Står feltet tomt, er det ingen grense."),
    )
    approval_days = models.PositiveSmallIntegerField(
        _("godkjenning fra nærmeste leder"),
        null=True,
        blank=True,
        help_text=_("Arbeidsdager lederen får på seg. Står feltet tomt, trengs ingen godkjenning."),
    )
    approval_default = models.CharField(
        _("når lederen ikke svarer"),
        max_length=10,
        choices=ApprovalDefault,
        default=ApprovalDefault.DECLINE,
    )
    registration_opens_at = models.DateTimeField(_("påmeldingen åpner"))
    registration_closes_at = models.DateTimeField(_("påmeldingsfrist"))
    promotion_ends_at = models.DateTimeField(
        _("siste opprykk fra ventelisten"),
        null=True,
        blank=True,
        help_text="After it nobody moves up by themselves; without one, not after the start.",
    )
    starts_at = models.DateTimeField(
        editable=False,
        db_index=True,
        help_text="The first session's start, kept by a trigger on the sessions.",
    )
    ends_at = models.DateTimeField(
        editable=False,
        db_index=True,
        help_text="The last session's end, kept by a trigger on the sessions.",
    )
    last_gathering_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="When its last day's first session starts, kept by a trigger on the sessions.",
    )
    admits_latecomers = models.BooleanField(
        _("nye kan komme med etter første samling"),
        default=False,
        db_default=False,
        help_text=_("Gjelder seminarer over flere dager."),
    )
    place_name = models.CharField(_("sted"), max_length=200, blank=True)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    room = models.CharField(_("rom"), max_length=100, blank=True)
    meeting_url = models.URLField(
        _("lenke til digitalt møte"),
        max_length=LONGEST_LINK,
        blank=True,
        help_text=_("Vises bare for dem som har plass."),
    )
    has_choices = models.BooleanField(
        default=False,
        editable=False,
        help_text="Some of its sessions are parallel; kept by a trigger on the sessions.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancel_reason = models.TextField(_("begrunnelse"), blank=True, editable=False)
    search = models.GeneratedField(
        expression=SearchVector(SearchFold("title"), weight="A", config="norwegian")
        + SearchVector(SearchFold("title"), weight="A", config="simple")
        + SearchVector(SearchFold("summary"), weight="B", config="norwegian")
        + SearchVector(SearchFold("summary"), weight="B", config="simple")
        + SearchVector(
            SearchFold("description"),
            SearchFold("audience"),
            SearchFold("place_name"),
            weight="C",
            config="norwegian",
        )
        + SearchVector(
            SearchFold("description"),
            SearchFold("audience"),
            SearchFold("place_name"),
            weight="C",
            config="simple",
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    search_text = models.GeneratedField(
        expression=SearchFold(
            Concat(
                "title",
                Value(" "),
                "summary",
                Value(" "),
                "description",
                Value(" "),
                "audience",
                Value(" "),
                "place_name",
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    seats_taken: int
    seats_reserved: int
    waiting_count: int
    needs_count: int
    own_state: str | None
    own_outcome: str | None
    staff_units: list[int]
    own_roles: list[str]
    own_seminar_roles: list[str]
    contact_name: str | None
    contact_email: str | None
    contact_is_active: bool | None
    has_audiences: bool
    has_questions: bool
    has_programme: bool
    has_speakers: bool
    has_clash: bool
    # What `with_seat_counts`, `with_own_state`, `with_parts` and `with_clash_for` add.

    objects = SeminarManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["starts_at", "pk"]
        indexes = [
            GinIndex(fields=["search"], name="seminar_search"),
            # Part of a word: three letters at a time.
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="seminar_search_text"),
            models.Index(fields=["state", "starts_at"], name="seminar_state_start"),
        ]
        constraints = [
            models.CheckConstraint(name="seminar_has_a_seat", condition=Q(capacity__gte=1)),
            models.CheckConstraint(
                name="seminar_offers_last_an_hour",
                condition=Q(offers_expire_after__isnull=True) | Q(offers_expire_after__gte=1),
            ),
            models.CheckConstraint(
                name="seminar_waiting_list_mode_is_known",
                condition=Q(waiting_list_mode__in=["automatic", "manual", "off"]),
            ),
            models.CheckConstraint(
                name="seminar_waiting_list_has_room_for_one",
                condition=Q(waiting_list_limit__isnull=True)
                | Q(waiting_list_limit__gte=1) & ~Q(waiting_list_mode="off"),
            ),
            models.CheckConstraint(
                name="seminar_approval_takes_a_day",
                condition=Q(approval_days__isnull=True) | Q(approval_days__gte=1),
            ),
            models.CheckConstraint(
                name="seminar_approval_default_is_known",
                condition=Q(approval_default__in=["approve", "decline"]),
            ),
            models.CheckConstraint(
                name="seminar_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="seminar_registration_closes_after_it_opens",
                condition=Q(registration_closes_at__gt=F("registration_opens_at")),
            ),
            # Until then whoever registers gets a seat that is free, and would pass the queue.
            models.CheckConstraint(
                name="seminar_promotes_until_registration_closes",
                condition=Q(promotion_ends_at__isnull=True)
                | Q(promotion_ends_at__gte=F("registration_closes_at")),
            ),
            models.CheckConstraint(
                name="seminar_state_has_its_times",
                condition=Q(state="draft", published_at=None, cancelled_at=None)
                | Q(state="published", published_at__isnull=False, cancelled_at=None)
                | Q(state="cancelled", published_at__isnull=False, cancelled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="seminar_cancelled_has_a_reason",
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
            ),
        ]
        triggers = [
            # The lock on the row comes before this runs, so no seat is given meanwhile.
            pgtrigger.Trigger(
                name="seminar_keeps_seats_given",
                operation=pgtrigger.UpdateOf("capacity"),
                when=pgtrigger.After,
                declare=[("spoken_for", "integer")],
                func=pgtrigger.Func(
                    trigger_body(
                        "seminars", "seminar_keeps_seats_given", spoken_for=spoken_for("NEW.id")
                    )
                ),
            ),
            pgtrigger.Trigger(
                name="seminar_keeps_who_waits",
                operation=pgtrigger.UpdateOf("waiting_list_mode", "waiting_list_limit"),
                when=pgtrigger.After,
                declare=[("waiting", "integer")],
                func=pgtrigger.Func(
                    trigger_body("seminars", "seminar_keeps_who_waits", in_queue=IN_QUEUE_SQL)
                ),
            ),
            # What others have seen stays, whatever code asks for.
            pgtrigger.Protect(
                name="seminar_is_deleted_as_a_draft_alone",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state="draft"),
            ),
            room_guard(
                "seminar_leaves_room_in_its_choices",
                pgtrigger.UpdateOf("capacity"),
                seminar="id",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def contact_details(self) -> ContactDetails | None:
        """Who answers questions about it; None where nobody does who can be written to.

        Whoever has left is taken away by `departure_actions`, and another is asked for.
        """
        if hasattr(self, "contact_name"):
            name, email, is_here = self.contact_name, self.contact_email, self.contact_is_active
        elif self.contact is not None:
            name, email, is_here = self.contact.name, self.contact.email, self.contact.is_active
        else:
            return None
        if not (name and email and is_here):
            return None
        return ContactDetails(name, email, self.contact_phone)

    @property
    def is_draft(self) -> bool:
        return self.state == SeminarState.DRAFT

    @property
    def is_published(self) -> bool:
        return self.state == SeminarState.PUBLISHED

    @property
    def is_cancelled(self) -> bool:
        return self.state == SeminarState.CANCELLED

    @property
    def promotes_by_itself(self) -> bool:
        return self.waiting_list_mode == WaitingListMode.AUTOMATIC

    @property
    def promotes_by_hand(self) -> bool:
        return self.waiting_list_mode == WaitingListMode.MANUAL

    @property
    def has_waiting_list(self) -> bool:
        return self.waiting_list_mode != WaitingListMode.OFF

    @property
    def is_digital(self) -> bool:
        return bool(self.meeting_url) and not self.place_name

    @property
    def is_hybrid(self) -> bool:
        return bool(self.meeting_url) and bool(self.place_name)

    @property
    def place(self) -> str:
        """Where, on one line, as it stands in letters and calendars; the link is not for all."""
        if self.is_digital:
            return str(_("Digitalt"))
        return ", ".join(part for part in (self.place_name, self.room, self.address) if part)

    @property
    def map_url(self) -> str:
        """Where a map shows its address, or else its place; empty where there is none to go to."""
        place = self.address or self.place_name
        if not place or not settings.MAP_URL:
            return ""
        return settings.MAP_URL.replace("{place}", quote(place, safe=""))

    @property
    def seats_left(self) -> int:
        """For a seminar read `with_seat_counts`: open to all, those held for agencies left out."""
        return max(self.capacity - self.seats_spoken_for, 0)

    @property
    def seats_spoken_for(self) -> int:
        """For a seminar read `with_seat_counts`: taken, or held for agencies and not used."""
        return self.seats_taken + self.seats_reserved

    def sessions_in_order(self) -> list[Session]:
        """Those that are at hand, or else asked for; each knows the seminar."""
        return list(self.sessions.all())

    @property
    def asks_something(self) -> bool:
        """Whether registering takes more than a button; for a seminar read
        `with_parts` and `with_clash_for` the person."""
        return self.has_questions or self.has_choices or self.has_clash

    def has_started(self, now: dt.datetime) -> bool:
        """The first gathering has begun."""
        return self.starts_at <= now

    def has_ended(self, now: dt.datetime) -> bool:
        """The last gathering is over."""
        return self.ends_at < now

    def has_gathering_to_come(self, now: dt.datetime) -> bool:
        """The last gathering has not begun: a seat is still worth something."""
        return now < (self.last_gathering_at or self.starts_at)

    @property
    def has_several_gatherings(self) -> bool:
        return self.last_gathering_at is not None and self.last_gathering_at > self.starts_at

    @property
    def joining_ends_at(self) -> dt.datetime:
        """Until when a seat goes to somebody new: the first gathering, or the last where the
        organiser lets people come in later."""
        if self.admits_latecomers and self.last_gathering_at is not None:
            return self.last_gathering_at
        return self.starts_at

    def takes_newcomers(self, now: dt.datetime) -> bool:
        """Seats that are free still go to the queue, and to whoever registers."""
        return now < self.joining_ends_at

    def gatherings(self) -> list[Gathering]:
        return gatherings_of(self.sessions_in_order())

    def is_held_now(self, now: dt.datetime) -> bool:
        """A gathering is going on, its breaks included: people stand at the door."""
        if not self.starts_at <= now <= self.ends_at:
            return False
        return any(one.starts_at <= now <= one.ends_at for one in self.gatherings())

    def is_between_gatherings(self, now: dt.datetime) -> bool:
        """It has begun, no gathering is going on, and there is one to come."""
        is_under_way = self.has_started(now) and self.has_gathering_to_come(now)
        return is_under_way and not self.is_held_now(now)

    def next_gathering_at(self, now: dt.datetime) -> dt.datetime | None:
        """When people meet next; None when the last gathering has begun."""
        if now < self.starts_at:
            return self.starts_at
        if not self.has_gathering_to_come(now):
            return None
        return min(one.starts_at for one in self.gatherings() if now < one.starts_at)
