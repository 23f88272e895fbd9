"""From an expression's text to its tree: Python's own grammar decides the shape, and a short list what is allowed."""

from __future__ import annotations

import ast
from typing import NoReturn, cast

from haidang.errors import Place, did_you_mean
from haidang.facts.units import shorten
from haidang.programmes.syntax import (
    FUNCTIONS,
    All,
    Among,
    AnyOf,
    Arithmetic,
    Call,
    Choice,
    Comparison,
    ExpressionError,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Operator,
    Relation,
    Span,
    Truth,
)
from haidang.programmes.tokens import Scanned, Written, scan

DEEPEST = 100

OPERATORS: dict[type[ast.operator], Operator] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
RELATIONS: dict[type[ast.cmpop], Relation] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
TRUTHS = {"true": True, "false": False}
REFUSED: dict[type[ast.expr], str] = {
    ast.Subscript: "an index",
    ast.List: "a list",
    ast.Tuple: "a list",
    ast.Starred: "a '*' before a value",
}


def read(text: str, place: Place | None) -> tuple[str, Node]:
    """An expression's text without the space around it, and its tree.

    Raises:
        ExpressionError: the text is not in the subset.
    """
    scanned = scan(text, place)
    try:
        body = ast.parse(scanned.shown, mode="eval").body
    except SyntaxError as mistake:
        near = scanned.text[max(0, (mistake.offset or 1) - 1) :] or scanned.text
        raise ExpressionError(f"expected an expression, found '{shorten(near)}' where none can stand", place) from None
    except (RecursionError, MemoryError, ValueError):
        raise ExpressionError("expected an expression that is less deeply nested", place) from None
    return scanned.text, _Grammar(scanned, place).node(body, 0)


