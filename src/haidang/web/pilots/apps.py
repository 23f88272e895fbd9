"""The part of the application as Django knows it."""

from django.apps import AppConfig


class PilotsConfig(AppConfig):
    """Pilots."""

    name = "haidang.web.pilots"
    label = "pilots"
