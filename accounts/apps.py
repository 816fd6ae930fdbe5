from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import events, sessions  # need the models, which are there by now

        events.connect()
        sessions.listen()
