"""One rule for who sees a table's rows: no module of the site reads a table past it, but those that say why here.

`test_access` holds that each table has a `visible_to`; this, that pages, exports and programs go through it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

RULES = frozenset(
    {
        "visible_to",
        "kept_by",
        "owned_by",
        "open_to",
        "standing",
        "ruled_by",
        "lenders_for",
        "holder",
        "bodies_of",
        "written_by",
    }
)
"""Questions of a table's manager that name who asks."""
MAKES = frozenset({"create", "bulk_create", "create_user", "make", "none", "items", "end_all"})
"""What asks no table for rows."""
HANGING = {"stages": "StageRecord"}
"""What hangs on a row that more people see: a lender sees an application, and of its records its own alone."""
LOCKS = "it locks, counts or changes the very rows that its caller found by their rule"
WORKS = "the worker does it for nobody; what comes of it is shown by the rule"
PUBLIC = "it asks for what is published to everybody, or whether anything is there at all"
KNOWN: dict[str, str] = {
    "api/hooks.py Hook Message": "the site tells the servers that an administrator named; nobody is shown a row",
    "api/rooms/pilots.py Job": "the pilot's own work, once the pilot was found by its rule: its readers see it too",
    "city/given.py ShownRun Entry": PUBLIC,
    "city/keep.py ShownRun": WORKS,
    "city/moving.py ShownRun": PUBLIC,
    "city/views.py ShownRun Job": PUBLIC,
    "desk/book.py Membership": "the organisation that stands beside a name in the records, which are for everybody",
    "desk/consultation.py Proposal Entry": "how many came from one address; what was said of one found by its rule",
    "desk/mended.py Passage": LOCKS,
    "desk/receipts.py Proposal": "the one whose number its maker has, which nobody guesses",
    "desk/deeds.py Evidence": LOCKS,
    "desk/inbox.py Document Passage": "a document of the same bytes is there once; whoever brings it sees all of them",
    "desk/read.py Document Passage": WORKS,
    "desk/records.py Evidence": "that a file shows a stage is for everybody; the file itself is behind its own rule",
    "factories/consent.py Consent Factory": LOCKS,
    "factories/counted.py Assessment": "what is counted of all factories, in cells of five and more organisations",
    "factories/owners.py Membership": "which organisations are one among peers; nobody is shown which",
    "factories/demo.py Factory Organisation": "a command of the machine",
    "factories/applying.py Factory StageRecord": "it locks; where an application stands that was found by its rule",
    "factories/drafts.py Factory Assessment Evidence": LOCKS,
    "factories/forms.py Factory": "whether a tax code is taken; no row is shown",
    "factories/history.py Entry StageRecord": "the entries about one factory's papers, for who keeps them",
    "factories/models/papers.py Consent": "it is part of a rule",
    "factories/queue.py Assessment": "of factories found by their rule what was handed in, and the reader's own body's",
    "factories/views/assessment.py Evidence": "the files of an assessment that was found by its rule",
    "factories/views/profile.py Factory": LOCKS,
    "jobs/deeds.py Job": LOCKS,
    "jobs/queue.py Job": WORKS,
    "jobs/simulate.py Job": WORKS,
    "lab/forms.py User": "the city's staff, with any of whom a design can be shared",
    "lab/kept.py Design": LOCKS,
    "lab/models.py Design": "it is part of a rule",
    "lab/trials.py Job": "how many jobs are ahead of one's own; no row is shown",
    "lab/work.py Trial": WORKS,
    "ledger/write.py Entry": "the chain is walked from its start, whoever asks; no row is shown",
    "lending/choice.py Assessment Factory": "by what can be chosen: the rows themselves are found by their rule",
    "lending/lists.py AllocationList": LOCKS,
    "lending/records.py Factory Application StageRecord Consent": LOCKS,
    "lending/to_pilots.py Entry": "when a pilot that was found by its rule was last handed the records",
    "lending/use.py Factory": "whether factories besides the examples are there at all",
    "lending/views.py StageRecord": "which of the records on the page, found by their rule, were corrected since",
    "api/rooms/factories_told.py StageRecord": "which of the given records, found by their rule, were corrected since",
    "office/accounts.py Membership Organisation User": LOCKS,
    "office/backups.py Job": LOCKS,
    "office/forms.py Organisation User": "whether a name or an address is taken; an administrator sees all",
    "office/health.py Job": "how many there are, for an administrator, who sees all",
    "office/whole.py ShownRun Pilot AllocationList Evidence": "every file is held against its row, whoever asks",
    "people/give.py Membership Organisation User": "commands of the machine, and roles that misfit for who sees all",
    "people/heard.py User": "whose login it was, for the log; nobody is shown a row",
    "people/models.py Membership Organisation": "it is part of a rule",
    "people/views.py Membership": "one's own",
    "pilots/views.py Job": "the pilot's own work, once the pilot was found by its rule: its readers see it too",
    "pilots/desk.py Evaluated": LOCKS,
    "pilots/work.py Pilot Evaluated": WORKS,
    "ready.py ShownRun Job Entry": "what tells whether a page is still as it was drawn; no row is shown",
    "serve.py ShownRun Job": "whether the site is new",
}
"""Modules that read tables past their rules: the module, the tables, and why that shows nobody anything."""


