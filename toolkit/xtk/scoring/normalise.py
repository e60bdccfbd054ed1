"""How an answer is made comparable: lower case, no punctuation, no articles, tokens.

Two answers match exactly where their tokens are equal, so each rule gives tokens.
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from types import MappingProxyType

_ASCII_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ENGLISH = r"\b(a|an|the)\b"

# facebookresearch/MLQA, mlqa_evaluation_v1.py (XTREME's third_party/evaluate_mlqa.py). The Arabic
# pattern there has a second alternative that can never match and is left out; what remains takes
# every alif-lam for the article, inside words too.
_ARTICLES = MappingProxyType(
    {
        "en": _ENGLISH,
        "es": r"\b(un|una|unos|unas|el|la|los|las)\b",
        "vi": r"\b(của|là|cái|chiếc|những)\b",
        "de": r"\b(ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des)\b",
        "ar": "ال",
    }
)

# Scripts without blanks between words: each character is a token. zh is MLQA's own range; ja (kana
# and the same ideographs) and th are ours, for languages that MLQA does not have.
_SINGLE = MappingProxyType(
    {"zh": "[\u4e00-\u9fa5]", "ja": "[\u3040-\u30ff\u4e00-\u9fa5]", "th": "[\u0e00-\u0e7f]"}
)


def squad_tokens(text: str, lang: str) -> list[str]:
    """SQuAD's evaluate-v1.1.py in every language: English articles and ASCII punctuation go.

    XTREME scores XQuAD and TyDiQA so (third_party/evaluate_squad.py).
    """
    bare = text.lower().translate(_ASCII_PUNCTUATION)
    return re.sub(_ENGLISH, " ", bare).split()


def mlqa_tokens(text: str, lang: str) -> list[str]:
    """MLQA's rule: all Unicode punctuation and the language's own articles go.

    A language that MLQA does not have keeps its articles.
    """
    bare = "".join(c for c in text.lower() if not _is_punctuation(c))
    if lang in _ARTICLES:
        bare = re.sub(_ARTICLES[lang], " ", bare)
    if lang in _SINGLE:
        bare = re.sub(_SINGLE[lang], r" \g<0> ", bare)
    return bare.split()


def overlap(prediction: Sequence[str], gold: Sequence[str]) -> float:
    """F1 of two bags of tokens, in 0..1; 0 where nothing is shared, two empty ones included."""
    same = sum((Counter(prediction) & Counter(gold)).values())
    return 2.0 * same / (len(prediction) + len(gold)) if same else 0.0


@lru_cache(maxsize=65_536)
def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")
