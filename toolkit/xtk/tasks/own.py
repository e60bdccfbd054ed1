"""A task of one's own: a YAML file that says what a declaration inside the package says.

The words are those of Task, LocalSource, HubSource and the columns of the kind; what may be left
out has the default that is written here. Files are named relative to the folder of the YAML file.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from dataclasses import field as default
from pathlib import Path

from xtk.core.errors import XtkError
from xtk.core.files import canonical_json, sha256_text
from xtk.data.sources import HubSource, Source
from xtk.scoring.scheme import Scheme
from xtk.tasks.hyperparameters import Hyperparameters
from xtk.tasks.marked import Marks, build, compose, nearest
from xtk.tasks.own_sources import Around, Sources, sources_of
from xtk.tasks.shapes import SHAPES, Shape, shape_of
from xtk.tasks.task import INTERMEDIATE, TARGET, TEST, TRAIN, VALIDATION, Task

ENDINGS = (".yaml", ".yml")

_LARGEST = 256 * 1024  # bytes; a supertagger's 1,300 tags take 30 kB
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")  # it becomes part of file names and of run names
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]{1,8})*")
_NO_LENGTH = 0


@dataclass(frozen=True, kw_only=True)
class _Values:
    """The hyperparameters of a method that are unlike the kind's."""

    learning_rate: float | None = None
    epochs: int | None = None
    batch_size: int | None = None
    warmup: float | None = None
    weight_decay: float | None = None
    patience: int | None = None
    dropout: float | None = None


@dataclass(frozen=True, kw_only=True)
class _Methods:
    adapter: _Values = _Values()
    stack: _Values = _Values()
    finetune: _Values = _Values()


@dataclass(frozen=True, kw_only=True)
class _Declared:
    """The words of a file, as they stand there."""

    name: str
    title: str = ""
    kind: str
    roles: tuple[str, ...] = (INTERMEDIATE, TARGET)
    label_names: tuple[str, ...] = ()
    scheme: str = ""
    metrics: tuple[str, ...] = ()
    benchmark_metrics: tuple[str, ...] = ()
    languages: tuple[str, ...] | Mapping[str, tuple[str, ...]] = ()
    train_language: str = "en"
    splits: tuple[str, ...] = ()
    eval_split: str = ""
    sources: Sources
    licence: str
    citation: str = ""
    homepage: str = ""
    max_length: int = _NO_LENGTH
    hyperparameters: _Methods = default(default_factory=_Methods)


def is_own(name: str) -> bool:
    """Whether a task is named by a file and not by its name."""
    try:
        return name.endswith(ENDINGS) or Path(name).is_file()
    except OSError:  # too long for a file's name
        return False


def read_task(path: Path, *, taken: Collection[str] = ()) -> Task:
    """The task that a YAML file declares; every problem of the file is in the error.

    `taken` are names that it may not have.
    """
    try:
        if path.is_dir():
            raise XtkError(f"{path} is a folder; a YAML file belongs there.")
        if path.stat().st_size > _LARGEST:
            raise XtkError(f"{path} is larger than the {_LARGEST:,} bytes of a task's declaration.")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise XtkError(
            f"{path}, line {line}: expected text in UTF-8, found byte "
            f"0x{error.object[error.start]:02x}."
        ) from error
    except FileNotFoundError as error:
        raise XtkError(f"There is no file {path}.") from error
    except (OSError, ValueError) as error:
        raise XtkError(f"Cannot read {path}: {error}.") from error
    return parse_task(text, path, taken=taken)


def parse_task(text: str, where: Path, *, taken: Collection[str] = ()) -> Task:
    """The task that a YAML text declares, with its files beside `where`."""
    marks = Marks(str(where))
    node = compose(text, marks)
    if node is None:
        raise marks.error()
    declared = build(node, _Declared, "", marks)
    if not marks.is_good(""):
        raise marks.error()
    task = _task(declared, marks, where, taken)
    if marks.problems:
        raise marks.error()
    return replace(task, declaration=text, declared_in=where.absolute())


def declaration_sha256(task: Task) -> str:
    """The hash of what a declaration says beside the rows: it decides what a training gives.

    Where the files are, and what is told about licence and source, does not change a run.
    """
    said = {
        "kind": task.kind.name,
        "label_names": task.label_names,
        "metrics": task.metrics,
        "train_language": task.train_language,
    }
    return sha256_text(canonical_json(said))


def _task(declared: _Declared, marks: Marks, where: Path, taken: Collection[str]) -> Task:
    """The task that the words say; what is wrong with them is told to `marks`."""
    shape = shape_of(declared.kind) or SHAPES[0]
    if shape.kind.name != declared.kind:
        marks.say("kind", nearest("one of", declared.kind, [s.kind.name for s in SHAPES]))
    _check_names(declared, marks, taken)
    around = Around(
        shape=shape if marks.is_good("kind") else None,
        label_names=declared.label_names,
        language=declared.train_language,
        folder=where.absolute().parent,
        marks=marks,
    )
    sources = sources_of(declared.sources, around)
    if marks.is_good("kind"):
        _check_labels(declared, shape, marks)
        _check_metrics(declared, shape, marks)
    task = Task(
        name=declared.name,
        title=declared.title or declared.name,
        kind=shape.kind,
        scheme=_scheme(declared, shape),
        roles=declared.roles,
        label_names=declared.label_names,
        metrics=declared.metrics or shape.metrics,
        benchmark_metrics=declared.benchmark_metrics or shape.benchmark_metrics,
        languages=_languages(declared),
        train_language=declared.train_language,
        splits=declared.splits or _splits(sources),
        eval_split=declared.eval_split or _last(declared.splits or _splits(sources)),
        sources=sources,
        licence=declared.licence,
        citation=declared.citation,
        homepage=declared.homepage,
        max_length=declared.max_length or shape.max_length,
        hyperparameters=_hyperparameters(declared.hyperparameters, shape),
    )
    _check_places(task, marks)
    return task


