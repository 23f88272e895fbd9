"""The part of the application as Django knows it."""

from django.apps import AppConfig


class LabConfig(AppConfig):
    """The laboratory."""

    name = "haidang.web.lab"
    label = "lab"
