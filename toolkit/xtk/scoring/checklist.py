"""When an answer to MultiCheckList is right.

google-research/xtreme, multichecklist/generate_test_utils.py, clean and expect_squad: both texts
lose the articles of their language and what stands at their ends, and are then equal, letter case
included.
"""

import re

# a word of its own; in these languages articles are followed by what ends no word for a pattern,
# as vowel signs, or are no words of their own
_WORDS = {
    "de": "ein|eine|einen",
    "el": "Ο|ένα|μια",
    "en": "a|an|the|in|at",
    "es": "un|una|unos|unas|el|la|los|las",
    "eu": "bat",
    "fa": "یک",
    "fr": "un|une|le|la|en",
    "hu": "egy",
    "it": "un|una",
    "nl": "een",
    "pt": "um|uma",
    "tl": "Si",
    "tr": "bir",
    "vi": "một",
    "wo": "dafa",
    "yo": "kan",
}
_BEGINNINGS = {
    "bn": "একটি|একজন",
    "hi": "एक",
    "ml": "ഒരു",
    "mr": "एक",
    "my": "တစ်ဦး",
    "pa": "ਇੱਕ|ਇਕ",
    "ta": "ஒரு",
}
_AT_THE_ENDS = ",. "
_MORE_AT_THE_ENDS = {"bn": "৷", "hi": "৷", "pa": "।", "pl": "„”", "ur": "\u200f"}


def is_right(prediction: str, answer: str, lang: str) -> bool:
    """Whether a prediction is the answer, but for articles and the points at its ends."""
    return _cleaned(prediction, lang) == _cleaned(answer, lang)


def _cleaned(text: str, lang: str) -> str:
    pattern = _articles(lang)
    if pattern:
        text = re.sub(pattern, " ", text)
    return text.strip(_AT_THE_ENDS + _MORE_AT_THE_ENDS.get(lang, ""))


def _articles(lang: str) -> str:
    if lang in _WORDS:
        return rf"\b(?:{_WORDS[lang]})\b"
    if lang in _BEGINNINGS:
        return rf"\b(?:{_BEGINNINGS[lang]})"
    return {"af": r"’n\b", "ar": "ال"}.get(lang, "")
