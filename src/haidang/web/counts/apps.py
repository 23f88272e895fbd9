"""The application as Django knows it."""

from django.apps import AppConfig


class CountsConfig(AppConfig):
    """How often somebody asked lately."""

    name = "haidang.web.counts"
    label = "counts"
