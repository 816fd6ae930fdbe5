"""What waits for somebody in a seminar, how it is asked for again, and what ends it."""

from __future__ import annotations

from common.waiting import WaitingState

WAITING_STATES = (
    WaitingState(
        name="seminars.Registration.registered",
        waits_for="whoever has the seat",
        steps=("coming",),
        reminders=("reminders.seminar_soon",),
        never_ends_because="the seminar is held, or whoever has the seat withdraws",
    ),
    WaitingState(
        name="seminars.Registration.waitlisted",
        waits_for="a seat that comes free",
        no_reminder_because="there is nothing to do; the last word comes by itself",
        ends_by="fill-free-seats",
    ),
    WaitingState(
        name="seminars.Registration.offered",
        waits_for="whoever was offered it",
        steps=("offer",),
        reminders=("reminders.offer_unanswered",),
        ends_by="fill-free-seats",
    ),
    WaitingState(
        name="seminars.Registration.awaiting",
        waits_for="the line manager",
        steps=("approval",),
        reminders=("reminders.approval_unanswered",),
        ends_by="fill-free-seats",
    ),
    WaitingState(
        name="invitation unanswered",
        waits_for="whoever is invited",
        steps=("find_seminar",),
        reminders=("reminders.invitation_unanswered",),
        never_ends_because="registration closes",
    ),
    WaitingState(
        name="seminars.Seminar.draft",
        waits_for="the organiser",
        steps=("organising",),
        reminders=("reminders.draft_unpublished",),
        never_ends_because="it is the organiser's own",
    ),
    WaitingState(
        name="held and not marked",
        waits_for="the organiser",
        steps=("organising",),
        reminders=("reminders.attendance_missing",),
        never_ends_because="attendance may be put right long after",
    ),
)
