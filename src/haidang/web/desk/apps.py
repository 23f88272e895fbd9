"""The part of the application as Django knows it."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The tracking desk."""

    name = "haidang.web.desk"
    label = "desk"
