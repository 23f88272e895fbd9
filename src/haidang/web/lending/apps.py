"""The part of the application as Django knows it."""

from django.apps import AppConfig


class LendingConfig(AppConfig):
    """What lenders see of applications, and what they write down of them."""

    name = "haidang.web.lending"
    label = "lending"
