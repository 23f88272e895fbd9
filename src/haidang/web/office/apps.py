"""The part of the application as Django knows it."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The administration."""

    name = "haidang.web.office"
    label = "office"
