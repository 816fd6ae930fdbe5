from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from common.log import configure_structlog
from common.rooms import beat_schedule


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import task_log  # needs Celery's app, which is there by now
        from portal.celery import app
        from portal.metrics import duty_runs

        autodiscover_modules("room")
        app.conf.beat_schedule = beat_schedule()
        configure_structlog()
        task_log.connect()
        duty_runs.connect()
