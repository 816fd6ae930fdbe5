from django.apps import AppConfig
from django.core.checks import Tags, register

from demo import checks


class DemoConfig(AppConfig):
    name = "demo"

    def ready(self) -> None:
        register(checks.check_no_demo, Tags.security, deploy=True)
