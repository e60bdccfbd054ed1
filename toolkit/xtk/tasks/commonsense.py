"""Commonsense reasoning: which of several choices makes sense."""

from dataclasses import replace

from xtk.data.formats import Form
from xtk.data.rows import ChoiceColumns
from xtk.data.sources import HubSource, LocalSource
from xtk.kinds.kind import MULTIPLE_CHOICE
from xtk.scoring.schemes.choices import CHOICES
from xtk.tasks.hyperparameters import FINETUNE_INTERMEDIATE, FINETUNE_TARGET, defaults
from xtk.tasks.task import HUB, INTERMEDIATE, LOCAL, SAMPLE, TARGET, TEST, Task, per_split

XCOPA_LANGUAGES = ("et", "ht", "id", "it", "qu", "sw", "ta", "th", "tr", "vi", "zh")

HELLASWAG_COLUMNS = ChoiceColumns(
    context="ctx",
    question=None,
    choices=("endings",),
    label="label",
    codes=("0", "1", "2", "3"),
    unlabelled=("",),
)
HELLASWAG_FILES = LocalSource(
    folders=("hellaswag", ""),
    files=per_split(
        train="hellaswag_train.jsonl", validation="hellaswag_val.jsonl", test="hellaswag_test.jsonl"
    ),
    columns=HELLASWAG_COLUMNS,
)
# Both are cut from the official validation file, by context.
HELLASWAG_SAMPLE = LocalSource(
    folders=("hellaswag",),
    files=per_split(train="train.jsonl", validation="dev.jsonl"),
    columns=HELLASWAG_COLUMNS,
)

HELLASWAG = Task(
    name="hellaswag",
    title="HellaSwag",
    kind=MULTIPLE_CHOICE,
    scheme=CHOICES,
    roles=(INTERMEDIATE,),
    label_names=("0", "1", "2", "3"),
    splits=("train", "validation", "test"),
    sources={
        HUB: (
            HubSource(
                dataset="Rowan/hellaswag",
                revision="218ec52e09a7e7462a5400043bb9a69a41d06b76",
                splits=per_split(train="train", validation="validation", test="test"),
                columns=HELLASWAG_COLUMNS,
                rows={"train": 39_905, "validation": 10_042, "test": 10_003},
            ),
        ),
        LOCAL: (HELLASWAG_FILES,),
        SAMPLE: (HELLASWAG_SAMPLE,),
    },
    licence="MIT",
    citation="Zellers et al. 2019: HellaSwag: Can a Machine Really Finish Your Sentence?",
    homepage="https://github.com/rowanz/hellaswag",
    max_length=200,
    hyperparameters=defaults(FINETUNE_INTERMEDIATE, adapter_batch=16),
)

SIQA_COLUMNS = ChoiceColumns(
    context="context",
    question="question",
    choices=("answerA", "answerB", "answerC"),
    label="label",
    codes=("1", "2", "3"),
)
SIQA_FILES = LocalSource(
    folders=("socialiqa-train-dev", "siqa", "siqa/socialiqa-train-dev"),
    files=per_split(train="train.jsonl", validation="dev.jsonl"),
    form=Form(labels="-labels.lst"),
    columns=SIQA_COLUMNS,
)
SIQA_OF_XTREME = LocalSource(  # the owner's version 1.4, which XTREME's script fetches
    folders=("siqa", "siqa/socialIQa_v1.4"),
    files=per_split(train="socialIQa_v1.4_trn.jsonl", validation="socialIQa_v1.4_dev.jsonl"),
    columns=replace(SIQA_COLUMNS, label="correct", codes=("A", "B", "C")),
)

SIQA = Task(
    name="siqa",
    title="Social IQa",
    kind=MULTIPLE_CHOICE,
    scheme=CHOICES,
    roles=(INTERMEDIATE,),
    label_names=("A", "B", "C"),
    sources={
        HUB: (
            HubSource(  # parquet of the owner's rows; allenai/social_i_qa is a script
                dataset="lighteval/siqa",
                revision="54c6a1f8cb6daf4f5abf24a601852612fb35eb25",
                columns=SIQA_COLUMNS,
                rows={"train": 33_410, "validation": 1_954},
            ),
        ),
        LOCAL: (SIQA_FILES, SIQA_OF_XTREME),
        SAMPLE: (SIQA_FILES,),
    },
    licence="CC BY 4.0",
    citation="Sap et al. 2019: Social IQa: Commonsense Reasoning about Social Interactions",
    homepage="https://leaderboard.allenai.org/socialiqa/submissions/get-started",
    max_length=128,
    hyperparameters=defaults(FINETUNE_TARGET, adapter_batch=16),
)

CSQA_COLUMNS = ChoiceColumns(
    context="question.stem",
    question=None,
    choices=("question.choices.text",),
    label="answerKey",
    codes=("A", "B", "C", "D", "E"),
    unlabelled=("",),
)
CSQA_FILES = LocalSource(
    folders=("csqa", "commonsense_qa", ""),
    files=per_split(
        train="train_rand_split.jsonl",
        validation="dev_rand_split.jsonl",
        test="test_rand_split_no_answers.jsonl",
    ),
    columns=CSQA_COLUMNS,
)

