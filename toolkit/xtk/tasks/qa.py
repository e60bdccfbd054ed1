"""Question answering: the answer as a part of a text, and as the sentence that holds it."""

from collections.abc import Iterator
from dataclasses import replace

from xtk.data.files import DataFile
from xtk.data.formats import Form, Item
from xtk.data.rows import PairColumns, Record
from xtk.data.sentences import ANSWER, OTHER, read_question_sentences
from xtk.data.sources import HubSource, LocalSource
from xtk.data.squad import SpanColumns, read_squad, read_squad_of_cut_ids
from xtk.kinds.kind import SEQUENCE_CLASSIFICATION, SPAN_EXTRACTION
from xtk.scoring.schemes import answers, labels
from xtk.tasks import languages
from xtk.tasks.hyperparameters import (
    FINETUNE_INTERMEDIATE_QA,
    FINETUNE_QA,
    FINETUNE_TARGET,
    defaults,
)
from xtk.tasks.task import HUB, INTERMEDIATE, LOCAL, SAMPLE, TARGET, TEST, Task, per_split

# The 48 articles of XQuAD, parallel in all languages, two rows a question: the first 21 articles
# have 559 questions, the next 3 have 73, the last 24 have 558. Training and test share no article.
XQUAD_R = LocalSource(
    folders=("lareqa/xquad-r", "xquad-r"),
    files=per_split(train="en.json", validation="en.json", test="{lang}.json"),
    parts={"train": (0, 1_118), "validation": (1_118, 1_264), "test": (1_264, 2_380)},
    read=read_question_sentences,
    columns=PairColumns("question", "sentence", "label", (ANSWER, OTHER)),
)

XQNLI = Task(
    name="xqnli",
    title="QNLI's form on XQuAD-R: does this sentence hold the answer to this question?",
    kind=SEQUENCE_CLASSIFICATION,
    scheme=labels.LABELS,
    roles=(TARGET,),
    label_names=(ANSWER, OTHER),
    languages={"xquad-r": languages.XQUAD},
    splits=("train", "validation", "test"),
    eval_split=TEST,
    sources={LOCAL: (XQUAD_R,), SAMPLE: (XQUAD_R,)},  # the Hub's copy lacks the sentences
    licence="CC BY-SA 4.0",
    citation="Roy et al. 2020: LAReQA; Artetxe et al. 2020: XQuAD; Wang et al. 2019: GLUE (QNLI)",
    homepage="https://github.com/google-research-datasets/lareqa",
    max_length=128,
    hyperparameters=defaults(FINETUNE_TARGET),
)

METRICS = ("f1", "exact_match")
# evaluate.py takes the mean of both, and SQuAD's rule for the articles and blanks of all languages;
# MLQA's rule, made for several languages, stands beside it
METRICS_OF_XTREME = (*METRICS, "mlqa_f1", "mlqa_exact_match")
BENCHMARK_METRICS = ("exact_match", "f1")
SPANS = SpanColumns()
SPANS_OR_NONE = SpanColumns(may_be_none=True)

SQUAD_ON_THE_HUB = HubSource(
    dataset="rajpurkar/squad",
    config="plain_text",
    revision="7b6d24c440a36b6815f21b70d25016731768db1f",
    columns=SPANS,
    rows={"train": 87_599, "validation": 10_570},
)
SQUAD_FILES = LocalSource(
    folders=("squad", "squad1", ""),
    files=per_split(train="train-v1.1.json", validation="dev-v1.1.json"),
    read=read_squad,
    columns=SPANS,
)

SQUAD = Task(
    name="squad",
    title="SQuAD 1.1",
    kind=SPAN_EXTRACTION,
    scheme=answers.ANSWERS,
    roles=(INTERMEDIATE,),
    label_names=(),
    metrics=METRICS,
    sources={HUB: (SQUAD_ON_THE_HUB,), LOCAL: (SQUAD_FILES,)},
    licence="CC BY-SA 4.0",
    citation="Rajpurkar et al. 2016: SQuAD: 100,000+ Questions for Machine Comprehension of Text",
    homepage="https://rajpurkar.github.io/SQuAD-explorer/",
    max_length=384,
    hyperparameters=defaults(FINETUNE_INTERMEDIATE_QA, adapter_batch=16),
)

