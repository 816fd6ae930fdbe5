from django.apps import AppConfig
from django.core.checks import Tags, register

from certificates import checks


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        register(checks.check_badge_key, Tags.security, deploy=True)
