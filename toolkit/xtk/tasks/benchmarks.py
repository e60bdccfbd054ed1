"""The groups of tasks over which each benchmark takes means."""

from collections.abc import Mapping

# The nine intermediate tasks of Phang et al. 2020 (section 2.1), alone and together: `--task all`.
ALL = "all"
PAPER = (
    *("anli_plus", "mnli", "qqp", "squad", "squad2"),
    *("hellaswag", "ccg", "cosmosqa", "csqa"),
)

# Of English questions among English sentences: what chooses a layer where a task has no dev rows.
ENGLISH_SEARCH = "lareqa"

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
