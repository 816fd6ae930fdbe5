from django.apps import AppConfig
from django.core.checks import Tags, register

from evidence import checks


class EvidenceConfig(AppConfig):
    name = "evidence"

    def ready(self) -> None:
        register(checks.check_seal, Tags.security)
        register(checks.check_seal_of_deployment, Tags.security, deploy=True)
