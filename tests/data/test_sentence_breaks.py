from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xtk.data.sentence_breaks import sentence_spans

# each sentence ends at a bar
CASES = [
    "It rains.| It pours!| Why? 3 reasons.",
    'He said "no."| "Yes," she said.| (Nobody heard.)| The end.',
    "Mr. Low met Gen. Lee on Jan. 5.| J. R. R. Tolkien did not.| The J. Bar closed.",
    "He lived c. 1900 in Art. 5 (Smith et al. 2005).| Vol. II is lost.",
    "It grew.[12]| Then it fell.[citation needed]| Nobody knows [...]| But it did.",
    "At 5 p.m. Eastern they left the U.S.| In May they returned to the U.S. 50 times.",
    "no capital follows. here; so one sentence",
    "Two  blanks.|  And a\nline feed.| All are blanks.",
]


@pytest.mark.parametrize("text", CASES)
def test_sentences_end_where_a_reader_would_end_them(text):
    text = text.replace("Why? 3", "Why?| 3")
    wanted = [part.strip().replace("\n", " ") for part in text.split("|")]
    whole = text.replace("|", "")
    assert [whole[a:b].replace("\n", " ") for a, b in sentence_spans(whole)] == wanted


@settings(derandomize=True, deadline=None)
@given(text=st.text(st.sampled_from("aB. \n?!\"'[]1…”(Mr"), max_size=60))
def test_sentences_hold_all_but_the_blanks_between_them(text):
    spans = sentence_spans(text)
    inside = "".join(text[a:b] for a, b in spans)
    assert "".join(inside.split()) == "".join(text.split())
    assert all(a <= b for a, b in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