def _check_names(declared: _Declared, marks: Marks, taken: Collection[str]) -> None:
    if not _NAME.fullmatch(declared.name):
        expected = "expected small letters, digits and _, at most 64 of them"
        marks.say("name", f"{expected}, found '{declared.name[:64]}'")
    if declared.name in taken:
        marks.say("name", f"xtk has a task '{declared.name}' already; take another name")
    for role in declared.roles:
        if role not in (INTERMEDIATE, TARGET):
            marks.say("roles", nearest("one of", role, [INTERMEDIATE, TARGET]))
    if not declared.licence.strip():
        marks.say("licence", "expected the licence of the rows, found nothing")
    langs = [declared.train_language, *(x for xs in _languages(declared).values() for x in xs)]
    for lang in langs:
        if not _LANGUAGE.fullmatch(lang):
            key = "train_language" if lang == declared.train_language else "languages"
            marks.say(key, f"expected the code of a language, as fr or zh-Hant, found '{lang}'")
    if "max_length" in marks.lines and declared.max_length < 1:
        marks.say("max_length", f"expected 1 token or more, found {declared.max_length}")


def _check_labels(declared: _Declared, shape: Shape, marks: Marks) -> None:
    names = declared.label_names
    if not shape.has_label_names:
        if names:
            marks.say("label_names", f"{shape.kind.name} has none; leave this key out")
        return
    if len(names) < 2 and not (shape.may_be_open and "label_names" not in marks.lines):
        marks.say("label_names", f"expected two or more for {shape.kind.name}, found {len(names)}")
    for name, count in Counter(names).items():
        if count > 1:
            marks.say("label_names", f"expected each name once, found '{name}' twice")
        if not name.strip() or name != name.strip() or any(c in name for c in "\t\r\n"):
            marks.say("label_names", f"expected a text of one line, found {name!r}")


def _check_metrics(declared: _Declared, shape: Shape, marks: Marks) -> None:
    schemes = [scheme.name for scheme in shape.schemes]
    if declared.scheme and declared.scheme not in schemes:
        marks.say("scheme", nearest("one of", declared.scheme, schemes))
        return
    known = list(_scheme(declared, shape).metrics)
    for key in ("metrics", "benchmark_metrics"):
        for name in getattr(declared, key):
            if name not in known:
                marks.say(key, nearest("one of", name, known))


def _scheme(declared: _Declared, shape: Shape) -> Scheme:
    if shape.of_two_labels is not None and len(declared.label_names) == 2:
        return shape.of_two_labels
    return next((s for s in shape.schemes if s.name == declared.scheme), shape.schemes[0])


def _check_places(task: Task, marks: Marks) -> None:
    """Every split is served in the languages in which it is needed."""
    if not marks.is_good("sources") or not marks.is_good("splits"):
        return
    if task.eval_split not in task.splits:
        marks.say("eval_split", nearest("one of the splits", task.eval_split, list(task.splits)))
        return
    sources = [source for several in task.sources.values() for source in several]
    for split in task.splits:
        langs = [lang for lang in task.all_languages if any(s.serves(split, lang) for s in sources)]
        wanted = needed_languages(task, split)
        for lang in (lang for lang in wanted if lang not in langs):
            key = "languages" if lang != task.train_language else "train_language"
            known = ", ".join(langs) or "none of the task's languages"
            marks.say(key, f"no source has {split} in '{lang}'; those that are named have {known}")


def needed_languages(task: Task, split: str) -> tuple[str, ...]:
    """The languages without which a split is of no use."""
    targets = tuple(lang for langs in task.languages.values() for lang in langs)
    if split == task.eval_split and targets:
        return targets
    return (task.train_language,) if split in (TRAIN, VALIDATION, task.eval_split) else ()


def _languages(declared: _Declared) -> Mapping[str, tuple[str, ...]]:
    """The languages by benchmark: the task is a benchmark of its own where none is named."""
    langs = declared.languages
    if isinstance(langs, Mapping):
        return {name: tuple(dict.fromkeys(several)) for name, several in langs.items()}
    return {declared.name: tuple(dict.fromkeys(langs))} if langs else {}


def _splits(sources: Mapping[str, tuple[Source, ...]]) -> tuple[str, ...]:
    """All splits of all sources, the usual ones first."""
    found = [
        split
        for source in (s for several in sources.values() for s in several)
        for split in (source.splits if isinstance(source, HubSource) else source.files)
    ]
    usual = [split for split in (TRAIN, VALIDATION, TEST) if split in found]
    return tuple(dict.fromkeys((*usual, *found)))


def _last(splits: Sequence[str]) -> str:
    """The split of which scores are reported where none is named."""
    return next((split for split in (TEST, VALIDATION) if split in splits), TEST)


def _hyperparameters(declared: _Methods, shape: Shape) -> Mapping[str, Hyperparameters]:
    values = {}
    for method, default_values in shape.hyperparameters.items():
        own = asdict(getattr(declared, method))
        said = {name: value for name, value in own.items() if value is not None}
        values[method] = replace(default_values, **said)
    return values
