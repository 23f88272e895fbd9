"""The part of the application as Django knows it."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The log of what was done."""

    name = "haidang.web.ledger"
    label = "ledger"