class _Grammar:
    """Turns Python's tree into ours, part by part; whatever has no rule here is refused."""

    def __init__(self, scanned: Scanned, place: Place | None) -> None:
        self.text = scanned.text
        self.values = scanned.values
        self.ends = {_placeholder_end(start, written): written.end for start, written in scanned.values.items()}
        self.place = place

    def node(self, tree: ast.expr, depth: int) -> Node:
        if depth > DEEPEST:
            self.refuse(f"expected at most {DEEPEST} levels of nesting, found more")
        span, below = self.span(tree), depth + 1
        match tree:
            case ast.Constant():
                return self.constant(tree)
            case ast.Name(id=name):
                return Truth(TRUTHS[name], span) if name in TRUTHS else Name(name, span)
            case ast.UnaryOp(op=ast.Not()):
                return Not(self.node(tree.operand, below), span)
            case ast.UnaryOp(op=ast.USub()):
                return Negative(self.node(tree.operand, below), span)
            case ast.UnaryOp(op=ast.UAdd()):
                return self.node(tree.operand, below)
            case ast.BinOp() if type(tree.op) in OPERATORS:
                left, right = self.node(tree.left, below), self.node(tree.right, below)
                return Arithmetic(OPERATORS[type(tree.op)], left, right, span)
            case ast.BoolOp():
                parts = tuple(self.node(part, below) for part in tree.values)
                return All(parts, span) if isinstance(tree.op, ast.And) else AnyOf(parts, span)
            case ast.IfExp():
                condition, yes, no = (self.node(part, below) for part in (tree.test, tree.body, tree.orelse))
                return Choice(condition, yes, no, span)
            case ast.Compare():
                return self.comparison(tree, below)
            case ast.Call():
                return self.call(tree, below)
            case _:
                what = REFUSED.get(type(tree), "something else")
                self.refuse(f"expected a number, a name or a condition, found {what}: {self.quote(tree)}")

    def constant(self, tree: ast.Constant) -> Node:
        span = self.span(tree)
        if isinstance(tree.value, bool):
            return Truth(tree.value, span)
        written = self.values.get(tree.col_offset)
        if written is None:
            self.refuse(f"expected a number or a name, found {self.quote(tree)}")
        if isinstance(written.value, str):
            self.refuse(
                f"expected a number or a name, found the text {self.quote(tree)}",
                'a text is compared with a category column: sector == "food", or sector in ("food", "metal")',
            )
        return Number(written.value, written.unit, span)

    def comparison(self, tree: ast.Compare, depth: int) -> Node:
        sides = [tree.left, *tree.comparators]
        if isinstance(tree.ops[0], ast.In | ast.NotIn):
            return self.membership(tree, depth)
        if any(self.word(side) is not None for side in sides):
            return self.equality(tree, sides)
        relations: list[Relation] = [self.relation(tree, op) for op in tree.ops]
        first, *others = (self.node(side, depth) for side in sides)
        return Comparison(first, tuple(zip(relations, others, strict=True)), self.span(tree))

    def relation(self, tree: ast.expr, op: ast.cmpop) -> Relation:
        if type(op) not in RELATIONS:
            self.refuse(f"expected one of < <= > >= == !=, found another comparison in {self.quote(tree)}")
        return RELATIONS[type(op)]

    def equality(self, tree: ast.Compare, sides: list[ast.expr]) -> Node:
        """`sector == "food"` or `sector != "food"`, with the sides in any order."""
        names = [side for side in sides if isinstance(side, ast.Name)]
        words = tuple(word for side in sides if (word := self.word(side)) is not None)
        op = tree.ops[0]
        if len(sides) != 2 or len(names) != 1 or not words or not isinstance(op, ast.Eq | ast.NotEq):
            self.refuse(f"expected a category column == or != one text, found {self.quote(tree)}")
        span = self.span(tree)
        among = Among(Name(names[0].id, self.span(names[0])), words, span)
        return Not(among, span) if isinstance(op, ast.NotEq) else among

    def membership(self, tree: ast.Compare, depth: int) -> Node:
        """`sector in ("food", "metal")` or `level not in (1, 2)`."""
        if len(tree.ops) != 1:
            self.refuse(f"expected 'in' by itself, found a chain: {self.quote(tree)}")
        choices = tree.comparators[0]
        listed = choices.elts if isinstance(choices, ast.Tuple | ast.List) else [choices]
        if not listed:
            self.refuse(f"expected values behind 'in', found an empty list in {self.quote(tree)}")
        span = self.span(tree)
        words = tuple(word for choice in listed if (word := self.word(choice)) is not None)
        if words and (len(words) != len(listed) or not isinstance(tree.left, ast.Name)):
            self.refuse(f"expected a category column in a list of texts, found {self.quote(tree)}")
        if words:
            found: Node = Among(Name(cast(ast.Name, tree.left).id, self.span(tree.left)), words, span)
        else:
            left = self.node(tree.left, depth)
            equal = tuple(Comparison(left, (("==", self.node(choice, depth)),), span) for choice in listed)
            found = equal[0] if len(equal) == 1 else AnyOf(equal, span)
        return Not(found, span) if isinstance(tree.ops[0], ast.NotIn) else found

    def call(self, tree: ast.Call, depth: int) -> Node:
        name = tree.func.id if isinstance(tree.func, ast.Name) else None
        if name is None or name not in FUNCTIONS:
            found = self.quote(tree.func) if name is None else f"'{name}'"
            self.refuse(f"expected a known function, found {found}", did_you_mean(name or "", FUNCTIONS))
        if tree.keywords or any(isinstance(part, ast.Starred) for part in tree.args):
            self.refuse(f"expected values between the brackets, found {self.quote(tree)}")
        fewest, most = FUNCTIONS[name]
        if not fewest <= len(tree.args) <= most:
            wanted = f"{fewest}" if fewest == most else f"{fewest} to {most}"
            self.refuse(f"expected {wanted} values in {name}(), found {len(tree.args)} in {self.quote(tree)}")
        return Call(name, tuple(self.node(part, depth) for part in tree.args), self.span(tree))

    def word(self, tree: ast.expr) -> str | None:
        """The text that stands here, or none where something else does."""
        written = self.values.get(tree.col_offset) if isinstance(tree, ast.Constant) else None
        return written.value if written is not None and isinstance(written.value, str) else None

    def span(self, tree: ast.expr) -> Span:
        end = tree.end_col_offset or tree.col_offset
        return tree.col_offset, self.ends.get(end, end)

    def quote(self, tree: ast.expr) -> str:
        start, end = self.span(tree)
        return f"'{shorten(self.text[start:end])}'"

    def refuse(self, problem: str, hint: str | None = None) -> NoReturn:
        raise ExpressionError(problem, self.place, hint)


def _placeholder_end(start: int, written: Written) -> int:
    return start + (2 if isinstance(written.value, str) else 1)