CSQA = Task(
    name="csqa",
    title="CommonsenseQA",
    kind=MULTIPLE_CHOICE,
    scheme=CHOICES,
    roles=(INTERMEDIATE,),
    label_names=("A", "B", "C", "D", "E"),
    splits=("train", "validation", "test"),
    sources={
        HUB: (
            HubSource(
                dataset="tau/commonsense_qa",
                revision="94630fe30dad47192a8546eb75f094926d47e155",
                splits=per_split(train="train", validation="validation", test="test"),
                columns=replace(CSQA_COLUMNS, context="question", choices=("choices.text",)),
                rows={"train": 9_741, "validation": 1_221, "test": 1_140},
            ),
        ),
        LOCAL: (CSQA_FILES,),
        SAMPLE: (CSQA_FILES,),
    },
    licence="MIT",
    citation="Talmor et al. 2019: CommonsenseQA: A Question Answering Challenge",
    homepage="https://www.tau-nlp.org/commonsenseqa",
    max_length=80,
    hyperparameters=defaults(FINETUNE_INTERMEDIATE, adapter_batch=16),
)

COSMOSQA_COLUMNS = ChoiceColumns(
    context="context",
    question="question",
    choices=("answer0", "answer1", "answer2", "answer3"),
    label="label",
    codes=("0", "1", "2", "3"),
)

COSMOSQA = Task(
    name="cosmosqa",
    title="Cosmos QA",
    kind=MULTIPLE_CHOICE,
    scheme=CHOICES,
    roles=(INTERMEDIATE,),
    label_names=("0", "1", "2", "3"),
    sources={
        HUB: (
            HubSource(  # the Hub's own parquet copy; the main branch is a script
                dataset="allenai/cosmos_qa",
                revision="ed50fe83db62b355759053b1cd5eef344ee371e0",
                columns=COSMOSQA_COLUMNS,
                rows={"train": 25_262, "validation": 2_985},
            ),
        ),
        LOCAL: (
            LocalSource(
                folders=("cosmosqa", "cosmosqa/data"),
                files=per_split(train="train.csv", validation="valid.csv"),
                columns=COSMOSQA_COLUMNS,
            ),
        ),
    },
    licence="CC BY 4.0",
    citation="Huang et al. 2019: Cosmos QA: Machine Reading Comprehension with Commonsense",
    homepage="https://github.com/wilburOne/cosmosqa",
    max_length=128,
    hyperparameters=defaults(FINETUNE_INTERMEDIATE, adapter_batch=16),
)

# COPA's rows say only "cause" or "effect". The questions are those of XTREME-R's code
# (google-research/xtreme at 838c13b, third_party/run_xcopa.py), which puts them after the premise;
# here they are before each choice, as in Poth et al. 2021 (itrain/datasets/multiple_choice.py).
COPA_COLUMNS = ChoiceColumns(
    context="premise",
    question="question",
    choices=("choice1", "choice2"),
    label="label",
    codes=("0", "1"),
    unlabelled=("", "-1"),
    question_texts={"cause": "What was the cause?", "effect": "What was the effect?"},
)
COPA_FILES = LocalSource(  # English, out of SuperGLUE; its test has no labels
    folders=("COPA", "copa", "xcopa/COPA"),
    files=per_split(train="train.jsonl", validation="val.jsonl", test="test.jsonl"),
    columns=COPA_COLUMNS,
)
# Read as they are: in Thai every row says "effect", in Turkish every val row and 51 test rows too
# many, where COPA's halves are cause and effect (cambridgeltl/xcopa at e2e9d7f).
XCOPA_FILES = LocalSource(
    folders=("xcopa", "xcopa-official", "xcopa-master", ""),
    files=per_split(
        validation="data/{lang}/val.{lang}.jsonl", test="data/{lang}/test.{lang}.jsonl"
    ),
    columns=COPA_COLUMNS,
)
XCOPA_OF_XTREME = LocalSource(  # the labels of its test files are 0 in every row
    folders=("xcopa",),
    files=per_split(
        train="train-{lang}.jsonl", validation="val-{lang}.jsonl", test="test-{lang}.jsonl"
    ),
    columns=COPA_COLUMNS,
)
COPA_ON_THE_HUB = HubSource(
    dataset="aps/super_glue",
    config="copa",
    revision="3de24cf8022e94f4ee4b9d55a6f539891524d646",
    splits=per_split(train="train", validation="validation", test="test"),
    columns=COPA_COLUMNS,
    rows={"train": 400, "validation": 100, "test": 500},
)

XCOPA = Task(
    name="xcopa",
    title="XCOPA, with COPA as its English part",
    kind=MULTIPLE_CHOICE,
    scheme=CHOICES,
    roles=(TARGET,),
    label_names=("0", "1"),
    languages={"xtreme-r": XCOPA_LANGUAGES},
    splits=("train", "validation", "test"),
    eval_split=TEST,
    sources={
        HUB: (
            COPA_ON_THE_HUB,
            HubSource(
                dataset="cambridgeltl/xcopa",
                config="{lang}",
                revision="042f78955ba48e6404616762fa6e05e839c3907a",
                splits=per_split(validation="validation", test="test"),
                columns=COPA_COLUMNS,
                rows={"validation": 100, "test": 500},
            ),
        ),
        LOCAL: (COPA_FILES, XCOPA_FILES, XCOPA_OF_XTREME),
        SAMPLE: (COPA_FILES, XCOPA_FILES),
    },
    licence="CC BY 4.0; COPA: BSD-2-Clause",
    citation="Ponti et al. 2020: XCOPA; Roemmele et al. 2011: Choice of Plausible Alternatives",
    homepage="https://github.com/cambridgeltl/xcopa",
    max_length=128,
    hyperparameters=defaults(FINETUNE_TARGET, adapter_batch=16),
)