def read_past(tree: ast.AST) -> Iterator[str]:
    """The tables that a module asks for rows without naming who asks."""
    for call in ast.walk(tree):
        rows = call.func if isinstance(call, ast.Call) else None
        if not isinstance(call, ast.Call) or not isinstance(rows, ast.Attribute) or rows.attr in RULES | MAKES:
            continue
        if isinstance(rows.value, ast.Attribute) and not _names_who_asks(call):
            if rows.value.attr == "objects":
                yield ast.unparse(rows.value.value).rpartition(".")[2]
            elif rows.value.attr in HANGING:
                yield HANGING[rows.value.attr]


def _names_who_asks(call: ast.Call) -> bool:
    """Whether rows are chosen by those that a rule gives, such as the papers of factories that one keeps."""
    given = [*call.args, *(each.value for each in call.keywords)]
    names = [getattr(each, "attr", getattr(each, "id", "")) for one in given for each in ast.walk(one)]
    return bool(RULES & set(names))


def ruled_tables(trees: Iterable[ast.AST]) -> set[str]:
    """The tables whose managers have a rule: `FactoryManager` is that of `Factory`."""
    managers = (one for tree in trees for one in ast.walk(tree) if isinstance(one, ast.ClassDef))
    return {
        one.name.removesuffix("Manager")
        for one in managers
        if any(isinstance(part, ast.FunctionDef) and part.name == "visible_to" for part in one.body)
    }


def found_past(root: Path) -> dict[str, set[str]]:
    """By module of the site the ruled tables that it reads past their rules."""
    web = root / "src" / "haidang" / "web"
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(web.rglob("*.py"))}
    ruled = ruled_tables(trees.values())
    assert len(ruled) >= 20
    past = {file.relative_to(web).as_posix(): set(read_past(tree)) & ruled for file, tree in trees.items()}
    return {module: tables for module, tables in past.items() if tables}


def test_no_page_export_or_program_reads_a_table_past_its_rule(root: Path) -> None:
    known = {name: set(tables) for name, *tables in (each.split() for each in KNOWN)}
    assert found_past(root) == known


def test_a_table_that_is_read_past_its_rule_is_found() -> None:
    code = """
def page(request):
    Job.objects.visible_to(request.user).filter(state="done")
    Paper.objects.filter(factory__in=Factory.objects.kept_by(request.user))
    Design.objects.create(name="x")
    Hook.objects.order_by("-id")
    models.User.objects.all()
    application.stages.order_by("day")
"""
    assert set(read_past(ast.parse(code))) == {"Hook", "User", "StageRecord"}
