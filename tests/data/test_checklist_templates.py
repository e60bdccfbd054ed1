from pathlib import Path

import pytest

from checklist_file import rows, write
from xtk.core.errors import XtkError
from xtk.data.checklist import Template, read_templates
from xtk.data.checklist_cases import Asked, cases
from xtk.data.checklist_names import names
from xtk.data.files import DataFile


def template(folder: Path, lang: str, test: str) -> Template:
    return next(t for t in read_templates(DataFile(write(folder)))[lang] if t.test == test)


def asked(folder: Path, lang: str, test: str, count: int = 50) -> list[Asked]:
    return [one for case in cases(template(folder, lang, test), count) for one in case.asked]


def test_languages_have_the_tests_of_which_they_have_a_context(tmp_path):
    found = read_templates(DataFile(write(tmp_path)))
    assert {lang: [t.test for t in several] for lang, several in found.items()} == {
        "en": ["props", "animal_vehicle", "animal_vehicle_v2"],
        "de": ["props", "animal_vehicle", "animal_vehicle_v2"],
        "qu": ["animal_vehicle"],
    }


def test_a_case_asks_every_question_in_every_context(tmp_path):
    case = cases(template(tmp_path, "en", "animal_vehicle"), 1)[0]
    assert len(case.asked) == 2
    assert len({one.context for one in case.asked}) == 2
    assert {one.question for one in case.asked} == {case.asked[0].question}
    men, women = names("en")
    assert all(case.asked[0].context.split()[0] in (*men, *women) for one in case.asked)
    assert all(one.answer in one.context for one in case.asked)


def test_cases_are_different_and_the_same_again_for_a_seed(tmp_path):
    props = template(tmp_path, "en", "props")
    made = cases(props, 5, seed=1)
    assert made == cases(props, 5, seed=1) != cases(props, 5, seed=2)
    assert len(set(made)) == len(made) == 5


def test_no_more_cases_than_there_are_choices(tmp_path):
    # two objects; big or tiny, round, old: sizes with shape or age, and shape with age, in order
    assert len(cases(template(tmp_path, "en", "props"), 50)) == 2 * 2 * (2 + 2 + 1)


def test_a_question_asks_for_the_property_of_its_answer(tmp_path):
    kinds = {"groß": "Größe", "winzig": "Größe", "runde": "Form", "runder": "Form", "alt": "Alter"}
    for one in asked(tmp_path, "de", "props"):
        assert kinds[one.answer] in one.question
        # "Welches Alter": the alternative that goes with age, of which the second is a slip
        assert one.question.startswith("Welches" if one.answer == "alt" else "Welche ")


def test_an_alternative_goes_with_the_words_that_it_names(tmp_path):
    found = asked(tmp_path, "de", "props")
    assert any("runde " in one.context or "runde." in one.context for one in found)
    for one in found:
        assert ("runder" in one.context) <= ("Fernseher" in one.context)
        assert ("Kiste" in one.context) <= ("runder" not in one.context)


def test_an_object_begins_its_sentence_with_a_capital(tmp_path):
    assert all(
        "Die Kiste ist" in one.context or "Der Fernseher ist" in one.context
        for one in asked(tmp_path, "de", "props")
    )


def test_the_second_context_may_have_its_own_answer(tmp_path):
    case = cases(template(tmp_path, "qu", "animal_vehicle"), 1)[0]
    assert [
        one.answer.endswith(end) for one, end in zip(case.asked, ("yuqmi", "yuqtaq"), strict=True)
    ]
    assert case.asked[0].answer.removesuffix("yuqmi") == case.asked[1].answer.removesuffix("yuqtaq")


def test_the_second_test_of_animals_has_the_words_of_the_first(tmp_path):
    one = asked(tmp_path, "en", "animal_vehicle_v2", 1)[0]
    assert " bought a car." in one.context
    assert one.context.startswith(f"{one.answer} bought a ")


def changed(line: int, column: int, text: str) -> list[list[str]]:
    cells = rows()
    cells[line - 1][column] = text
    return cells


def without(line: int) -> list[list[str]]:
    cells = rows()
    del cells[line - 1]
    return cells


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([["Field", "de"]], r"line 1: expected 'Field' and a column a language"),
        ([["Feld", "en"]], r"line 1: expected 'Field' and a column a language, found Feld"),
        (changed(1, 3, "fr-placeholders"), r"line 1, column 'fr-placeholders': expected 'fr'"),
        (rows()[:1], "has no templates"),
        (changed(2, 0, "Title"), r"line 2: expected 'Name' of a test, found \"Title\""),
        (changed(2, 1, "size, shape, age, colour"), r"line 2: Unknown test .* did you mean 'size,"),
        (changed(5, 0, "Questoin"), r"line 5: expected each question before its answer"),
        (without(6), r"line 5: expected each question before its answer"),
        (without(5), r"line 4: expected each question before its answer"),
        (changed(4, 2, "Hier ist {obj[0]}. {object} ist gut."), "line 4: expected known words"),
        (changed(4, 2, "Hier ist {obj[0]. gut."), "line 4: expected known words in braces"),
        (changed(10, 1, ""), "line 10: expected a field and its English text"),
        (changed(10, 0, ""), "line 10: expected a field and its English text"),
        ([*rows(), [""], *rows()[18:26]], "has the test 'Animal vs Vehicle' twice"),
        ([*rows(), ["animal", "a cow"]], "expected 8 columns, found 2"),
        (changed(23, 2, ""), "'Animal vs Vehicle' has a context but no question or answer in 'de'"),
    ],
)
def test_a_damaged_file_is_an_error_that_says_where(tmp_path, cells, message):
    with pytest.raises(XtkError, match=rf"checklist_templates\.tsv.*{message}"):
        read_templates(DataFile(write(tmp_path, cells)))


@pytest.mark.parametrize("content", [b"", b"Field\ten\nName\t\xff\n"])
def test_what_is_empty_or_not_text_is_an_error(tmp_path, content):
    path = tmp_path / "checklist_templates.tsv"
    path.write_bytes(content)
    with pytest.raises(XtkError, match=r"has no templates|line 2: expected text in UTF-8"):
        read_templates(DataFile(path))


def test_a_test_without_the_words_that_its_texts_need_is_an_error(tmp_path):
    cells = rows()
    cells[15][2] = cells[16][2] = ""  # one property is left in German
    props = read_templates(DataFile(write(tmp_path, cells)))["de"][0]
    with pytest.raises(XtkError, match=r"Nothing to put in for \{p\.v2\} in 'Hier ist"):
        cases(props, 1)


def test_words_that_never_go_together_are_an_error(tmp_path):
    cells = rows()
    cells[3][3] = "a TV, the TV"  # the only German context
    for line in (10, 11):
        cells[line][3] = "a box, the box"
    for line in (12, 13):
        cells[line][2:7] = ["gut", "a box, the box", "", "", ""]
    props = read_templates(DataFile(write(tmp_path, cells)))["de"][0]
    with pytest.raises(XtkError, match="No words go with 'props' in 'de'"):
        cases(props, 2)


@pytest.mark.parametrize("lang", ["en", "th", "ar", "zh", "ka", "yo"])
def test_names_are_different_people_in_the_script_of_the_language(lang):
    men, women = names(lang)
    assert len({*men, *women}) == len(men) + len(women) == 12
    assert (lang in ("en", "yo")) == all(name.isascii() for name in men)
