"""Counters, of those who ask by what was agreed with them: each is one number."""

from __future__ import annotations

from django.db import models


class Asked(models.Model):
    """How much somebody asked: the moment at which all of it would have been answered at an even pace.

    Args:
        who: the limit, and who asked.
        even: seconds since 1970.
    """

    who = models.CharField(max_length=200, primary_key=True)
    even = models.FloatField()

    def __str__(self) -> str:
        return self.who
