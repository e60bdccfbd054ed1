"""Run folders: found, claimed, finished; one without the finished mark is never used."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from xtk.core.errors import UsageError, XtkError, unknown
from xtk.core.files import write_json
from xtk.runs.identity import FORMAT, Identity

RUNNING, FINISHED, FAILED = "running", "finished", "failed"
RUN, STATUS = "run.json", "status.json"


@dataclass(frozen=True)
class Run:
    """A run folder as it is on disk."""

    path: Path
    identity: Identity
    details: dict[str, Any]  # the rest of run.json: labels, files, versions, machine
    status: str
    result: dict[str, Any]  # dev score, speed and so on; the reason of a failure

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def modules(self) -> Path:
        """What was trained, in the layout of the adapters library."""
        return self.path / "adapter"

    @property
    def intermediate(self) -> Path | None:
        """The frozen adapter below, copied so that the run is whole in itself."""
        folder = self.path / "intermediate"
        return folder if folder.is_dir() else None


def runs_folder(home: Path) -> Path:
    return home / "runs"


def open_run(path: Path) -> Run:
    """The run in a folder; an error if the folder is none or is of another version."""
    try:
        content = json.loads((path / RUN).read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise XtkError(
                f"{path} was written in format {content['format']} by another version of xtk, this "
                f"one reads {FORMAT}; train it anew or use that version."
            )
        state = json.loads((path / STATUS).read_text(encoding="utf-8"))
        return Run(
            path=path,
            identity=Identity(**content["identity"]),
            details=content["details"],
            status=state["status"],
            result=state["result"],
        )
    except FileNotFoundError as error:
        raise XtkError(
            f"{path} is no run folder: {Path(error.filename).name} is missing."
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise XtkError(
            f"{path} cannot be read as a run ({type(error).__name__}: {error}); remove it with "
            f"'xtk runs rm {path.name}' and train it anew."
        ) from error


def finished(home: Path, identity: Identity) -> Run | None:
    """The finished run of this identity, if there is one."""
    path = runs_folder(home) / identity.name()
    if not (path / STATUS).is_file():
        return None
    run = open_run(path)
    return run if run.status == FINISHED and run.identity == identity else None


def all_runs(home: Path) -> list[Path]:
    """All run folders, by name."""
    return sorted(path.parent for path in runs_folder(home).glob(f"*/{RUN}"))


def find(home: Path, name: str) -> Run:
    """A finished run by its name, by the beginning of one, or by its folder."""
    run = find_any(home, name)
    if run.status != FINISHED:
        raise XtkError(
            f"The run {run.name} is {run.status}, not finished; train it again with the same "
            "command to go on."
        )
    return run


def find_any(home: Path, name: str) -> Run:
    """A run in whatever state."""
    if not name:
        raise UsageError("A run has a name; 'xtk runs' lists them.")
    if (Path(name) / RUN).is_file():
        return open_run(Path(name).absolute())
    paths = all_runs(home)
    exact = [path for path in paths if path.name == name]
    matches = exact or [path for path in paths if path.name.startswith(name)]
    if len(matches) == 1:
        return open_run(matches[0])
    if matches:
        raise UsageError(f"'{name}' may be {', or '.join(path.name for path in matches)}.")
    if not paths:
        raise UsageError(f"There is no run '{name}': {runs_folder(home)} has none yet.")
    raise unknown("run", name, (path.name for path in paths))


@contextmanager
def claimed(
    home: Path, identity: Identity, *, force: bool, details: dict[str, Any]
) -> Iterator[Path]:
    """The folder of a run that is to be trained, locked against other processes.

    A failure inside is written into the folder's status; what a killed process left is gone on
    with; `force` begins from nothing.
    """
    path = runs_folder(home) / identity.name()
    with locked(path, wait=0):
        if force:
            shutil.rmtree(path, ignore_errors=True)
        write_json(path / RUN, {"format": FORMAT, "identity": asdict(identity), "details": details})
        set_status(path, RUNNING, {})
        try:
            yield path
        except KeyboardInterrupt:
            raise  # it stays running: the same command goes on
        except Exception as error:
            set_status(path, FAILED, {"reason": f"{type(error).__name__}: {error}"})
            raise


def set_status(path: Path, status: str, result: dict[str, Any]) -> None:
    """Write the mark; `finished` is written last of all."""
    write_json(path / STATUS, {"status": status, "result": result})


def remove(path: Path) -> None:
    """Delete a run folder; the mark goes first, so that a half-deleted run is no run."""
    with locked(path, wait=0):
        (path / STATUS).unlink(missing_ok=True)
        shutil.rmtree(path)


@contextmanager
def locked(path: Path, *, wait: float = 10.0) -> Iterator[None]:
    """Hold a file or folder against other processes; `wait` is in seconds."""
    lock = FileLock(path.parent / f".{path.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait)
    except Timeout as error:
        raise XtkError(f"{path.name} is at work in another process; wait for it.") from error
    except OSError as error:
        raise XtkError(
            f"Cannot write below {path.parent}: {error.strerror}; choose another place with --home "
            "or XTK_HOME."
        ) from error
    try:
        yield
    finally:
        lock.release()


def collect_garbage(home: Path) -> list[str]:
    """Remove runs that are neither finished nor at work; their names."""
    removed = []
    for path in all_runs(home):
        try:
            is_finished = open_run(path).status == FINISHED
        except XtkError:
            is_finished = False
        if not is_finished:
            try:
                remove(path)
            except XtkError:
                continue  # at work in another process
            removed.append(path.name)
    return removed
