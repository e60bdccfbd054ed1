"""YAML whose values know their line: every problem of a file is told at once, with line and key.

A value is read as the annotation of its field says, from the text that stands there: `no` is a
language and `01` a label, whatever YAML 1.1 makes of them. Nothing is ever constructed from a tag.
"""

import math
import re
import types
import typing
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from typing import Any

import yaml

from xtk.core.errors import XtkError

_CORE = "tag:yaml.org,2002:"
_NULL = f"{_CORE}null"
_SCALARS = {f"{_CORE}{name}" for name in ("str", "int", "float", "bool", "null", "timestamp")}
_EXPECTED = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
_MOST = 50  # problems that are told
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class Marks:
    """Where the keys of a file are, and what is wrong with them."""

    where: str
    lines: dict[str, int] = field(default_factory=dict)  # by key, as sources.local[1].files
    problems: dict[str, tuple[int, str]] = field(default_factory=dict)  # by key: the first only
    # nodes by their id, kept so that no other gets it: one that comes again is an alias
    seen: dict[int, yaml.Node] = field(default_factory=dict)

    def say(self, key: str, text: str) -> None:
        """Tell a problem, unless it follows from another one with the key, in it or around it."""
        if not self.is_full and self.is_good(key):
            self.problems[key] = (self.line(key), text)

    @property
    def is_full(self) -> bool:
        """Whether more problems would help nobody."""
        return len(self.problems) >= _MOST

    def line(self, key: str) -> int:
        """The line of a key, or of what it would be in."""
        while key and key not in self.lines:
            key = key[: max(key.rfind("."), key.rfind("["), 0)]
        return self.lines.get(key, 1)

    def is_good(self, key: str) -> bool:
        """Whether nothing was told about a key, what is in it and what it is in."""
        return not any(_is_within(key, k) or _is_within(k, key) for k in self.problems)

    def error(self) -> XtkError:
        """All problems, one a line, in the order of the file."""
        told = sorted((line, key.rstrip(), text) for key, (line, text) in self.problems.items())
        lines = []
        for line, key, text in told:
            what = f"{f', key {key!r}' if key else ''}: {text}"
            lines.append(f"{self.where}, line {line}{what}{'' if text.endswith('?') else '.'}")
        return XtkError("\n".join(lines))


def compose(text: str, marks: Marks) -> yaml.Node | None:
    """The one document of a text; None where it is no YAML, which is told."""
    try:
        node = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _no_yaml(marks, mark.line + 1 if mark else 1, error.problem or error.context or "no YAML")
        return None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        _no_yaml(marks, line, f"the character {error.character:#x} is not allowed")
        return None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError, IndexError) as error:
        _no_yaml(marks, 1, f"{type(error).__name__} {error}".strip())
        return None
    if node is None:
        _no_yaml(marks, 1, "the file is empty")
    return node


def _no_yaml(marks: Marks, line: int, problem: str) -> None:
    marks.lines[""] = line
    marks.say("", f"expected YAML, found an error: {problem}")


def nearest(what: str, name: str, known: Collection[str]) -> str:
    """That a name is not one of those that are known, with the nearest of them."""
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return f"expected {what} {', '.join(known)}, found '{_cut(name)}'{hint}"


def build(
    node: yaml.Node, hint: Any, key: str, marks: Marks, given: Mapping[str, Any] | None = None
) -> Any:
    """The value of a node as its annotation wants it; what is wrong is told, and stands empty.

    `given` are values for fields of a dataclass that the file may leave out.
    """
    marks.lines.setdefault(key, node.start_mark.line + 1)
    if hint is yaml.Node:  # to be read later, when it is known what it should be
        return node
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        member = _member(node, hint)
        return None if member is None else build(node, member, key, marks)
    if origin is tuple and not isinstance(node, yaml.SequenceNode):
        return _alone(node, hint, key, marks)
    if id(node) in marks.seen:
        marks.say(key, "aliases are not read; write it out")
        return empty(hint)
    marks.seen[id(node)] = node
    return _READERS[_form(hint)](node, hint, key, marks, given or {})


def _form(hint: Any) -> str:
    """Which reader an annotation wants."""
    origin = typing.get_origin(hint)
    if is_dataclass(hint):
        return "record"
    return "list" if origin is tuple else "keys" if origin is not None else "scalar"


def empty(hint: Any) -> Any:
    """What stands for a value that could not be read."""
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        arguments = typing.get_args(hint)
        return None if types.NoneType in arguments else empty(arguments[0])
    if is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        made = {f.name: empty(hints[f.name]) for f in fields(hint) if _is_required(f, hints)}
        return typing.cast(type, hint)(**made)
    if origin is tuple:
        return ()
    return {} if origin is not None else hint() if hint in _EXPECTED else None


def _record(node: yaml.Node, cls: Any, key: str, marks: Marks, given: Mapping[str, Any]) -> Any:
    hints = typing.get_type_hints(cls)
    known = {f.name: f for f in fields(cls)}
    values = dict(given)
    is_mapping = isinstance(node, yaml.MappingNode)
    for name, value in _pairs(node, key, marks):
        if name in known:
            values[name] = build(value, hints[name], _in(key, name), marks)
        elif not marks.is_full:
            marks.say(_in(key, name), nearest("one of the keys", name, list(known)))
    for name, each in known.items():
        if name not in values and _has_no_default(each):
            values[name] = empty(hints[name])
            if is_mapping and _is_required(each, hints):
                marks.say(_in(key, name), "expected this key, found none")
    return cls(**values)


