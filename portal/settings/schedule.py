"""When beat starts each duty: by the clock on the wall, never so long after the last time.

An interval counts from when beat first saw it. A beat whose schedule file is new at each start, as
in a container, counts from its own start, and one that is restarted more often than the interval is
long never gets that far. A minute of the clock comes whenever beat was started.
"""

from __future__ import annotations

from celery.schedules import crontab

HEARTBEAT_SECONDS = 30
"""The one interval: `/readyz` asks for it, and beat's first sign of life comes as it starts."""

# At night, and outside the hour that a change of clocks skips or repeats.
DAILY_DUTIES = {
    "forget-former-names": {
        "task": "people.tasks.forget_former_names",
        "schedule": crontab(hour="4", minute="5"),
    },
    "forget-ended-sessions": {
        "task": "accounts.tasks.clear_sessions",
        "schedule": crontab(hour="4", minute="25"),
    },
    "empty-old-letters": {
        "task": "outbox.tasks.empty_old_letters",
        "schedule": crontab(hour="4", minute="10"),
    },
    "count-attendance": {
        "task": "reports.tasks.count_attendance",
        "schedule": crontab(hour="5", minute="10"),
    },
    "hand-over-missions": {
        "task": "missions.tasks.hand_over_missions",
        "schedule": crontab(hour="4", minute="40"),
    },
}
# In working hours: organisers get a letter, and the night's file from HR is in.
WORKING_DAY_DUTIES = {
    "withdraw-departed": {
        "task": "seminars.tasks.withdraw_departed",
        "schedule": crontab(hour="10", minute="20"),
    },
}
HOURLY_DUTIES = {
    "erase-personal-data": {
        "task": "seminars.tasks.erase_personal_data",
        "schedule": crontab(minute="23"),
    },
    "erase-agreements": {
        "task": "commitments.schedule.erase_agreements",
        "schedule": crontab(minute="37"),
    },
}
FREQUENT_DUTIES = {
    "deliver-waiting-letters": {"task": "outbox.tasks.sweep_letters", "schedule": crontab()},
    "queue-due-reminders": {
        "task": "reminders.tasks.queue_due_reminders",
        "schedule": crontab(minute="*/5"),
    },
    "fill-free-seats": {
        "task": "seminars.tasks.reconcile_waiting_lists",
        "schedule": crontab(minute="1-59/5"),
    },
    "make-missing-documents": {
        "task": "commitments.tasks.sweep_documents",
        "schedule": crontab(minute="2-59/5"),
    },
    "keep-agreements": {
        "task": "commitments.schedule.keep_agreements",
        "schedule": crontab(minute="3-59/15"),
    },
    "keep-pulses": {
        "task": "pulse.tasks.keep_pulses",
        "schedule": crontab(minute="8-59/15"),
    },
}
CELERY_BEAT_SCHEDULE = (
    DAILY_DUTIES
    | WORKING_DAY_DUTIES
    | HOURLY_DUTIES
    | FREQUENT_DUTIES
    | {
        "beat-heartbeat": {
            "task": "portal.tasks.record_heartbeat",
            "schedule": HEARTBEAT_SECONDS,
        }
    }
)
