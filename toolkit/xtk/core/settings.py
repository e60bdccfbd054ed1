"""What holds for every command: where runs and caches are kept and where data is looked for."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

HOME, CACHE, DATA = "XTK_HOME", "XTK_CACHE", "XTK_DATA"


@dataclass(frozen=True)
class Settings:
    """Places; `origins` says for each of them what set it, for `xtk doctor`."""

    home: Path  # runs
    cache: Path  # converted backbones and encoded splits: all of it can be made again
    data_roots: tuple[Path, ...]  # searched in this order for official files
    origins: Mapping[str, str]

    @classmethod
    def of(cls, *, home: Path | None = None, environ: Mapping[str, str] = os.environ) -> "Settings":
        """The argument `home` goes before the environment, the environment before defaults."""
        origins = {"home": "--home" if home else HOME if environ.get(HOME) else "default"}
        home = home or Path(environ.get(HOME) or platformdirs.user_data_path("xtk"))
        origins["cache"] = CACHE if environ.get(CACHE) else "home"
        origins["data"] = DATA if environ.get(DATA) else "default"
        roots = environ.get(DATA, "").split(os.pathsep)
        return cls(
            home=home.expanduser().absolute(),
            cache=Path(environ.get(CACHE) or home / "cache").expanduser().absolute(),
            data_roots=tuple(Path(r).expanduser().absolute() for r in roots if r),
            origins=origins,
        )
