"""Exact search of xtk beside faiss: time, memory and agreement in one run.

Usage: python benchmarks/search.py [--candidates N] [--queries N] [--size D] [--k K] [--rounds R]
       [--coretype NAME]

Random unit vectors (seeded) are written to a file in the temporary folder: 3.1 GB by default, so it
is in the page cache, not cold. Each search is a process of its own; the rounds alternate. xtk
reads the file as a memory map, faiss-cpu copies it chunk by chunk into an IndexFlatIP. Peak memory
is ru_maxrss: all resident pages, those of the memory map too. Needs `pip install faiss-cpu`.

The OpenBLAS inside the faiss-cpu wheel may not know a new processor and take its slowest kernels;
`--coretype SkylakeX` runs faiss once more with OPENBLAS_CORETYPE set, the faster way where it does.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# numpy, faiss and xtk are imported in the children alone: on Linux a child's ru_maxrss starts at
# what its parent holds.

STEP = 50_000  # vectors made, or copied into the index, at once


def make(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    import numpy as np

    from xtk.kinds.search import unit

    rng = np.random.default_rng(0)
    for name, count in (("queries", options.queries), ("candidates", options.candidates)):
        shape = (count, options.size)
        file = np.lib.format.open_memmap(folder / f"{name}.npy", "w+", np.float32, shape)
        for start in range(0, count, STEP):
            rows = min(STEP, count - start)
            file[start : start + rows] = unit(
                rng.standard_normal((rows, options.size), dtype=np.float32)
            )
        file.flush()
    return {}


def xtk(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    import numpy as np

    from xtk.kinds.search import nearest

    queries = np.load(folder / "queries.npy")
    candidates = np.load(folder / "candidates.npy", mmap_mode="r")
    return timed(folder / "xtk.npy", lambda: nearest(queries, candidates, options.k).ids, 0.0)


def faiss(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    import faiss
    import numpy as np

    queries = np.load(folder / "queries.npy")
    begin = time.perf_counter()
    index = faiss.IndexFlatIP(options.size)
    for start in range(0, options.candidates, STEP):  # mapped anew, so that no pages pile up
        candidates = np.load(folder / "candidates.npy", mmap_mode="r")
        index.add(candidates[start : start + STEP])
        del candidates
    loading = time.perf_counter() - begin
    return timed(folder / "faiss.npy", lambda: index.search(queries, options.k)[1], loading)


def timed(path: Path, search: Callable[[], Any], loading: float) -> dict[str, Any]:
    """Run a search, write its ids to the file and tell what it took."""
    import numpy as np

    wall, cpu = time.perf_counter(), time.process_time()
    ids = search()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    np.save(path, ids)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # kilobytes on Linux
    return {"loading": loading, "wall": wall, "cpu": cpu, "peak": peak}


def agreement(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    import numpy as np

    ours, theirs = np.load(folder / "xtk.npy"), np.load(folder / "faiss.npy")
    rows, places = np.nonzero(ours != theirs)
    queries = np.load(folder / "queries.npy")[rows].astype(np.float64)
    candidates = np.load(folder / "candidates.npy", mmap_mode="r")
    mine, other = (
        np.vecdot(queries, candidates[ids[rows, places]].astype(np.float64))
        for ids in (ours, theirs)
    )
    apart = float(np.abs(mine - other).max(initial=0.0))
    return {"equal": int((ours == theirs).sum()), "of": int(ours.size), "apart": apart}


STEPS = {step.__name__: step for step in (make, xtk, faiss, agreement)}


def in_a_process(step: str, folder: Path, *, coretype: str | None = None) -> dict[str, Any]:
    command = [sys.executable, __file__, *sys.argv[1:], "--step", step, "--folder", str(folder)]
    env = os.environ | ({"OPENBLAS_CORETYPE": coretype} if coretype else {})
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=env)  # noqa: S603 (our own words)
    answer: dict[str, Any] = json.loads(done.stdout)
    sys.stderr.write(f"{step} {coretype or ''} {answer} load {os.getloadavg()[0]:.1f}\n")
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--candidates", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=1_000)
    parser.add_argument("--size", type=int, default=768)
    parser.add_argument("--k", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--coretype", help="for one more row: OPENBLAS_CORETYPE of faiss")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        sys.stdout.write(json.dumps(STEPS[options.step](options.folder, options)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        in_a_process("make", folder)
        runs: dict[str, list[dict[str, Any]]] = {}
        for _ in range(options.rounds):
            runs.setdefault("xtk", []).append(in_a_process("xtk", folder))
            runs.setdefault("faiss", []).append(in_a_process("faiss", folder))
            if options.coretype:
                row = f"faiss, {options.coretype} kernels"
                again = in_a_process("faiss", folder, coretype=options.coretype)
                runs.setdefault(row, []).append(again)
        same = in_a_process("agreement", folder)
    report(runs, same)


def report(rows: dict[str, list[dict[str, Any]]], same: dict[str, Any]) -> None:
    sys.stdout.write(
        f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f} at the end; "
        f"medians of {len(rows['xtk'])} rounds\n\n"
        "| | search, s (lowest to highest) | CPU s | loading, s | peak memory, GiB |\n"
        "|---|---:|---:|---:|---:|\n"
    )
    for name, runs in rows.items():
        middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        walls = [run["wall"] for run in runs]
        sys.stdout.write(
            f"| {name} | {middle['wall']:.1f} ({min(walls):.1f} to {max(walls):.1f}) "
            f"| {middle['cpu']:.1f} | {middle['loading']:.1f} | {middle['peak']:.2f} |\n"
        )
    sys.stdout.write(
        f"\nids equal: {same['equal']:,} of {same['of']:,}; "
        f"cosines of the others apart by {same['apart']:.1e} at most\n"
    )


if __name__ == "__main__":
    main()
