"""The tables: a record as it stands, every change that made it so, and the end of the chain."""

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


class Head(models.Model):
    """The last link: its number and its hash. Whoever writes holds its one row, so changes come one after another."""

    number = models.BigIntegerField()
    hash = models.CharField(max_length=HASH_LENGTH)

    class Meta:
        """A single row."""

        app_label = "track"