SQUAD2 = Task(
    name="squad2",
    title="SQuAD 2.0, with questions that have no answer",
    kind=SPAN_EXTRACTION,
    scheme=answers.ANSWERS_OR_NONE,
    roles=(INTERMEDIATE,),
    label_names=(),
    metrics=METRICS,
    sources={
        HUB: (
            HubSource(
                dataset="rajpurkar/squad_v2",
                config="squad_v2",
                revision="3ffb306f725f7d2ce8394bc1873b24868140c412",
                columns=SPANS_OR_NONE,
                rows={"train": 130_319, "validation": 11_873},
            ),
        ),
        LOCAL: (
            LocalSource(
                folders=("squad", "squad2", ""),
                files=per_split(train="train-v2.0.json", validation="dev-v2.0.json"),
                read=read_squad,
                columns=SPANS_OR_NONE,
            ),
        ),
    },
    licence="CC BY-SA 4.0",
    citation="Rajpurkar et al. 2018: Know What You Don't Know: Unanswerable Questions for SQuAD",
    homepage="https://rajpurkar.github.io/SQuAD-explorer/",
    max_length=384,
    hyperparameters=defaults(FINETUNE_INTERMEDIATE_QA, adapter_batch=16),
)

XQUAD = Task(
    name="xquad",
    title="XQuAD, with SQuAD 1.1 to train on",
    kind=SPAN_EXTRACTION,
    scheme=answers.ANSWERS,
    roles=(TARGET,),
    label_names=(),
    metrics=METRICS_OF_XTREME,
    benchmark_metrics=BENCHMARK_METRICS,
    languages={"xtreme": languages.XQUAD, "xtreme-r": languages.XQUAD_R},
    splits=("train", "validation", "test"),
    eval_split=TEST,
    sources={
        HUB: (
            SQUAD_ON_THE_HUB,
            HubSource(
                dataset="google/xquad",
                config="xquad.{lang}",
                revision="51adfef1c1287aab1d2d91b5bead9bcfb9c68583",
                splits=per_split(test="validation"),
                columns=SPANS,
                rows={"test": 1_190},
            ),
        ),
        LOCAL: (
            SQUAD_FILES,
            LocalSource(
                folders=("xquad", "xquad-master", ""),
                files=per_split(test="xquad.{lang}.json"),
                read=read_squad,
                columns=SPANS,
            ),
        ),
    },
    licence="CC BY-SA 4.0",
    citation="Artetxe et al. 2020: On the Cross-lingual Transferability of Representations",
    homepage="https://github.com/google-deepmind/xquad",
    max_length=384,
    hyperparameters=defaults(FINETUNE_QA, adapter_batch=16),
)

MLQA_FILES = LocalSource(  # contexts and questions in one language
    folders=("mlqa/MLQA_V1", "MLQA_V1"),
    files=per_split(
        validation="dev/dev-context-{lang}-question-{lang}.json",
        test="test/test-context-{lang}-question-{lang}.json",
    ),
    read=read_squad,
    columns=SPANS,
)
MLQA_ON_THE_HUB = HubSource(
    dataset="google/xtreme",
    config="MLQA.{lang}.{lang}",
    revision="ec5f1f46e9af79639a90684a7a70a956c4998f04",
    splits=per_split(validation="validation", test="test"),
    columns=SPANS,
    rows=languages.MLQA_ROWS,
)
# its own validation, of the training language too, and SQuAD only to train on
SQUAD_TO_TRAIN_ON = per_split(train="train-v1.1.json")

MLQA = Task(
    name="mlqa",
    title="MLQA, with SQuAD 1.1 to train on",
    kind=SPAN_EXTRACTION,
    scheme=answers.ANSWERS_MLQA,
    roles=(TARGET,),
    label_names=(),
    metrics=METRICS,
    benchmark_metrics=BENCHMARK_METRICS,
    languages={"xtreme": languages.MLQA, "xtreme-r": languages.MLQA},
    splits=("train", "validation", "test"),
    eval_split=TEST,
    sources={
        HUB: (MLQA_ON_THE_HUB, SQUAD_ON_THE_HUB),
        LOCAL: (MLQA_FILES, replace(SQUAD_FILES, files=SQUAD_TO_TRAIN_ON)),
    },
    licence="CC BY-SA 3.0",
    citation="Lewis et al. 2020: MLQA: Evaluating Cross-lingual Extractive Question Answering",
    homepage="https://github.com/facebookresearch/MLQA",
    max_length=384,
    hyperparameters=defaults(FINETUNE_QA, adapter_batch=16),
)


