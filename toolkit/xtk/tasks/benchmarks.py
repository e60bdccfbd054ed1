"""The groups of tasks over which each benchmark takes means."""

from collections.abc import Mapping

# google-research/xtreme, evaluate.py. XTREME-R counts XCOPA in two groups, as that script does; in
# its retrieval group LAReQA is missing there, because the script cannot score it.
GROUPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "xtreme": {
        "classification": ("pawsx", "xnli"),
        "tagging": ("udpos", "panx"),
        "qa": ("xquad", "mlqa", "tydiqa"),
        "retrieval": ("bucc2018", "tatoeba"),
    },
    "xtreme-r": {
        "classification": ("xnli", "xcopa"),
        "tagging": ("udpos", "panx"),
        "qa": ("xquad", "mlqa", "tydiqa"),
        "retrieval": ("tatoeba", "mewslix", "lareqa"),
        "multi_choice": ("xcopa",),
    },
}
