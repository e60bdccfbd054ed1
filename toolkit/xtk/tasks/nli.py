"""Natural language inference: whether a premise entails a hypothesis."""

from xtk.data.formats import Form
from xtk.data.rows import PairColumns
from xtk.data.sources import HubSource, LocalSource
from xtk.kinds.kind import SEQUENCE_CLASSIFICATION
from xtk.scoring.schemes import labels
from xtk.tasks.hyperparameters import FINETUNE_INTERMEDIATE, FINETUNE_TARGET, defaults
from xtk.tasks.task import HUB, INTERMEDIATE, LOCAL, SAMPLE, TARGET, TEST, Task, per_split

LABELS = ("entailment", "neutral", "contradiction")
XNLI_LANGUAGES = (
    "ar",
    "bg",
    "de",
    "el",
    "en",
    "es",
    "fr",
    "hi",
    "ru",
    "sw",
    "th",
    "tr",
    "ur",
    "vi",
    "zh",
)

# Where the annotators of SNLI and MNLI did not agree there is "-", on the Hub -1.
CORPUS = PairColumns("sentence1", "sentence2", "gold_label", LABELS, unlabelled=("-",))
ON_THE_HUB = PairColumns("premise", "hypothesis", "label", ("0", "1", "2"), unlabelled=("-1",))

# Both splits are cut from the official dev file; its last 1,000 rows are validation.
SNLI_SAMPLE = LocalSource(
    folders=("snli",),
    files=per_split(train="snli_1.0_dev.jsonl", validation="snli_1.0_dev.jsonl"),
    parts={"train": (0, 8_831), "validation": (8_831, 9_831)},
    columns=CORPUS,
)

XNLI_OFFICIAL = LocalSource(
    folders=("XNLI-1.0", "xnli/XNLI-1.0", "xnli"),
    files=per_split(validation="xnli.dev.tsv", test="xnli.test.tsv"),
    where={"language": "{lang}"},
    columns=PairColumns("sentence1", "sentence2", "gold_label", LABELS),
)
XNLI_TRANSLATED = LocalSource(  # MNLI's training rows; only the English ones are not translated
    folders=("XNLI-MT-1.0", "xnli/XNLI-MT-1.0"),
    files=per_split(train="multinli/multinli.train.{lang}.tsv"),
    columns=PairColumns("premise", "hypo", "label", (*LABELS[:2], "contradictory")),
)
XNLI_OF_XTREME = LocalSource(  # XTREME's download folder; its test files have no labels
    folders=("xnli",),
    files=per_split(train="train-{lang}.tsv", validation="dev-{lang}.tsv", test="test-{lang}.tsv"),
    form=Form(header=("sentence1", "sentence2", "label"), quoted=True),
    columns=PairColumns("sentence1", "sentence2", "label", LABELS, unlabelled=("",)),
)

MNLI = Task(
    name="mnli",
    title="MultiNLI",
    kind=SEQUENCE_CLASSIFICATION,
    scheme=labels.LABELS,
    roles=(INTERMEDIATE,),
    label_names=LABELS,
    splits=("train", "validation", "validation_mismatched"),
    sources={
        HUB: (
            HubSource(
                dataset="nyu-mll/multi_nli",
                revision="da70db2af9d09693783c3320c4249840212ee221",
                splits=per_split(
                    train="train",
                    validation="validation_matched",
                    validation_mismatched="validation_mismatched",
                ),
                columns=ON_THE_HUB,
                rows={"train": 392_702, "validation": 9_815, "validation_mismatched": 9_832},
            ),
        ),
        LOCAL: (
            LocalSource(
                folders=("multinli_1.0", "mnli", "mnli/multinli_1.0"),
                files=per_split(
                    train="multinli_1.0_train.jsonl",
                    validation="multinli_1.0_dev_matched.jsonl",
                    validation_mismatched="multinli_1.0_dev_mismatched.jsonl",
                ),
                columns=CORPUS,
            ),
        ),
    },
    licence="OANC, CC BY 3.0, CC BY-SA 3.0 and others, by genre",
    citation="Williams et al. 2018: A Broad-Coverage Challenge Corpus for Sentence Understanding",
    homepage="https://cims.nyu.edu/~sbowman/multinli/",
    max_length=128,
    hyperparameters=defaults(FINETUNE_INTERMEDIATE),
)

