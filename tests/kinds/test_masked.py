import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from support import STEADY, CharacterTokenizer
from xtk.kinds.kind import MASKED_LM
from xtk.kinds.masked import TextExample


@STEADY
@given(st.lists(st.text(max_size=50), min_size=1, max_size=6), st.integers(8, 30))
def test_no_token_is_dropped_and_no_sequence_is_too_long(texts, max_length):
    encoded = MASKED_LM.encode([TextExample(t) for t in texts], CharacterTokenizer(), max_length)
    sequences = np.split(encoded.ids, encoded.offsets[1:-1])
    assert all(part[0] == 0 and part[-1] == 2 and len(part) <= max_length for part in sequences)
    whole = CharacterTokenizer().encode_batch(texts, add_special_tokens=False)
    inside = [i for part in sequences for i in part[1:-1].tolist()]
    assert inside == [i for text in whole for i in text.ids]
    assert encoded.examples == len(sequences) and encoded.level == "masked"
    assert encoded.truncated == 0
