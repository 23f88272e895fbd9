"""The part of the application as Django knows it."""

from django.apps import AppConfig


class FactoriesConfig(AppConfig):
    """Factories, their assessments, applications and consents."""

    name = "haidang.web.factories"
    label = "factories"
