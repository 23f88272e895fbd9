"""The part of the application as Django knows it."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Users, organisations and what each may do."""

    name = "haidang.web.people"
    label = "people"

    def ready(self) -> None:
        """Listen to logins."""
        from haidang.web.people.heard import listen

        listen()
