"""A backbone as it was published, kept as a run so that it is evaluated like the others."""

from typing import Any

from xtk.backbones.backbone import Pooling, resolve
from xtk.core.settings import Settings
from xtk.runs import store
from xtk.runs.identity import Identity
from xtk.runs.store import Run
from xtk.workflows.recipe import UNTRAINED


def untrained(size: str, *, settings: Settings, pooling: Pooling | None = None) -> Run:
    """The finished run, without task and head, of a backbone that nothing was trained on."""
    backbone = resolve(size, cache=settings.cache, pooling=pooling)
    identity = Identity(
        method=UNTRAINED,
        task="",
        declaration_sha256=None,
        backbone=backbone.name,
        backbone_fingerprint=backbone.fingerprint,
        pooling=backbone.pooling,
        adapter=None,
        intermediate=None,
        intermediate_sha256=None,
        hyperparameters={},
        mixing={},
        precision="auto",
        seed=0,
        train_rows=0,
        train_sha256="",
        dev_rows=0,
        dev_sha256="",
    )
    done = store.finished(settings.home, identity)
    if done:
        return done
    details: dict[str, Any] = {
        "size": size,
        "backbone_revision": backbone.revision,
        "heads": {},
        "declarations": {},
        "precision": "auto",
    }
    with store.claimed(settings.home, identity, force=False, details=details) as folder:
        store.set_status(folder, store.FINISHED, {"tasks": {}, "collapsed": False})
    return store.open_run(folder)
