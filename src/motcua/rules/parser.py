"""Reads FEEL text into a typed syntax tree, by precedence, knowing the names in scope."""

from __future__ import annotations

from collections.abc import Iterable

from motcua.rules import syntax as s
from motcua.rules.builtins import BUILTINS
from motcua.rules.errors import FeelRefused
from motcua.rules.inference import item_type
from motcua.rules.kinds import ANY, ContextType, FeelType, plain
from motcua.rules.lexer import NAME_SYMBOLS, Token, normal_name, string_value
from motcua.rules.reading import (
    DEEPEST,
    EXTERNAL,
    KEYWORDS,
    MOST_LINKS,
    Reading,
    not_known,
    told_too_early,
)
from motcua.rules.scope import Scope
from motcua.rules.temporal import parse_temporal
from motcua.rules.values import read_number

_COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_PRECEDENCE = {"or": 1, "and": 2, "between": 3, "in": 3, "+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
_PRECEDENCE.update(dict.fromkeys(_COMPARISONS, 3))
_ADDITIVE = 4
_PROPERTIES = Scope(dict.fromkeys(("time offset", "start included", "end included"), ANY))


class Parser(Reading):
    """Reads expressions and unary tests."""

    def whole_expression(self) -> s.Node:
        """Read the text as one expression."""
        node = self.expression()
        self._expect_end()
        return node

    def whole_tests(self) -> s.UnaryTests:
        """Read the text as the unary tests of a cell; `?` must be in scope."""
        if self._sees("-") and self.tokens[self.at + 1].kind == "end":
            return s.UnaryTests([], anything=True, end=len(self.text))
        negated = self._negated_tests()
        tests = self._tests() if negated is None else negated
        self._expect_end()
        return s.UnaryTests(tests, negated=negated is not None, end=len(self.text))

    def _negated_tests(self) -> list[s.Node] | None:
        """Read `not(...)` where it is the whole cell, or nothing.

        Parentheses cannot be counted: one that closes `not([1..5))` may belong to a range.
        """
        if not self._sees("not") or self.tokens[self.at + 1].text != "(" or self.tokens[-2].text != ")":
            return None
        back, depth, doubts = self.at, self._depth, len(self.doubts)
        self.at += 2
        try:
            tests = self._tests()
            self._take(")")
            if self.tokens[self.at].kind == "end":
                return tests
        except FeelRefused:
            pass
        self.at, self._depth = back, depth
        del self.doubts[doubts:]
        return None

    def _tests(self) -> list[s.Node]:
        tests = [self._test()]
        while self._sees(","):
            self.at += 1
            tests.append(self._test())
        return tests

    def _test(self) -> s.Node:
        token = self.tokens[self.at]
        if token.text in _COMPARISONS and token.kind == "sign":
            self.at += 1
            operand = self.expression(_ADDITIVE)
            return self._made(s.UnaryComparison(token.text, operand), token.start)  # type: ignore[arg-type]  # one of _COMPARISONS
        return self.expression()

    def expression(self, lowest: int = 0) -> s.Node:
        """Read an expression whose operators bind at least as tightly as `lowest`."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._refused(
                f"the expression is nested more than {DEEPEST} deep", "Split it into decisions."
            )
        left = self._unary()
        links = 0
        while True:
            token = self.tokens[self.at]
            binding = _PRECEDENCE.get(token.text) if token.kind in ("sign", "word") else None
            if binding is None or binding < max(lowest, 1):
                self._depth -= 1
                return left
            links += binding == _PRECEDENCE["="]
            self._hold(links)
            left = self._operator(left, token, binding)

    def _hold(self, links: int) -> None:
        if links > MOST_LINKS:
            raise self._refused(f"more than {MOST_LINKS} parts follow each other", "Split it into decisions.")

    def _operator(self, left: s.Node, token: Token, binding: int) -> s.Node:
        operator = token.text
        self.at += 1
        if operator in ("and", "or"):
            right = self.expression(binding + 1)
            if isinstance(left, s.Logic) and left.operator == operator and left.start >= 0:
                left.operands.append(right)
                left.end = right.end
                return left
            return self._made(s.Logic(operator, [left, right]), left.start)  # type: ignore[arg-type]  # tested above
        if operator == "between":
            low = self.expression(_ADDITIVE)
            self._take("and", "Write: x between low and high.")
            return self._made(s.Between(left, low, self.expression(_ADDITIVE)), left.start)
        if operator == "in":
            return self._made(s.In(left, self._in_tests()), left.start)
        right = self.expression(binding + 1)
        if operator in _COMPARISONS:
            return self._made(s.Comparison(operator, left, right), left.start)  # type: ignore[arg-type]  # tested above
        return self._made(s.Arithmetic(operator, left, right), left.start)  # type: ignore[arg-type]  # all that is left

    def _in_tests(self) -> list[s.Node]:
        token = self.tokens[self.at]
        if token.text in _COMPARISONS:
            return [self._test()]
        if token.text == "(":
            back = self.at
            try:
                self.at += 1
                tests = self._tests()
                self._take(")")
                if self.tokens[self.at].text not in ("+", "-", "*", "/", "**", ".", "[", "("):
                    return tests
            except FeelRefused:
                pass
            self.at = back
        return [self.expression(_ADDITIVE)]

    def _unary(self) -> s.Node:
        token = self.tokens[self.at]
        if token.text == "-" and token.kind == "sign":
            self.at += 1
            self._depth += 1
            if self._depth > DEEPEST:
                raise self._refused(f"more than {DEEPEST} signs or brackets deep", "Remove some.")
            operand = self._unary()
            self._depth -= 1
            return self._made(s.Negation(operand), token.start)
        node = self._postfix(self._primary())
        links = 0
        while self._sees("instance"):
            links += 1
            self._hold(links)
            self.at += 1
            self._take("of")
            node = self._made(s.InstanceOf(node, self._type()), node.start)
        return node

    def _postfix(self, node: s.Node) -> s.Node:
        links = 0
        while True:
            links += 1
            self._hold(links)
            text = self.tokens[self.at].text
            if text == ".":
                self.at += 1
                node = self._member(node)
            elif text == "[":
                filtered = self._filter(node)
                if filtered is None:
                    return node
                node = filtered
            elif text == "(":
                node = self._call(node)
            else:
                return node

    def _member(self, node: s.Node) -> s.Node:
        kind = plain(node.type)
        inner = plain(item_type(kind))
        declared = Scope(dict(inner.fields)) if isinstance(inner, ContextType) else None
        for names in (declared, _PROPERTIES, self.members):
            found = names.match(self.tokens, self.at) if names is not None else None
            if found is not None and not self._word_at(self.at + found[1]):
                self.at += found[1]
                return self._made(s.Path(node, found[0]), node.start)
        return self._made(s.Path(node, self._loose_name("a member name")), node.start)

    def _filter(self, node: s.Node) -> s.Node | None:
        back, depth = self.at, self._depth
        self.at += 1
        outer = self.scope
        inner = plain(item_type(node.type))
        fields = dict(inner.fields) if isinstance(inner, ContextType) else {}
        self.scope = Scope({**fields, "item": inner}, outer, opened=not fields)
        try:
            condition = self.expression()
            self._take("]")
        except FeelRefused:
            # `1..10[` closes an open range: the caller will look for its end here.
            if self._range_end:
                self.at, self._depth = back, depth
                return None
            raise
        finally:
            self.scope = outer
        return self._made(s.Filter(node, condition), node.start)

    _range_end = 0

    def _call(self, node: s.Node) -> s.Node:
        self.at += 1
        names: list[str] = []
        arguments: list[s.Node] = []
        while not self._sees(")"):
            named = self._argument_name()
            if named is not None:
                names.append(named)
            elif names:
                raise self._refused("an argument without a name follows one with a name", "Name all or none.")
            arguments.append(self.expression())
            if not self._sees(")"):
                self._take(",", "Separate arguments with a comma and close with ).")
        self._take(")")
        if names and len(names) != len(arguments):
            raise self._refused("only some arguments are named", "Name all or none.")
        return self._made(s.Call(node, arguments, names or None), node.start)

    def _argument_name(self) -> str | None:
        at = self.at
        if self.tokens[at].kind != "word":
            return None
        while self.tokens[at].kind in ("word", "number") or self.tokens[at].text in NAME_SYMBOLS:
            at += 1
        if self.tokens[at].text != ":":
            return None
        name = normal_name(self.text[self.tokens[self.at].start : self.tokens[at - 1].end])
        self.at = at + 1
        return name

    def _primary(self) -> s.Node:
        token = self.tokens[self.at]
        if token.kind == "number":
            self.at += 1
            return self._made(s.Literal(read_number(token.text)), token.start)
        if token.kind == "string":
            self.at += 1
            return self._made(s.Literal(string_value(token.text)), token.start)
        if token.kind == "at":
            self.at += 1
            literal = parse_temporal(string_value(token.text[1:].lstrip()))
            return self._made(s.Literal(literal), token.start)
        if token.kind == "word":
            return self._word(token)
        if token.text == "(":
            return self._parenthesis(token)
        if token.text in ("[", "]"):
            return self._bracket(token)
        if token.text == "{":
            return self._context(token)
        raise self._refused(
            f"{token.text!r} stands where a value should"
            if token.text
            else "the expression ends where a value should stand",
            "Complete the expression.",
        )

    def _word(self, token: Token) -> s.Node:
        found = self.scope.match(self.tokens, self.at)
        named = found is not None and (found[1] > 1 or token.text not in KEYWORDS)
        # In an open scope a further word means that this is the longer name of a member.
        if found is not None and named and not (self.scope.open and self._word_at(self.at + found[1])):
            self.at += found[1]
            return self._named(found[0], token)
        constant = {"true": True, "false": False, "null": None}
        if token.text in constant:
            self.at += 1
            return self._made(s.Literal(constant[token.text]), token.start)
        if token.text == "if":
            return self._if(token)
        if token.text == "for":
            return self._for(token)
        if token.text in ("some", "every"):
            return self._quantified(token)
        if token.text == "function":
            return self._function(token)
        name = self._loose_name("a value")
        return self._named(name, token)

    def _named(self, name: str, token: Token) -> s.Node:
        kind = self.scope.type_of(name)
        if kind is None:
            if self.strict and not self.scope.open:
                nearest = self.scope.nearest(name)
                self.at -= 1
                raise self._refused(
                    f'the name "{name}" is not known here',
                    f'Did you mean "{nearest}"?' if nearest else "Declare it as an input.",
                )
            if not self.scope.open:
                self.doubts.append((not_known(name), token.start))
        node = s.Name(name, start=token.start, end=self.tokens[self.at - 1].end)
        node.type = kind or ANY
        return node

    def _parenthesis(self, token: Token) -> s.Node:
        self.at += 1
        if self.tokens[self.at].text in _COMPARISONS:
            test = self._test()
            self._take(")")
            return self._made(test, token.start)
        node = self.expression()
        if self._sees(".."):
            return self._range(node, token, included=False)
        self._take(")", "Close the parenthesis.")
        if isinstance(node, s.Logic):
            # `(a or b) or c` stays two nodes, so that a chain is only what was written as one.
            node.start = token.start
            grouped = s.Logic(node.operator, node.operands, start=-1, end=node.end)
            grouped.type = node.type
            return grouped
        return node

    def _bracket(self, token: Token) -> s.Node:
        self.at += 1
        items: list[s.Node] = []
        if token.text == "[" and self._sees("]"):
            self.at += 1
            return self._made(s.ListNode(items), token.start)
        items.append(self._test() if token.text == "[" else self.expression())
        if self._sees(".."):
            return self._range(items[0], token, included=token.text == "[")
        if token.text == "]":
            raise self._refused("a range that begins with ] has no ..", "Write ]low..high[.")
        while self._sees(","):
            self.at += 1
            items.append(self._test())
        self._take("]", "Separate items with a comma and close the list with ].")
        return self._made(s.ListNode(items), token.start)

    def _range(self, low: s.Node, token: Token, *, included: bool) -> s.Node:
        self._take("..")
        self._range_end += 1
        high = self.expression()
        self._range_end -= 1
        closing = self.tokens[self.at].text
        if closing not in ("]", ")", "["):
            raise self._refused("the range is not closed", "Close it with ], ) or [.")
        self.at += 1
        return self._made(s.RangeNode(low, high, included, closing == "]"), token.start)

    def _context(self, token: Token) -> s.Node:
        self.at += 1
        entries: list[tuple[str, s.Node]] = []
        known: set[str] = set()
        doubts = len(self.doubts)
        twice = ""
        self.scope = Scope(outer=self.scope)
        while not self._sees("}"):
            key = self._key()
            if self._sees("function") and key not in BUILTINS:
                # A function may call itself; under the name of a built-in it calls that.
                self.scope.add(key, ANY)
            value = self.expression()
            if key in known:
                twice = f'the entry "{key}" stands twice'
                if self.strict:
                    raise self._refused(twice, "Rename one.")
            known.add(key)
            entries.append((key, value))
            self.scope.add(key, value.type)
            if not self._sees("}"):
                self._take(",", "Separate entries with a comma and close the context with }.")
        self.at += 1
        self.scope = self.scope.outer or self.scope
        self.doubts[doubts:] = [(told_too_early(doubt, known), at) for doubt, at in self.doubts[doubts:]]
        if twice:
            self.doubts.append((twice, token.start))
            return self._made(s.Literal(None), token.start)
        return self._made(s.ContextNode(entries), token.start)

    def _key(self) -> str:
        token = self.tokens[self.at]
        if token.kind == "string":
            self.at += 1
            self._take(":", "Write {name: value}.")
            return string_value(token.text)
        name = self._argument_name()
        if name is None:
            raise self._refused("an entry of a context needs a name", "Write {name: value}.")
        return name

    def _if(self, token: Token) -> s.Node:
        # A chain of `else if` is one loop, so its length does not count as depth.
        arms: list[tuple[s.Node, s.Node, int]] = []
        while True:
            start = self.tokens[self.at].start
            self._take("if")
            condition = self.expression()
            self._take("then", "Write: if condition then value else value.")
            arms.append((condition, self.expression(), start))
            self._take("else", "Write: if condition then value else value.")
            if not self._sees("if") or self.scope.match(self.tokens, self.at):
                break
        node = self.expression()
        for condition, yes, start in reversed(arms):
            node = self._made(s.If(condition, yes, node), start)
        return node

    def _for(self, token: Token) -> s.Node:
        self.at += 1
        outer = self.scope
        iterators = self._iterators()
        self._take("return", "Write: for x in list return value.")
        self.scope.add("partial", ANY)
        body = self.expression()
        self.scope = outer
        return self._made(s.For(iterators, body), token.start)

    def _quantified(self, token: Token) -> s.Node:
        self.at += 1
        outer = self.scope
        iterators = self._iterators()
        self._take("satisfies", f"Write: {token.text} x in list satisfies condition.")
        body = self.expression()
        self.scope = outer
        return self._made(s.Quantified(token.text, iterators, body), token.start)  # type: ignore[arg-type]  # some or every

    def _iterators(self) -> list[s.Iterator]:
        self.scope = Scope(outer=self.scope)
        found: list[s.Iterator] = []
        while True:
            start = self.tokens[self.at].start
            name = self._declared("in")
            source = self.expression()
            until = None
            if self._sees(".."):
                self.at += 1
                until = self.expression()
            self._hold(len(found))
            found.append(s.Iterator(name, source, until, start=start, end=self._last_end()))
            self.scope.add(name, source.type if until is not None else item_type(source.type))
            if not self._sees(","):
                return found
            self.at += 1

    def _function(self, token: Token) -> s.Node:
        self.at += 1
        self._take("(", "Write: function(a, b) expression.")
        parameters: list[tuple[str, FeelType]] = []
        while not self._sees(")"):
            name = self._declared(",", ")", ":")
            kind = ANY
            if self._sees(":"):
                self.at += 1
                kind = self._type()
            parameters.append((name, kind))
            self._hold(len(parameters))
            if not self._sees(")"):
                self._take(",")
        self.at += 1
        external = self._sees("external")
        self.at += external
        if external:
            self.doubts.append((EXTERNAL, token.start))
        self.scope = Scope(dict(parameters), self.scope)
        body = self.expression()
        self.scope = self.scope.outer or self.scope
        return self._made(s.FunctionNode(parameters, body, external), token.start)


def parse_expression(text: str, names: Scope | Iterable[str] = (), *, strict: bool = False) -> s.Node:
    """Read one expression with these names in scope."""
    scope = names if isinstance(names, Scope) else Scope(dict.fromkeys(names, ANY))
    return Parser(text, scope, strict=strict).whole_expression()
