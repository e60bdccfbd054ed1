"""Question answering, here in the form of sentence pairs."""

from xtk.data.rows import PairColumns
from xtk.data.sentences import ANSWER, OTHER, read_question_sentences
from xtk.data.sources import LocalSource
from xtk.kinds.kind import SEQUENCE_CLASSIFICATION
from xtk.tasks.hyperparameters import FINETUNE_TARGET, defaults
from xtk.tasks.task import LOCAL, SAMPLE, TARGET, TEST, Task, per_split

XQUAD_LANGUAGES = ("ar", "de", "el", "en", "es", "hi", "ru", "th", "tr", "vi", "zh")

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
    roles=(TARGET,),
    label_names=(ANSWER, OTHER),
    languages={"xquad-r": XQUAD_LANGUAGES},
    splits=("train", "validation", "test"),
    eval_split=TEST,
    sources={LOCAL: (XQUAD_R,), SAMPLE: (XQUAD_R,)},  # the Hub's copy lacks the sentences
    licence="CC BY-SA 4.0",
    citation="Roy et al. 2020: LAReQA; Artetxe et al. 2020: XQuAD; Wang et al. 2019: GLUE (QNLI)",
    homepage="https://github.com/google-research-datasets/lareqa",
    max_length=128,
    hyperparameters=defaults(FINETUNE_TARGET),
)
