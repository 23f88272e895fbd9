"""The part of the application as Django knows it."""

from django.apps import AppConfig


class CityConfig(AppConfig):
    """What everybody may see of the city."""

    name = "haidang.web.city"
    label = "city"
