from django.apps import AppConfig
from django.core.checks import Tags, register

from commitments import checks


class CommitmentsConfig(AppConfig):
    name = "commitments"

    def ready(self) -> None:
        # Not while migrating, which the owner does.
        register(checks.check_database_role, Tags.database, deploy=True)
