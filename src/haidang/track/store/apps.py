"""The store as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class TrackStoreConfig(AppConfig):
    """Records, the log of their changes and its head."""

    name = "haidang.track.store"
    label = "track"
    default_auto_field = "django.db.models.BigAutoField"
