"""The part of the application as Django knows it."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work that takes longer than a request."""

    name = "haidang.web.jobs"
    label = "jobs"