SNLI = Task(
    name="snli",
    title="Stanford NLI",
    kind=SEQUENCE_CLASSIFICATION,
    scheme=labels.LABELS,
    roles=(INTERMEDIATE,),
    label_names=LABELS,
    splits=("train", "validation", "test"),
    sources={
        HUB: (
            HubSource(
                dataset="stanfordnlp/snli",
                config="plain_text",
                revision="cdb5c3d5eed6ead6e5a341c8e56e669bb666725b",
                splits=per_split(train="train", validation="validation", test="test"),
                columns=ON_THE_HUB,
                rows={"train": 550_152, "validation": 10_000, "test": 10_000},
            ),
        ),
        LOCAL: (
            LocalSource(
                folders=("snli_1.0", "snli", "snli/snli_1.0"),
                files=per_split(
                    train="snli_1.0_train.jsonl",
                    validation="snli_1.0_dev.jsonl",
                    test="snli_1.0_test.jsonl",
                ),
                columns=CORPUS,
            ),
        ),
        SAMPLE: (SNLI_SAMPLE,),
    },
    licence="CC BY-SA 4.0",
    citation="Bowman et al. 2015: A large annotated corpus for learning natural language inference",
    homepage="https://nlp.stanford.edu/projects/snli/",
    max_length=128,
    hyperparameters=defaults(FINETUNE_INTERMEDIATE),
)

ANLI_FILES = LocalSource(
    folders=("anli_v1.0", "anli", "anli/anli_v1.0"),
    files=per_split(
        train="R1/train.jsonl R2/train.jsonl R3/train.jsonl",
        validation="R1/dev.jsonl R2/dev.jsonl R3/dev.jsonl",
        test="R1/test.jsonl R2/test.jsonl R3/test.jsonl",
    ),
    columns=PairColumns("context", "hypothesis", "label", ("e", "n", "c")),
)

ANLI = Task(
    name="anli",
    title="Adversarial NLI, rounds 1 to 3",
    kind=SEQUENCE_CLASSIFICATION,
    scheme=labels.LABELS,
    roles=(INTERMEDIATE,),
    label_names=LABELS,
    splits=("train", "validation", "test"),
    sources={
        HUB: (
            HubSource(
                dataset="facebook/anli",
                config="plain_text",
                revision="8e4813d81f46d313dac7892e1c28076917cfcdf9",
                splits=per_split(
                    train="train_r1 train_r2 train_r3",
                    validation="dev_r1 dev_r2 dev_r3",
                    test="test_r1 test_r2 test_r3",
                ),
                columns=ON_THE_HUB,
                rows={"train": 162_865, "validation": 3_200, "test": 3_200},
            ),
        ),
        LOCAL: (ANLI_FILES,),
    },
    licence="CC BY-NC 4.0",
    citation="Nie et al. 2020: Adversarial NLI",
    homepage="https://github.com/facebookresearch/anli",
    max_length=160,
    hyperparameters=defaults(FINETUNE_INTERMEDIATE),
)

ANLI_PLUS = Task(
    name="anli_plus",
    title="ANLI+: ANLI, MultiNLI and SNLI together",
    kind=SEQUENCE_CLASSIFICATION,
    scheme=labels.LABELS,
    roles=(INTERMEDIATE,),
    label_names=LABELS,
    parts=("anli", "mnli", "snli"),
    licence="those of its parts; ANLI is CC BY-NC 4.0",
    citation="Phang et al. 2020: English Intermediate-Task Training Improves Zero-Shot Transfer",
    homepage="https://github.com/nyu-mll/jiant",
    max_length=160,
    hyperparameters=defaults(FINETUNE_INTERMEDIATE),
)

XNLI = Task(
    name="xnli",
    title="Cross-lingual NLI",
    kind=SEQUENCE_CLASSIFICATION,
    scheme=labels.LABELS,
    roles=(TARGET,),
    label_names=LABELS,
    languages={"xtreme": XNLI_LANGUAGES, "xtreme-r": XNLI_LANGUAGES},
    splits=("train", "validation", "test"),
    eval_split=TEST,
    sources={
        HUB: (
            HubSource(
                dataset="facebook/xnli",
                config="{lang}",
                revision="b8dd5d7af51114dbda02c0e3f6133f332186418e",
                splits=per_split(train="train", validation="validation", test="test"),
                columns=ON_THE_HUB,
                rows={"train": 392_702, "validation": 2_490, "test": 5_010},
            ),
        ),
        LOCAL: (XNLI_OFFICIAL, XNLI_TRANSLATED, XNLI_OF_XTREME),
    },
    licence="CC BY-NC 4.0",
    citation="Conneau et al. 2018: XNLI: Evaluating Cross-lingual Sentence Representations",
    homepage="https://github.com/facebookresearch/XNLI",
    max_length=128,
    hyperparameters=defaults(FINETUNE_TARGET),
)
