"""The part of the application as Django knows it."""

from django.apps import AppConfig


class LabConfig(AppConfig):
    """The laboratory."""

    name = "haidang.web.lab"
    label = "lab"

    def ready(self) -> None:
        """Prepare the programmes of who logs in from now on."""
        from django.contrib.auth.signals import user_logged_in

        from haidang.web.lab.expected import prepare_for

        user_logged_in.connect(prepare_for)
