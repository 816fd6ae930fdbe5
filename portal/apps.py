from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from common.log import configure_structlog


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import task_log  # needs Celery's app, which is there by now

        autodiscover_modules("room")
        configure_structlog()
        task_log.connect()
