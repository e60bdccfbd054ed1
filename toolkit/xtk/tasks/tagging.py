"""Tagging: parts of speech, names, and the categories of CCG."""

from dataclasses import replace

from xtk.data.conllu import read_conllu
from xtk.data.sources import HubSource, LocalSource
from xtk.data.supertags import read_ccgbank, read_supertags
from xtk.data.tags import TagColumns, read_prefixed, read_tagged
from xtk.kinds.kind import TOKEN_CLASSIFICATION
from xtk.scoring.schemes.tags import TAGS
from xtk.tasks import languages
from xtk.tasks.hyperparameters import FINETUNE_INTERMEDIATE, FINETUNE_TAGGING, defaults
from xtk.tasks.task import HUB, INTERMEDIATE, LOCAL, TARGET, TEST, Task, per_split

UPOS = (
    *("ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM"),
    *("PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"),
)
NAMES = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
METRICS = ("f1", "precision", "recall", "token_accuracy")
XTREME_ON_THE_HUB = "google/xtreme"
XTREME_REVISION = "ec5f1f46e9af79639a90684a7a70a956c4998f04"
OF_XTREME = per_split(train="train-{lang}.tsv", validation="dev-{lang}.tsv", test="test-{lang}.tsv")
ON_THE_HUB = per_split(train="train", validation="validation", test="test")


def as_numbers(labels: tuple[str, ...]) -> tuple[str, ...]:
    """The codes of labels on the Hub: their numbers."""
    return tuple(str(number) for number in range(len(labels)))


UDPOS_OF_XTREME = LocalSource(  # its test files have no tags
    folders=("udpos",),
    files=OF_XTREME,
    read=read_tagged,
    columns=TagColumns(codes=UPOS),
    rows=languages.UDPOS_ROWS_OF_XTREME,
)
UD_2_5 = LocalSource(
    folders=("ud-treebanks-v2.5", "udpos/ud-treebanks-v2.5"),
    files=per_split(
        train="*/{name}_*-ud-train*.conllu",
        validation="*/{name}_*-ud-dev*.conllu",
        test="*/{name}_*-ud-test*.conllu",
    ),
    called=languages.UD_2_5_LANGUAGES,
    read=read_conllu,
    columns=TagColumns(codes=UPOS, unlabelled=()),
    rows=languages.UDPOS_ROWS_OF_XTREME,
)
UD_2_7 = replace(
    UD_2_5,
    folders=("ud-treebanks-v2.7", "udpos/ud-treebanks-v2.7"),
    called=languages.UD_2_7_LANGUAGES,
    rows={},
)
# Of the parts of a fused token (French "du") the Hub has each, XTREME's files have the token.
UDPOS_ON_THE_HUB = HubSource(
    dataset=XTREME_ON_THE_HUB,
    config="udpos.{name}",
    revision=XTREME_REVISION,
    names=languages.UDPOS_ON_THE_HUB,
    splits=ON_THE_HUB,
    columns=TagColumns(tags="pos_tags", codes=as_numbers(UPOS), unlabelled=()),
    rows=languages.UDPOS_ROWS,
)

PANX_OF_XTREME = LocalSource(  # its test files have no tags
    folders=("panx",),
    files=OF_XTREME,
    read=read_tagged,
    columns=TagColumns(codes=NAMES),
    rows=languages.PANX_ROWS_OF_XTREME_R,
)
WIKIANN = LocalSource(  # as its owners' archive of a language holds them
    folders=("wikiann", "panx_dataset"),
    files=per_split(train="{lang}/train", validation="{lang}/dev", test="{lang}/test"),
    read=read_prefixed,
    columns=TagColumns(codes=NAMES, unlabelled=()),
    rows=languages.PANX_ROWS_OF_XTREME_R,
)
# The eight languages that XTREME-R adds are not there; for unimelb-nlp/wikiann, which has them, no
# commit is known to us.
PANX_ON_THE_HUB = HubSource(
    dataset=XTREME_ON_THE_HUB,
    config="PAN-X.{lang}",
    revision=XTREME_REVISION,
    splits=ON_THE_HUB,
    columns=TagColumns(tags="ner_tags", codes=as_numbers(NAMES), unlabelled=()),
    rows=languages.PANX_ROWS,
)
# WikiANN has no MISC: names of that class are no names here, so that one head serves both.
CONLL_2003_COLUMNS = TagColumns(codes=NAMES, aliases={"B-MISC": "O", "I-MISC": "O"})
CONLL_2003 = LocalSource(
    folders=("conll2003", "conll03"),
    files=per_split(train="eng.train", validation="eng.testa", test="eng.testb"),
    read=read_tagged,
    columns=CONLL_2003_COLUMNS,
    # sentences; the files count their documents' beginnings too
    rows={"train": 14_041, "validation": 3_250, "test": 3_453},
)
CONLL_TXT = replace(
    CONLL_2003,
    files=per_split(train="train.txt", validation="valid.txt", test="test.txt"),
)

