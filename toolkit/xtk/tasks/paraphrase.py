"""Paraphrase identification: whether two sentences say the same."""

from dataclasses import replace

from xtk.data.formats import Form
from xtk.data.rows import PairColumns
from xtk.data.sources import HubSource, LocalSource
from xtk.kinds.kind import SEQUENCE_CLASSIFICATION
from xtk.scoring.schemes import labels
from xtk.tasks.hyperparameters import FINETUNE_INTERMEDIATE, FINETUNE_TARGET, defaults
from xtk.tasks.task import HUB, INTERMEDIATE, LOCAL, TARGET, TEST, Task, per_split

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
    scheme=labels.LABELS,
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

QQP_COLUMNS = PairColumns(
    "question1", "question2", "is_duplicate", ("0", "1"), unlabelled=("", "-1")
)
# Three training rows of GLUE's file lack columns; the Hub's copy leaves them out.
QQP_OF_GLUE = LocalSource(
    folders=("QQP", "glue_data/QQP", "qqp"),
    files=per_split(train="train.tsv", validation="dev.tsv", test="test.tsv"),
    columns=QQP_COLUMNS,
)
QQP_OF_QUORA = LocalSource(  # all 404,290 pairs in one file, GLUE's dev and test rows among them
    folders=("qqp", "quora", ""),
    files=per_split(train="quora_duplicate_questions.tsv"),
    form=Form(joined=True),
    columns=QQP_COLUMNS,
    rows={"train": 404_290},
)

QQP = Task(
    name="qqp",
    title="Quora Question Pairs",
    kind=SEQUENCE_CLASSIFICATION,
    scheme=labels.BINARY_LABELS,
    roles=(INTERMEDIATE,),
    label_names=("0", "1"),
    metrics=("accuracy", "f1", "macro_f1"),
    splits=("train", "validation", "test"),
    sources={
        HUB: (
            HubSource(
                dataset="nyu-mll/glue",
                config="qqp",
                revision="bcdcba79d07bc864c1c254ccfcedcce55bcc9a8c",
                splits=per_split(train="train", validation="validation", test="test"),
                columns=replace(QQP_COLUMNS, label="label"),
                rows={"train": 363_846, "validation": 40_430, "test": 390_965},
            ),
        ),
        LOCAL: (QQP_OF_GLUE, QQP_OF_QUORA),
    },
    licence="Quora's terms: non-commercial use",
    citation="Iyer et al. 2017: First Quora Dataset Release; Wang et al. 2019: GLUE",
    homepage="https://gluebenchmark.com/tasks",
    max_length=128,
    hyperparameters=defaults(FINETUNE_INTERMEDIATE),
)
