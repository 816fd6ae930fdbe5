"""The worker's and beat's application: `celery -A portal worker`, `celery -A portal beat`."""

import os

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.local")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="schedule")


def show_first_sign_of_life(**about: object) -> None:
    """Else `/readyz/work` would say «not ready» for the first half minute."""
    app.send_task("portal.tasks.record_heartbeat")


beat_init.connect(show_first_sign_of_life)