def _has_no_default(each: "Field[Any]") -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _is_required(each: "Field[Any]", hints: Mapping[str, Any]) -> bool:
    """A field without a default, unless its annotation says that it may be None."""
    return _has_no_default(each) and types.NoneType not in typing.get_args(hints[each.name])


def _member(node: yaml.Node, hint: Any) -> Any:
    """The member of a union that the form of the node asks for, None for nothing."""
    members = typing.get_args(hint)
    if isinstance(node, yaml.ScalarNode) and node.tag == _NULL and types.NoneType in members:
        return None
    real = [member for member in members if member is not types.NoneType]
    keyed = [member for member in real if _form(member) in ("record", "keys")]
    others = [member for member in real if member not in keyed]
    return (keyed if isinstance(node, yaml.MappingNode) and keyed else others or keyed)[0]


def _alone(node: yaml.Node, hint: Any, key: str, marks: Marks) -> tuple[Any, ...]:
    """One value in the place of a list of one."""
    inner, *rest = typing.get_args(hint)
    if rest != [...]:
        marks.say(key, f"expected {len(rest) + 1} values, found {_found(node)}")
        return ()
    value = build(node, inner, key, marks)
    return (value,) if marks.is_good(key) or is_dataclass(inner) else ()


def _list(
    node: yaml.Node, hint: Any, key: str, marks: Marks, given: Mapping[str, Any]
) -> tuple[Any, ...]:
    inner, *rest = typing.get_args(hint)
    if not _has_plain_tag(node, key, marks):
        return ()
    if rest != [...] and len(node.value) != len(rest) + 1:
        marks.say(key, f"expected {len(rest) + 1} values, found {len(node.value)}")
    return tuple(build(v, inner, f"{key}[{i}]", marks) for i, v in enumerate(node.value, start=1))


def _keyed(
    node: yaml.Node, hint: Any, key: str, marks: Marks, given: Mapping[str, Any]
) -> dict[str, Any]:
    inner = typing.get_args(hint)[1]
    pairs = _pairs(node, key, marks)
    return {name: build(value, inner, _in(key, name), marks) for name, value in pairs}


def _pairs(node: yaml.Node, key: str, marks: Marks) -> Iterator[tuple[str, yaml.Node]]:
    """The keys of a mapping, each once, with their values."""
    if not isinstance(node, yaml.MappingNode):
        marks.say(key, f"expected keys with values, found {_found(node)}")
        return
    if not _has_plain_tag(node, key, marks):
        return
    names: set[str] = set()
    for name_node, value in node.value:
        line = name_node.start_mark.line + 1
        if not isinstance(name_node, yaml.ScalarNode) or not _is_text(name_node.value):
            marks.lines[_in(key, "?")] = line
            marks.say(_in(key, "?"), f"expected a name, found {_found(name_node)}")
            continue
        name = name_node.value
        if name in names:
            inner = f"{_in(key, name)} "  # the second one has a line of its own
            marks.lines[inner] = line
            marks.say(inner, f"stands twice, first in line {marks.line(_in(key, name))}")
            continue
        names.add(name)
        marks.lines[_in(key, name)] = line
        yield name, value


def _scalar(node: yaml.Node, hint: Any, key: str, marks: Marks, given: Mapping[str, Any]) -> Any:
    expected = _EXPECTED[hint]
    if not isinstance(node, yaml.ScalarNode):
        marks.say(key, f"expected {expected}, found {_found(node)}")
        return hint()
    if not _has_plain_tag(node, key, marks):
        return hint()
    value = None if node.tag == _NULL and not node.style else _parsed(node.value, hint)
    if value is None:
        marks.say(key, f"expected {expected}, found {_found(node)}")
        return hint()
    return value


def _parsed(text: str, hint: Any) -> Any:
    """A text as a value of a type, None where it is none."""
    if hint is str:
        return text if _is_text(text) else None
    if hint is bool:
        return {"true": True, "false": False}.get(text.lower())
    if hint is int:
        return int(text) if _WHOLE.fullmatch(text) else None
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    return value if math.isfinite(value) else None


def _has_plain_tag(node: yaml.Node, key: str, marks: Marks) -> bool:
    plain = _SCALARS if isinstance(node, yaml.ScalarNode) else {f"{_CORE}map", f"{_CORE}seq"}
    if node.tag not in plain:
        marks.say(key, f"the tag {_cut(node.tag)} is not read; write the value without a tag")
    return node.tag in plain


def _is_text(text: str) -> bool:
    """Whether it is whole characters, none of them NUL: it may become part of a file's name."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def _found(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return "nothing" if node.tag == _NULL and not node.style else f"'{_cut(node.value)}'"
    return "a list" if isinstance(node, yaml.SequenceNode) else "keys with values"


def _cut(text: str) -> str:
    safe = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:61])
    return safe if len(safe) <= 60 else f"{safe[:57]}..."


def _in(key: str, name: str) -> str:
    return f"{key}.{_cut(name)}" if key else _cut(name)


def _is_within(key: str, other: str) -> bool:
    """Whether a key is another one or lies in it."""
    return key == other or (key.startswith(other) and key[len(other)] in ".[")


_READERS: Mapping[str, Callable[[yaml.Node, Any, str, Marks, Mapping[str, Any]], Any]] = {
    "record": _record,
    "list": _list,
    "keys": _keyed,
    "scalar": _scalar,
}
