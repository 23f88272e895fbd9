"""The part of the application as Django knows it."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The interface for programs."""

    name = "haidang.web.api"
    label = "api"
