"""The application as Django knows it."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell: words, static files, access."""

    name = "haidang.web"
    label = "web"
