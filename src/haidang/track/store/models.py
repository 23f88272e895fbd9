"""The tables: a record as it stands, every change that made it so, forecasts as they were made, and both ends."""

from __future__ import annotations

from django.db import models

KIND_LENGTH, ID_LENGTH, HASH_LENGTH, NAME_LENGTH = 20, 100, 64, 200


class Record(models.Model):
    """A record as it stands; `body` is JSON and equals that of its last change."""

    kind = models.CharField(max_length=KIND_LENGTH)
    name = models.CharField(max_length=ID_LENGTH)
    version = models.PositiveIntegerField()
    body = models.TextField()

    class Meta:
        """One record for a kind and an id."""

        app_label = "track"
        constraints = (models.UniqueConstraint(fields=("kind", "name"), name="track_record_once"),)


class Change(models.Model):
    """One link of the chain. The database refuses to change or delete it."""

    number = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=KIND_LENGTH)
    name = models.CharField(max_length=ID_LENGTH)
    version = models.PositiveIntegerField()
    action = models.CharField(max_length=KIND_LENGTH)
    by = models.CharField(max_length=NAME_LENGTH)
    at = models.DateTimeField()
    evidence = models.CharField(max_length=HASH_LENGTH, blank=True)
    body = models.TextField()
    previous = models.CharField(max_length=HASH_LENGTH)
    hash = models.CharField(max_length=HASH_LENGTH)

    class Meta:
        """One change for a version of a record."""

        app_label = "track"
        constraints = (models.UniqueConstraint(fields=("kind", "name", "version"), name="track_change_once"),)


class Forecast(models.Model):
    """A forecast as it was made; `body` is JSON. The database refuses to change or delete it."""

    number = models.BigIntegerField(primary_key=True)
    digest = models.CharField(max_length=HASH_LENGTH, unique=True)
    target = models.CharField(max_length=NAME_LENGTH)
    made = models.DateField()
    by = models.DateField()
    body = models.TextField()
    previous = models.CharField(max_length=HASH_LENGTH)
    hash = models.CharField(max_length=HASH_LENGTH)

    class Meta:
        """One row for a forecast from the same inputs on the same day."""

        app_label = "track"


class Head(models.Model):
    """The last link of a chain: its number and its hash. Whoever writes holds its row, so one comes after another."""

    number = models.BigIntegerField()
    hash = models.CharField(max_length=HASH_LENGTH)

    class Meta:
        """Two rows: the end of the log of changes, and that of the forecasts."""

        app_label = "track"
