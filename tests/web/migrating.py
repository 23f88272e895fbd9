"""A database as the first migration of each room made it, filled, and brought up to date as a site does it.

Runs inside a site's environment (`site.ran`), before anything touched its database.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connections, models, transaction
from django.db.migrations.executor import MigrationExecutor

ROWS = 2
"""So many rows in every table."""
WHEN = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
CHAINED = frozenset({"ledger", "track"})
"""Rooms whose rows seal one another: they are written by the rooms themselves."""


def main() -> None:
    """Build, fill, bring up to date; print what was there before and afterwards."""
    call_command("migrate", "track", "0001", database="records", verbosity=0)
    call_command("migrate", "counts", database="counts", verbosity=0)
    first = first_state()
    with transaction.atomic():
        made = {model._meta.label: fill(model, first) for model in in_order(first)}
    chains()
    before = {label: told(first.get_model(label)) for label in made}
    from haidang.web.serve import update_database

    update_database()
    now = {label: told(apps.get_model(label), before[label]) for label in made}
    wrong = [label for label in made if now[label] != before[label]]
    from haidang.web.desk.book import STORE
    from haidang.web.ledger.write import verify

    changed = "none"
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=3)
    except SystemExit:
        changed = "some"
    tables = {label: len(rows) for label, rows in before.items()}
    later = sorted(f"{one}.{two}" for one, two in newer())
    whole = [verify().entries, STORE.verify().changes]
    print(json.dumps({"tables": tables, "wrong": wrong, "whole": whole, "later": later, "changed": changed}))


def first_state() -> Any:
    """Migrate to the first migrations of the rooms, and give the models of that state.

    A room whose first migration needs a later one of another room came later: it begins empty.
    """
    executor = MigrationExecutor(connections["default"])
    graph, late = executor.loader.graph, set(newer())
    rooms = [config.label for config in apps.get_app_configs() if config.name.startswith("haidang.web.")]
    roots = [root for root in graph.root_nodes() if root[0] in rooms]
    roots += [key for key in graph.nodes if key[0] in rooms and key[1].startswith("0001") and key not in roots]
    targets = [one for one in roots if not late & set(graph.forwards_plan(one))]
    return executor.migrate(targets).apps


def newer() -> list[tuple[str, str]]:
    """The migrations of the rooms that are not their first."""
    graph = MigrationExecutor(connections["default"]).loader.graph
    rooms = {config.label for config in apps.get_app_configs() if config.name.startswith("haidang.")}
    return [key for key in graph.nodes if key[0] in rooms and not key[1].startswith("0001")]


def in_order(state: Any) -> list[Any]:
    """The models of the rooms, each after those to which it points."""
    rooms = {config.label for config in apps.get_app_configs() if config.name.startswith("haidang.web.")}
    own = rooms - CHAINED - {"counts"}  # which nobody keeps
    waiting = [one for one in state.get_models() if one._meta.app_label in own]
    found: list[Any] = []
    while waiting:
        for one in waiting:
            needed = {each.related_model for each in one._meta.concrete_fields if each.remote_field} - {one}
            if not needed & set(waiting):
                break
        found.append(one)
        waiting.remove(one)
    return found


def fill(model: Any, state: Any) -> int:
    """Put rows into a table, with something in every column."""
    for turn in range(1, ROWS + 1):
        row = model(**{one.attname: value(one, turn) for one in model._meta.concrete_fields if not auto(one)})
        row.save(force_insert=True)
        for many in model._meta.many_to_many:
            getattr(row, many.name).add(*many.related_model.objects.order_by("pk")[:1])
    return ROWS


def auto(field: Any) -> bool:
    return isinstance(field, models.AutoField | models.BigAutoField) or getattr(field, "auto_now_add", False)


def value(field: Any, turn: int) -> Any:
    """Something for a column, another in each row."""
    if field.remote_field:
        near = field.related_model.objects.order_by("pk")
        return near[turn - 1].pk if field.related_model is not field.model else None
    if field.choices:
        return field.choices[0][0]
    kinds: tuple[tuple[type, Any], ...] = (
        (models.EmailField, f"nguoi{turn}@example.vn"),
        (models.URLField, f"https://example.vn/{turn}"),
        (models.CharField, f"{turn} Nhà máy đầu tiên"),
        (models.TextField, f"{turn} Đường Lê Lợi,\nphường Bến Nghé"),
        (models.BooleanField, bool(turn % 2)),
        (models.IntegerField, turn),
        (models.DateTimeField, WHEN),
        (models.DateField, date(2026, 1, turn)),
        (models.JSONField, {"có": [turn, None, 0.25]}),
        (models.FloatField, turn / 4),
    )
    found = next(found for kind, found in kinds if isinstance(field, kind))
    return found[: field.max_length] if isinstance(found, str) and field.max_length else found


def chains() -> None:
    """Entries in the log, and records with theirs."""
    from haidang.web.ledger.write import note
    from haidang.web.serve import begin_records

    for turn in range(3):
        note(None, "people.role.given", "people.user:1", role="analyst", turn=turn)
    begin_records()


def told(model: Any, like: list[dict[str, Any]] | None = None) -> list[dict[str, str]]:
    """The rows of a table, in the columns of rows from before."""
    names = list(like[0]) if like else [one.attname for one in model._meta.concrete_fields]
    return [{name: str(row[name]) for name in names} for row in model.objects.order_by("pk").values(*names)]
