"""Paraphrase identification: whether two sentences say the same."""

from xtk.data.formats import Form
from xtk.data.rows import PairColumns
from xtk.data.sources import HubSource, LocalSource
from xtk.kinds.kind import SEQUENCE_CLASSIFICATION
from xtk.tasks.hyperparameters import FINETUNE_TARGET, defaults
from xtk.tasks.task import HUB, LOCAL, TARGET, TEST, Task, per_split

COLUMNS = PairColumns("sentence1", "sentence2", "label", ("0", "1"), unlabelled=("",))

OFFICIAL = LocalSource(
    folders=("x-final", "pawsx/x-final", "pawsx"),
    files=per_split(
        train="{lang}/train.tsv", validation="{lang}/dev_2k.tsv", test="{lang}/test_2k.tsv"
    ),
    columns=COLUMNS,
)
OF_XTREME = LocalSource(  # its test files have no labels
    folders=("pawsx",),
    files=per_split(train="train-{lang}.tsv", validation="dev-{lang}.tsv", test="test-{lang}.tsv"),
    form=Form(header=("sentence1", "sentence2", "label"), quoted=True),
    columns=COLUMNS,
)

# Some translations are missing: their owner wrote "NS" for them, and XTREME scores those rows too.
PAWSX = Task(
    name="pawsx",
    title="PAWS-X",
    kind=SEQUENCE_CLASSIFICATION,
    roles=(TARGET,),
    label_names=("0", "1"),
    languages={"xtreme": ("de", "en", "es", "fr", "ja", "ko", "zh")},
    splits=("train", "validation", "test"),
    eval_split=TEST,
    sources={
        HUB: (
            HubSource(
                dataset="google-research-datasets/paws-x",
                config="{lang}",
                revision="4cd8187c404bda33cb1f62b49b001115862acf37",
                splits=per_split(train="train", validation="validation", test="test"),
                columns=COLUMNS,
                rows={"train": 49_401, "validation": 2_000, "test": 2_000},
            ),
        ),
        LOCAL: (OFFICIAL, OF_XTREME),
    },
    licence="free use with attribution",
    citation="Yang et al. 2019: PAWS-X: A Cross-lingual Adversarial Dataset",
    homepage="https://github.com/google-research-datasets/paws",
    max_length=128,
    hyperparameters=defaults(FINETUNE_TARGET),
)
