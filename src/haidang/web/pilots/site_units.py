"""The factories of this site as the units of a pilot: under the numbers by which lenders' outcomes name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from haidang.web.factories.models import Factory
from haidang.web.people.models import User
from haidang.web.tables import csv_answer

if TYPE_CHECKING:
    import polars as pl

UNITS = "units.csv"


def has_factories(viewer: User | AnonymousUser) -> bool:
    """Whether a reader may see any factory of this site."""
    return Factory.objects.visible_to(viewer).exists()


def site_units(viewer: User | AnonymousUser) -> pl.DataFrame:
    """A row for each factory that a reader may see, with what is known of it; a column only where it is known of all.

    Examples are left out where there is any other factory, as in the lenders' outcomes.
    """
    import polars as pl

    factories = Factory.objects.visible_to(viewer)
    if factories.filter(example=False).exists():
        factories = factories.filter(example=False)
    rows = [{"id": str(one.unit), **one.known} for one in factories.order_by("tax_code")]
    names = list(rows[0]) if rows else []
    whole = [name for name in names if all(name in row for row in rows)]
    return pl.DataFrame([{name: row[name] for name in whole} for row in rows], infer_schema_length=None)


def units_file(table: pl.DataFrame) -> HttpResponse:
    """Those units as a file: what is taken away, and what lots are drawn from here, are of the same bytes."""
    return csv_answer(UNITS, table.columns, table.iter_rows())
