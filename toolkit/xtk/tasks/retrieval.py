"""Retrieval: translations, answers and entities, found by the nearness of their vectors."""

from dataclasses import replace

from xtk.data.bitext import aligned_rows, read_aligned, read_bucc, read_sorted, whole_corpora
from xtk.data.entities import LANGUAGE, read_mentions, read_pairs
from xtk.data.passages import read_xquad_r, squad_sentences
from xtk.data.retrieval import RetrievalColumns
from xtk.data.sources import HubSource, LocalSource
from xtk.data.squad import read_squad_of_cut_ids
from xtk.kinds.kind import RETRIEVAL
from xtk.kinds.retrieval import Search
from xtk.scoring.schemes import multi_rankings, pairs, pointers, rankings
from xtk.tasks.hyperparameters import FINETUNE_TARGET, defaults
from xtk.tasks.task import HUB, LOCAL, SAMPLE, TARGET, TEST, TRAIN, VALIDATION, Task, per_split

_COLUMNS = RetrievalColumns()

# The codes of LASER's files and of the Hub's configurations (google-research/xtreme,
# utils_preprocess.py, tatoeba_preprocess).
TATOEBA_CODES = {
    **{"af": "afr", "ar": "ara", "az": "aze", "bg": "bul", "bn": "ben", "de": "deu", "el": "ell"},
    **{"es": "spa", "et": "est", "eu": "eus", "fa": "pes", "fi": "fin", "fr": "fra", "he": "heb"},
    **{"hi": "hin", "hu": "hun", "id": "ind", "it": "ita", "ja": "jpn", "jv": "jav", "ka": "kat"},
    **{"kk": "kaz", "ko": "kor", "lt": "lit", "ml": "mal", "mr": "mar", "nl": "nld", "pl": "pol"},
    **{"pt": "por", "ro": "ron", "ru": "rus", "sw": "swh", "ta": "tam", "te": "tel", "th": "tha"},
    **{"tl": "tgl", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie", "zh": "cmn"},
}
_NOT_IN_XTREME = ("az", "lt", "pl", "ro", "uk")
_FEWER_THAN_1000 = {
    **{"jv": 205, "ka": 746, "kk": 575, "ml": 687},
    **{"sw": 390, "ta": 307, "te": 234, "th": 548},
}

# LASER's data/tatoeba/v1: aligned, so that the gold is known.
TATOEBA_ALIGNED = LocalSource(
    folders=("tatoeba-aligned", "tatoeba", "data/tatoeba/v1"),
    files=per_split(test="tatoeba.{name}-eng.eng tatoeba.{name}-eng.{name}"),
    columns=_COLUMNS,
    read=read_aligned,
    called=TATOEBA_CODES,
)
# XTREME's folder: English in another order, so that the gold is not known.
TATOEBA_SORTED = LocalSource(
    folders=("tatoeba",),
    files=per_split(test="{lang}-en.en {lang}-en.{lang}"),
    columns=_COLUMNS,
    read=read_sorted,
)

TATOEBA = Task(
    name="tatoeba",
    title="Tatoeba: the translation of an English sentence among those of another language",
    kind=RETRIEVAL,
    scheme=pointers.POINTERS,
    roles=(TARGET,),
    label_names=(),
    metrics=("accuracy",),
    languages={
        "xtreme": tuple(lang for lang in TATOEBA_CODES if lang not in _NOT_IN_XTREME),
        "xtreme-r": tuple(TATOEBA_CODES),
    },
    splits=(TEST,),
    eval_split=TEST,
    sources={
        HUB: (
            HubSource(
                dataset="mteb/tatoeba-bitext-mining",
                config="{name}-eng",
                revision="69e8f12da6e31d59addadda9a9c8a2e601a0e282",
                splits=per_split(test="test"),
                columns=_COLUMNS,
                rows={"test": dict.fromkeys(TATOEBA_CODES, 1_000) | _FEWER_THAN_1000},
                names=TATOEBA_CODES,
                arrange=aligned_rows,
            ),
        ),
        LOCAL: (TATOEBA_ALIGNED, TATOEBA_SORTED),
    },
    licence="CC BY 2.0 FR",
    citation="Artetxe and Schwenk 2019: Massively Multilingual Sentence Embeddings (LASER)",
    homepage="https://github.com/facebookresearch/LASER",
    max_length=512,
    search=Search(is_both_ways=True),
    hyperparameters={},  # there is nothing to train on
)

# The owner's archives, with the gold of both parts.
BUCC_ARCHIVES = LocalSource(
    folders=("bucc2018",),
    files=per_split(
        validation="{lang}-en/{lang}-en.sample.{lang} {lang}-en/{lang}-en.sample.en",
        test="{lang}-en/{lang}-en.training.{lang} {lang}-en/{lang}-en.training.en",
    ),
    columns=_COLUMNS,
    read=read_bucc,
)
# XTREME's folder: the same sentences, no gold for the test part.
BUCC_FOLDER = replace(
    BUCC_ARCHIVES,
    files=per_split(
        validation="{lang}-en.dev.{lang} {lang}-en.dev.en",
        test="{lang}-en.test.{lang} {lang}-en.test.en",
    ),
)

BUCC2018 = Task(
    name="bucc2018",
    title="BUCC 2018: pairs of translations between two corpora",
    kind=RETRIEVAL,
    scheme=pairs.PAIRS,
    roles=(TARGET,),
    label_names=(),
    metrics=("f1", "precision", "recall"),
    languages={"xtreme": ("de", "fr", "ru", "zh")},
    splits=(VALIDATION, TEST),
    eval_split=TEST,
    sources={
        HUB: (
            HubSource(  # google/xtreme's copy has the pairs only, without the distractors
                dataset="mteb/BUCC",
                config="{lang}-en",
                revision="414572247440f0ccacf7eb0bb70a31533a0e5443",
                splits=per_split(test="test"),
                columns=_COLUMNS,
                arrange=whole_corpora,  # all in one row, whose number says nothing
            ),
        ),
        LOCAL: (BUCC_ARCHIVES, BUCC_FOLDER),
    },
    licence="for research",
    citation="Zweigenbaum et al. 2018: Overview of the Third BUCC Shared Task",
    homepage="https://comparable.limsi.fr/bucc2018/bucc2018-task.html",
    max_length=512,
    search=Search(is_mined=True, measure="margin"),
    hyperparameters={},  # there is nothing to train on
)

# google-research/xtreme, scripts/train_lareqa.sh: batches of 4, accumulated over 4 steps
FINETUNE_LAREQA = replace(FINETUNE_TARGET, epochs=3, batch_size=16)
# scripts/train_mewslix.sh, for XLM-R Large: batches of 8, accumulated over 4 steps
FINETUNE_MEWSLIX = replace(FINETUNE_TARGET, learning_rate=1e-5, epochs=2)

XQUAD_R_SENTENCES = LocalSource(
    folders=("lareqa/xquad-r", "xquad-r"),
    files=per_split(test="{lang}.json"),
    columns=_COLUMNS,
    read=read_xquad_r,
    rows={"test": 1_190},
)
SQUAD_SENTENCES = LocalSource(
    folders=("squad", "squad1.1"),
    files=per_split(train="train-v1.1.json", validation="dev-v1.1.json"),
    columns=_COLUMNS,
    read=read_squad_of_cut_ids,
    arrange=squad_sentences,
)

LAREQA = Task(
    name="lareqa",
    title="LAReQA: the sentences that answer a question, among those of eleven languages",
    kind=RETRIEVAL,
    scheme=multi_rankings.MULTI_RANKINGS,
    roles=(TARGET,),
    label_names=(),
    metrics=("map@20", "map"),
    languages={"xtreme-r": ("ar", "de", "el", "en", "es", "hi", "ru", "th", "tr", "vi", "zh")},
    splits=(TRAIN, VALIDATION, TEST),
    eval_split=TEST,
    sources={
        HUB: (
            HubSource(  # the Hub's XQuAD-R has no sentence breaks, and so no test part
                dataset="rajpurkar/squad",
                config="plain_text",
                revision="7b6d24c440a36b6815f21b70d25016731768db1f",
                columns=_COLUMNS,
                rows={"train": 87_599, "validation": 10_570},
                arrange=squad_sentences,
            ),
        ),
        LOCAL: (XQUAD_R_SENTENCES, SQUAD_SENTENCES),
        SAMPLE: (XQUAD_R_SENTENCES,),
    },
    licence="CC BY-SA 4.0",
    citation="Roy et al. 2020: LAReQA: Language-Agnostic Answer Retrieval from a Multilingual Pool",
    homepage="https://github.com/google-research-datasets/lareqa",
    max_length=256,
    search=Search(rank=20, is_pooled=True, query_length=96),
    hyperparameters=defaults(FINETUNE_LAREQA),
)

# In the layout of the owner all languages are in one file of mentions, and test has its entities.
MEWSLIX_RELEASE = LocalSource(
    folders=("mewslix", "mewsli_x/output/dataset"),
    files=per_split(
        dev="wikinews_mentions-dev.jsonl candidate_set_entities.jsonl",
        test="wikinews_mentions-test.jsonl candidate_set_entities.jsonl",
    ),
    columns=_COLUMNS,
    read=read_mentions,
    where={LANGUAGE: "{lang}"},
)
# XTREME's folder: a file a language, no entities in test.
MEWSLIX_FOLDER = LocalSource(
    folders=("mewslix",),
    files=per_split(
        dev="wikinews_mentions/dev-{lang}.jsonl candidate_set_entities.jsonl",
        test="wikinews_mentions/test-{lang}.jsonl candidate_set_entities.jsonl",
    ),
    columns=_COLUMNS,
    read=read_mentions,
)
MEWSLIX_PAIRS = LocalSource(
    folders=("mewslix", "mewsli_x/output/dataset"),
    files=per_split(train="wikipedia_pairs-train.jsonl", validation="wikipedia_pairs-dev.jsonl"),
    columns=_COLUMNS,
    read=read_pairs,
)

MEWSLIX = Task(
    name="mewslix",
    title="Mewsli-X: the entity that a news text mentions, among a million descriptions",
    kind=RETRIEVAL,
    scheme=rankings.RANKINGS,
    roles=(TARGET,),
    label_names=(),
    metrics=("map@20",),
    languages={"xtreme-r": ("ar", "de", "en", "es", "fa", "ja", "pl", "ro", "ta", "tr", "uk")},
    # validation: pairs of English Wikipedia, to choose an epoch by; dev: news, as test
    splits=(TRAIN, VALIDATION, "dev", TEST),
    eval_split=TEST,
    # izhx/mewsli-x is not offered: its languages did not convert, they are archives of JSON lines
    # whose rows nobody has described, and a fork of it warns against loading it
    sources={LOCAL: (MEWSLIX_RELEASE, MEWSLIX_FOLDER, MEWSLIX_PAIRS)},
    licence="Apache-2.0",
    citation="Ruder et al. 2021: XTREME-R: Towards More Challenging and Nuanced Evaluation",
    homepage="https://github.com/google-research/google-research",
    max_length=64,
    search=Search(rank=20, query_length=64),
    hyperparameters=defaults(FINETUNE_MEWSLIX),
)
