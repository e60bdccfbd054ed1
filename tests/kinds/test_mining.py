import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xtk.core.errors import XtkError
from xtk.kinds.mining import best_threshold, first_of_each, ids_of_unique, mine
from xtk.kinds.search import unit


def translations(count, size, noise, seed):
    """Source vectors and their "translations": the same but for noise, all on one side of 0."""
    rng = np.random.default_rng(seed)
    source = np.abs(rng.standard_normal((count, size)))
    target = np.abs(source + noise * rng.standard_normal((count, size)))
    return unit(source), unit(target)


def mine_by_definition(source, target, k):
    """Artetxe and Schwenk 2019 with whole matrices: ratio margin, "max" retrieval, one to one."""
    cosines = source.astype(np.float64) @ target.astype(np.float64).T
    of_source = np.sort(cosines, axis=1)[:, -k:].mean(axis=1)
    of_target = np.sort(cosines, axis=0)[-k:].mean(axis=0)
    margins = cosines / ((of_source[:, None] + of_target) / 2)
    near = np.argsort(-cosines, axis=1)[:, :k], np.argsort(-cosines.T, axis=1)[:, :k]
    pairs = {(i, max(row, key=lambda j: margins[i, j])) for i, row in enumerate(near[0])}
    pairs |= {(max(row, key=lambda i: margins[i, j]), j) for j, row in enumerate(near[1])}
    kept = []
    for i, j in sorted(pairs, key=lambda pair: -margins[pair]):
        if all(i != a and j != b for a, b, _ in kept):
            kept.append((i, j, margins[i, j]))
    return kept


@pytest.mark.parametrize(("noise", "extra"), [(0.1, 0), (1.0, 25)])
def test_it_is_the_definition_with_whole_matrices(noise, extra):
    source, target = translations(80, 12, noise, seed=1)
    target = np.concatenate([target, translations(extra, 12, 0, seed=2)[0]])
    expected = mine_by_definition(source, target, 4)
    pairs = mine(source, target, chunk=17)
    assert list(zip(pairs.sources, pairs.targets, strict=True)) == [e[:2] for e in expected]
    assert pairs.scores == pytest.approx([e[2] for e in expected], abs=1e-12)


def test_translations_find_each_other_whatever_the_order():
    source, target = translations(200, 32, 0.05, seed=3)
    order = np.random.default_rng(4).permutation(200)
    pairs = mine(source, target[order])
    assert len(pairs.sources) == 200
    assert np.array_equal(order[pairs.targets], pairs.sources)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_pairs_are_one_to_one_sorted_and_the_same_in_any_chunks(seed, chunk):
    source, target = translations(30, 6, 1.0, seed)
    target[10:14] = target[3]  # equal scores
    source[20] = source[4]
    pairs, again = mine(source, target), mine(source, target, chunk=chunk)
    assert len(set(pairs.sources)) == len(set(pairs.targets)) == len(pairs.scores)
    assert (np.diff(pairs.scores) <= 0).all()
    for a, b in ((pairs.sources, again.sources), (pairs.targets, again.targets)):
        assert np.array_equal(a, b)
    assert np.array_equal(pairs.scores, again.scores)


def test_equal_scores_go_by_the_lower_source_then_the_lower_target():
    same = unit(np.ones((3, 4), np.float32))
    pairs = mine(same, same[:2])
    # All propose sentence 0 of the other side; what is left proposes nobody who is free.
    assert (pairs.sources.tolist(), pairs.targets.tolist()) == ([0], [0])


def test_a_side_of_one_sentence_is_mined():
    source, target = translations(5, 4, 0.1, seed=5)
    pairs = mine(source, target[2:3])
    assert (pairs.sources.tolist(), pairs.targets.tolist()) == ([2], [0])


def best_f1(scores, is_gold, gold_count):
    """The best F1 over all thresholds, tried one by one, with the fewest pairs that have it."""
    tried = []
    for threshold in sorted(set(scores), reverse=True):
        tried.append(f1_at(threshold, scores, is_gold, gold_count))
    return max(tried, default=0)


def f1_at(threshold, scores, is_gold, gold_count):
    taken = [gold for score, gold in zip(scores, is_gold, strict=True) if score >= threshold]
    return 2 * sum(taken) / (len(taken) + gold_count)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.integers(1, 12), st.booleans())), st.integers(1, 5))
def test_no_threshold_has_a_better_f1(items, missed):
    scores = [score / 8 for score, _ in items]
    is_gold = [gold for _, gold in items]
    gold_count = sum(is_gold) + missed
    threshold = best_threshold(scores, is_gold, gold_count)
    best = best_f1(scores, is_gold, gold_count)
    assert f1_at(threshold, scores, is_gold, gold_count) == best


@pytest.mark.parametrize(
    ("scores", "is_gold", "gold_count", "expected"),
    [
        # Worked by hand. F1 of the first 1, 2, 3: 2/3, 2/4, 4/5: the last, where the official
        # script reads past the end.
        ([1.4, 1.3, 1.2], [1, 0, 1], 2, 1.2),
        # F1 1, 2/3, 1/2: half way between the first and the second.
        ([1.4, 1.2, 1.1], [1, 0, 0], 1, 1.3),
        # In any order.
        ([1.1, 1.4, 1.2], [0, 1, 0], 1, 1.3),
        # 2/3 both for one and for four: the higher threshold.
        ([1.4, 1.2, 1.1, 1.0], [1, 0, 0, 1], 2, 1.3),
        # Equal scores are taken together: 2 * 1 / (2 + 1).
        ([1.4, 1.4, 1.0], [0, 1, 0], 1, 1.2),
        # No mined pair is gold.
        ([1.4, 1.2], [0, 0], 1, 0.0),
        ([], [], 1, 0.0),
    ],
)
def test_thresholds_worked_by_hand(scores, is_gold, gold_count, expected):
    assert best_threshold(scores, is_gold, gold_count) == pytest.approx(expected, abs=3e-16)


def test_scores_without_a_float_between_them_are_parted():
    above = float(np.nextafter(1, 2))
    assert best_threshold([above, 1.0], [True, False], 1) == above


def test_a_threshold_needs_gold_pairs():
    with pytest.raises(XtkError, match="no gold pairs"):
        best_threshold([1.0], [False], 0)


def test_a_repeated_sentence_is_mined_once_and_has_no_id():
    texts = ["Ja.", "Nein.", "Ja.", " Nein. ", "東京"]
    assert first_of_each(texts).tolist() == [0, 1, 3, 4]
    assert ids_of_unique(texts, list("abcde")) == [None, None, None, None, "e"]


def test_sentences_and_ids_must_be_as_many():
    with pytest.raises(XtkError, match="3 sentences have 2 ids"):
        ids_of_unique(["x", "y", "z"], ["a", "b"])