POS = Task(
    name="pos",
    title="Parts of speech of English Universal Dependencies",
    kind=TOKEN_CLASSIFICATION,
    scheme=TAGS,
    roles=(INTERMEDIATE,),
    label_names=UPOS,
    metrics=METRICS,
    splits=("train", "validation", "test"),
    sources={HUB: (UDPOS_ON_THE_HUB,), LOCAL: (UDPOS_OF_XTREME, UD_2_5)},
    licence="CC BY-SA 4.0 and others, by treebank",
    citation="Nivre et al. 2020: Universal Dependencies v2",
    homepage="https://universaldependencies.org",
    max_length=128,
    hyperparameters=defaults(FINETUNE_INTERMEDIATE),
)

UD_POS = Task(
    name="udpos",
    title="UD-POS",
    kind=TOKEN_CLASSIFICATION,
    scheme=TAGS,
    roles=(TARGET,),
    label_names=UPOS,
    metrics=METRICS,
    languages={"xtreme": languages.UDPOS, "xtreme-r": languages.UDPOS_R},
    splits=("train", "validation", "test"),
    eval_split=TEST,
    sources={HUB: (UDPOS_ON_THE_HUB,), LOCAL: (UDPOS_OF_XTREME, UD_2_5, UD_2_7)},
    licence="by treebank, see Universal Dependencies",
    citation="Nivre et al. 2020: Universal Dependencies v2; Hu et al. 2020: XTREME",
    homepage="https://github.com/google-research/xtreme",
    max_length=128,
    hyperparameters=defaults(FINETUNE_TAGGING),
)

NER = Task(
    name="ner",
    title="Named entities of English WikiANN",
    kind=TOKEN_CLASSIFICATION,
    scheme=TAGS,
    roles=(INTERMEDIATE,),
    label_names=NAMES,
    metrics=METRICS,
    splits=("train", "validation", "test"),
    sources={
        HUB: (PANX_ON_THE_HUB,),
        LOCAL: (PANX_OF_XTREME, WIKIANN, CONLL_2003, CONLL_TXT),
    },
    licence="not stated by its owners",
    citation="Pan et al. 2017: Cross-lingual Name Tagging and Linking for 282 Languages",
    homepage="https://github.com/afshinrahimi/mmner",
    max_length=128,
    hyperparameters=defaults(FINETUNE_INTERMEDIATE, adapter_batch=16),
)

PAN_X = Task(
    name="panx",
    title="PAN-X: WikiANN's balanced splits",
    kind=TOKEN_CLASSIFICATION,
    scheme=TAGS,
    roles=(TARGET,),
    label_names=NAMES,
    metrics=METRICS,
    languages={"xtreme": languages.PANX, "xtreme-r": languages.PANX_R},
    splits=("train", "validation", "test"),
    eval_split=TEST,
    sources={HUB: (PANX_ON_THE_HUB,), LOCAL: (PANX_OF_XTREME, WIKIANN)},
    licence="not stated by its owners",
    citation="Pan et al. 2017: Cross-lingual Name Tagging; Rahimi et al. 2019 (the splits)",
    homepage="https://github.com/afshinrahimi/mmner",
    max_length=128,
    hyperparameters=defaults(FINETUNE_TAGGING, adapter_batch=16),
)

# About 1,300 categories occur, and which ones only the licensed files say: the set is open, and a
# run's label names are those of its training rows (xtk.tasks.labels).
CCG_COLUMNS = TagColumns(unlabelled=())


def _sections(*numbers: int) -> str:
    return " ".join(f"{number:02}/*.auto" for number in numbers)


CCGBANK = LocalSource(  # the split of Hockenmaier and Steedman 2007
    folders=("ccgbank_1_1/data/AUTO", "ccgbank/data/AUTO", "ccg/AUTO"),
    files=per_split(train=_sections(*range(2, 22)), validation=_sections(0), test=_sections(23)),
    read=read_ccgbank,
    columns=CCG_COLUMNS,
)
CCG_OF_C_AND_C = LocalSource(
    folders=("ccg",),
    files=per_split(train="wsj02-21.stagged", validation="wsj00.stagged", test="wsj23.stagged"),
    read=read_supertags,
    columns=CCG_COLUMNS,
)
CCG_TSV = LocalSource(  # a token, a tab and a category a line
    folders=("ccg",),
    files=per_split(train="train.tsv", validation="dev.tsv", test="test.tsv"),
    read=read_tagged,
    columns=CCG_COLUMNS,
)

CCG = Task(
    name="ccg",
    title="CCG supertagging",
    kind=TOKEN_CLASSIFICATION,
    scheme=TAGS,
    roles=(INTERMEDIATE,),
    label_names=(),
    metrics=("token_accuracy",),
    splits=("train", "validation", "test"),
    sources={LOCAL: (CCGBANK, CCG_OF_C_AND_C, CCG_TSV)},
    licence="LDC2005T13: bring your own files",
    citation="Hockenmaier and Steedman 2007: CCGbank",
    homepage="https://catalog.ldc.upenn.edu/LDC2005T13",
    max_length=128,
    hyperparameters=defaults(FINETUNE_INTERMEDIATE),
)
