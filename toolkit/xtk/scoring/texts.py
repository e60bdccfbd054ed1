"""Reading the texts of official files: what changes nothing is read, all else is a problem."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xtk.scoring.scheme import Problem

SHOWN = 40  # characters of a value in a message
LISTED = 20  # problems of one file that are told one by one


def decode(content: bytes) -> tuple[str, list[Problem]]:
    r"""A file's text: UTF-8, with or without a byte order mark, without NUL; lines end in \n."""
    try:
        text = _with_plain_ends(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = _with_plain_ends(content[: error.start].decode("utf-8", "replace"))
        line = before.count("\n") + 1
        return "", [Problem(line, f"byte {error.start + 1:,} is not UTF-8 ({error.reason}).")]
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return "", [Problem(line, "a NUL byte; the file is damaged.")]
    if not text.strip():
        return "", [Problem(1, "the file is empty.")]
    return text, []


def lines_of(text: str) -> list[str]:
    r"""The lines without blanks around them, as Python's text mode cuts them.

    Lines end in \n, \r\n or \r; U+2028, U+2029 and U+0085 end none. One blank line at the end is
    not there.
    """
    lines = [line.strip() for line in _with_plain_ends(text).split("\n")]
    for _ in range(2):  # what follows the last line end, and one blank line
        if lines and not lines[-1]:
            lines.pop()
    return lines


def shown(value: object) -> str:
    """A value as a message prints it: short, in one line, safe for any terminal."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    cut = text[:SHOWN] + ("..." if len(text) > SHOWN else "")
    return _printable(cut)


def shown_path(path: Path) -> str:
    """A path that can be printed whatever bytes its name has."""
    return _printable(str(path))


def wrong_name(what: str, line: str, names: Sequence[str]) -> str:
    """Why a line is none of the names, with what was meant where that can be told."""
    if not line:
        return f"a blank line; expected one {what} a line."
    near = [name for name in names if name.casefold() == line.casefold()]
    if near:
        return f"the {what} '{shown(line)}' is in another case; write '{near[0]}'."
    parts = line.split()
    if len(parts) > 1 and parts[-1] in names:
        return f"'{shown(line)}' is more than a {what}; expected '{parts[-1]}' alone."
    known = ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
    return f"'{shown(line)}' is no {what}; expected one of {known}."


def capped(problems: list[Problem], lines: int = 0) -> list[Problem]:
    """The first problems of a file one by one, the rest as a count.

    `lines`: of a file in which each line can be wrong; where all of them are, the first is told.
    """
    if len(problems) <= LISTED + 1:
        return problems
    if len(problems) == lines:
        first = problems[0]
        return [Problem(first.line, f"{first.what} So it is on all {lines:,} lines.", first.fatal)]
    rest = problems[LISTED:]
    more = Problem(
        rest[0].line,
        f"from here on {len(rest):,} more problems like these.",
        fatal=any(problem.fatal for problem in rest),
    )
    return [*problems[:LISTED], more]


def read_json(text: str) -> tuple[Any, list[Problem]]:
    """The value of a JSON text; a key that an object has twice is a problem.

    NaN and Infinity, which Python's reader knows though JSON does not, come back as numbers: no
    form has one, so that whoever wants a text or an integer there names the entry.
    """
    repeated: list[str] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        counts = Counter(key for key, _ in pairs)
        repeated.extend(key for key, count in counts.items() if count > 1)
        return dict(pairs)

    try:
        value = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        cut_off = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        hint = "; it is cut off" if cut_off else ""
        return None, [Problem(error.lineno, f"no JSON at column {error.colno}: {error.msg}{hint}.")]
    except RecursionError:
        return None, [Problem(None, "the JSON is nested too deeply.")]
    except ValueError as error:
        return None, [Problem(None, f"no JSON: {error}")]
    return value, [
        Problem(line_of(text, key, 2), f"'{shown(key)}' is there twice; only one can hold.")
        for key in repeated
    ]


def line_of(text: str, word: str, occurrence: int = 1) -> int | None:
    """The line of the n-th occurrence of a JSON string, None where it is written otherwise."""
    for quoted in (json.dumps(word), json.dumps(word, ensure_ascii=False)):
        place = -1
        for _ in range(occurrence):
            place = text.find(quoted, place + 1)
            if place < 0:
                break
        if place >= 0:
            return text.count("\n", 0, place) + 1
    return None


def kind_of(value: object) -> str:
    """What a JSON value is, in JSON's words."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    words = {str: "a text", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return words[type(value)]


def described(value: object) -> str:
    """A value that is of the wrong kind, with what it is where that does not say all."""
    kind = kind_of(value)
    return kind if value is None or isinstance(value, bool) else f"{kind}, {shown(value)}"


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _printable(text: str) -> str:
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )
