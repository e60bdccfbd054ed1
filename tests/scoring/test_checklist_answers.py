import pytest

from xtk.scoring.checklist import is_right


# by hand from multichecklist/generate_test_utils.py, clean
@pytest.mark.parametrize(
    ("lang", "prediction", "answer", "right"),
    [
        ("en", "dog", "a dog", True),
        ("en", "the dog.", "a dog", True),
        ("en", "Dog", "a dog", False),  # letter case counts
        ("en", "dog and car", "a dog", False),
        ("en", "", "a dog", False),
        ("en", "analyst", "an analyst", True),
        ("de", "Hund", "einem Hund", False),  # "einem" is not on the official list
        ("de", "Katze", "eine Katze", True),
        ("es", "gato,", "un gato", True),
        ("es", "ungato", "un gato", False),
        ("af", "hond", "’n hond", True),
        ("ar", "كلب", "الكلب", True),
        ("bn", "কুকুর৷", "একটি কুকুর", True),
        ("hi", "कुत्ता", "एक कुत्ता", True),
        ("tl", "Maria", "Si Maria", True),
        ("pl", "„aktywista”", "aktywista", True),
        ("ur", "\u200fکتا", "کتا", True),
        ("sw", "mbwa", "mbwa.", True),
        ("zh", "狗", "一只狗", False),
        ("th", "หมา ", "หมา", True),
    ],
)
def test_articles_and_points_at_the_ends_do_not_count(lang, prediction, answer, right):
    assert is_right(prediction, answer, lang) == right
