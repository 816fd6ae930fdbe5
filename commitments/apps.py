from django.apps import AppConfig
from django.core.checks import Tags, register

from commitments.evidence import checks


class CommitmentsConfig(AppConfig):
    name = "commitments"

    def ready(self) -> None:
        register(checks.check_seal, Tags.security)
        register(checks.check_seal_of_deployment, Tags.security, deploy=True)
        # Not while migrating, which the owner does.
        register(checks.check_database_role, Tags.database, deploy=True)