def read_tydiqa(file: DataFile, form: Form) -> Iterator[Item]:
    """The owners' files, in which an id tells the language: "korean-123-0"."""
    codes = {name: lang for lang, name in languages.TYDIQA_NAMES.items()}
    for item in read_squad(file, form):
        if not isinstance(item, Record):
            yield item
            continue
        identity = item.values.get("id")
        name = str(identity).partition("-")[0]
        if name in codes:
            yield Record(item.file, item.place, {**item.values, "language": codes[name]})
        else:
            yield item.error("id", f"an id that begins with {', '.join(codes)}", identity)


# XTREME evaluates on the owners' dev part, whose answers it blanks, and chooses its checkpoints by
# the English one: validation and test are the same questions.
TYDIQA_DEV = "tydiqa-goldp-v1.1-dev"
TYDIQA_OF_XTREME = LocalSource(
    folders=("tydiqa", ""),
    files=per_split(
        train="tydiqa-goldp-v1.1-train/tydiqa.goldp.{lang}.train.json",
        validation=f"{TYDIQA_DEV}/tydiqa.goldp.{{lang}}.dev.json",
        test=f"{TYDIQA_DEV}/tydiqa.goldp.{{lang}}.dev.json",
    ),
    read=read_squad_of_cut_ids,
    columns=SPANS,
)
TYDIQA_BY_LANGUAGE = LocalSource(  # the owners' archive of the dev part
    folders=("tydiqa", ""),
    files=per_split(
        validation=f"{TYDIQA_DEV}/tydiqa-goldp-dev-{{name}}.json",
        test=f"{TYDIQA_DEV}/tydiqa-goldp-dev-{{name}}.json",
    ),
    called=languages.TYDIQA_NAMES,
    read=read_squad,
    columns=SPANS,
)
TYDIQA_MIXED = LocalSource(
    folders=("tydiqa", ""),
    files=per_split(
        train="tydiqa-goldp-v1.1-train.json",
        validation=f"{TYDIQA_DEV}.json",
        test=f"{TYDIQA_DEV}.json",
    ),
    where={"language": "{lang}"},
    read=read_tydiqa,
    columns=SPANS,
)
TYDIQA_ON_THE_HUB = HubSource(
    dataset="google-research-datasets/tydiqa",
    config="secondary_task",
    revision="da78f23f9119363459acbaf46bf89426ff26c259",
    splits=per_split(train="train", validation="validation", test="validation"),
    names=languages.TYDIQA_NAMES,
    begins={"id": "{name}-"},
    columns=SPANS,
    rows=languages.TYDIQA_ROWS,
)

TYDIQA = Task(
    name="tydiqa",
    title="TyDi QA, gold passages",
    kind=SPAN_EXTRACTION,
    scheme=answers.ANSWERS,
    roles=(TARGET,),
    label_names=(),
    metrics=METRICS_OF_XTREME,
    benchmark_metrics=BENCHMARK_METRICS,
    languages={"xtreme": languages.TYDIQA, "xtreme-r": languages.TYDIQA},
    splits=("train", "validation", "test"),
    eval_split=TEST,
    sources={
        HUB: (TYDIQA_ON_THE_HUB,),
        LOCAL: (TYDIQA_OF_XTREME, TYDIQA_BY_LANGUAGE, TYDIQA_MIXED),
    },
    licence="Apache-2.0",
    citation="Clark et al. 2020: TyDi QA: A Benchmark for Information-Seeking Question Answering",
    homepage="https://github.com/google-research-datasets/tydiqa",
    max_length=384,
    hyperparameters=defaults(FINETUNE_QA, adapter_batch=16),
)
