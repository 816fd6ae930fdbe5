from django.conf import settings

from portal.celery import app


def test_beat_names_no_task_that_is_not_there() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled - set(app.tasks) == set()


def test_no_sweep_or_reminder_is_left_off_the_schedule() -> None:
    """Tasks without arguments are what beat is for; each is on its schedule."""
    app.loader.import_default_modules()
    ours = {
        name: task
        for name, task in app.tasks.items()
        if not name.startswith("celery.") and task.run.__code__.co_argcount == 0
    }
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert set(ours) - scheduled == set()
