from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from common.log import configure_structlog


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import events, sessions  # need the models, which are there by now

        autodiscover_modules("trail")
        configure_structlog()
        events.connect()
        sessions.listen()
