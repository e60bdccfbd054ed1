import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xtk.core.errors import UsageError, XtkError
from xtk.kinds import scan
from xtk.kinds.search import both_ways, nearest, top_k, unit

MEASURES = ("cosine", "csls", "margin")


def random_units(count, size, seed):
    return unit(np.random.default_rng(seed).standard_normal((count, size), dtype=np.float32))


def best(scores, k):
    """The k best of each row by sorting everything, equal ones by the lower index."""
    return np.argsort(-scores, axis=1, kind="stable")[:, :k]


def mean_of_best(scores, k):
    return np.sort(scores, axis=1)[:, -k:].mean(axis=1)


def by_definition(queries, candidates, measure):
    """All scores in float64, straight from the formulas of the papers."""
    cosines = queries.astype(np.float64) @ candidates.astype(np.float64).T
    if measure == "cosine":
        return cosines
    k = {"csls": 10, "margin": 4}[measure]
    of_query, of_candidate = mean_of_best(cosines, k)[:, None], mean_of_best(cosines.T, k)
    if measure == "csls":
        return 2 * cosines - of_query - of_candidate
    return cosines / ((of_query + of_candidate) / 2)


@pytest.mark.parametrize("measure", MEASURES)
def test_it_is_what_sorting_all_scores_gives(measure):
    queries, candidates = random_units(60, 24, 1), random_units(900, 24, 2)
    expected = by_definition(queries, candidates, measure)
    found = nearest(queries, candidates, 20, measure, chunk=128)
    assert np.array_equal(found.ids, best(expected, 20))
    assert found.scores == pytest.approx(np.take_along_axis(expected, found.ids, 1), abs=1e-12)


@settings(derandomize=True, deadline=None)
@given(st.integers(1, 9), st.integers(1, 40), st.integers(1, 4), st.integers(1, 8), st.data())
def test_ties_go_to_the_lower_index_whatever_the_chunks(queries, candidates, size, k, data):
    # Small whole numbers: products are exact and many of them equal.
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    q = rng.integers(-1, 2, (queries, size)).astype(np.float32)
    c = rng.integers(-1, 2, (candidates, size)).astype(np.float32)
    found = top_k(q, c, k, chunk=data.draw(st.integers(1, 45)))
    assert np.array_equal(found.ids, best(q @ c.T, k))
    assert np.array_equal(found.scores, np.take_along_axis(q @ c.T, found.ids, 1))


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(MEASURES), st.integers(1, 64))
def test_neither_chunks_nor_the_order_of_queries_change_a_bit(seed, measure, chunk):
    queries, candidates = random_units(12, 8, seed), random_units(50, 8, seed + 1)
    candidates[20:30] = candidates[5]  # exact ties
    if measure == "margin":  # which needs means above 0
        queries, candidates = unit(np.abs(queries)), unit(np.abs(candidates))
    whole = nearest(queries, candidates, 15, measure)
    order = np.random.default_rng(seed).permutation(12)
    parts = nearest(queries[order], candidates, 15, measure, chunk=chunk)
    assert np.array_equal(parts.ids, whole.ids[order])
    assert np.array_equal(parts.scores, whole.scores[order])


@pytest.mark.parametrize("measure", MEASURES)
def test_many_blocks_of_queries_are_as_one(monkeypatch, measure):
    queries, candidates = random_units(50, 16, 3), random_units(70, 16, 4)
    whole = nearest(queries, candidates, 5, measure)
    monkeypatch.setattr(scan, "QUERIES", 7)
    monkeypatch.setattr(scan, "PAIRS", 11)
    parts = nearest(queries, candidates, 5, measure, chunk=9)
    assert np.array_equal(parts.ids, whole.ids)
    assert np.array_equal(parts.scores, whole.scores)


def test_both_ways_is_each_way():
    left, right = random_units(40, 16, 5), random_units(90, 16, 6)
    there, back = both_ways(left, right, 4, chunk=13)
    for found, expected in ((there, nearest(left, right, 4)), (back, nearest(right, left, 4))):
        assert np.array_equal(found.ids, expected.ids)
        assert np.array_equal(found.scores, expected.scores)


@pytest.mark.parametrize("rising", [True, False])
def test_sorted_candidates_and_scores_closer_than_float32_can_tell(rising):
    # 400 candidates within 1e-7 of each other: float32 products cannot order them.
    rng = np.random.default_rng(7)
    candidates = np.repeat(random_units(1, 64, 8), 400, axis=0)
    candidates[np.arange(400), rng.integers(64, size=400)] += np.float32(2e-8)
    queries = candidates[:3]
    exact = queries.astype(np.float64) @ candidates.astype(np.float64).T
    order = np.argsort(exact[0] if rising else -exact[0], kind="stable")
    found = top_k(queries, candidates[order], 5, chunk=32)
    assert np.take_along_axis(exact[:, order], found.ids, 1) == pytest.approx(
        -np.sort(-exact, axis=1)[:, :5], abs=1e-15
    )


@pytest.mark.parametrize("measure", MEASURES)
def test_fewer_candidates_than_asked_for_are_all_given(measure):
    queries, candidates = unit(np.ones((2, 3), np.float32)), np.eye(3, dtype=np.float32)
    found = nearest(queries, candidates, 20, measure)
    assert found.ids.tolist() == [[0, 1, 2], [0, 1, 2]]


@pytest.fixture
def on_disk(tmp_path):
    vectors = random_units(500, 24, 9)
    path = tmp_path / "vectors.npy"
    np.save(path, vectors)
    return vectors, path


@pytest.mark.parametrize("mode", ["r", "r+", "c"])
@pytest.mark.parametrize("measure", MEASURES)
def test_a_memory_map_is_as_an_array(on_disk, mode, measure):
    vectors, path = on_disk
    queries = random_units(20, 24, 10)
    expected = nearest(queries, vectors[100:], 7, measure)
    mapped = np.load(path, mmap_mode=mode)[100:]
    found = nearest(queries, mapped, 7, measure, chunk=60)
    assert np.array_equal(found.ids, expected.ids)
    assert np.array_equal(found.scores, expected.scores)


@pytest.mark.parametrize("mode", ["r+", "c"])
def test_changes_in_a_memory_map_survive_a_search(on_disk, mode):
    _, path = on_disk
    mapped = np.load(path, mmap_mode=mode)
    mapped[17] = -mapped[17]
    before = np.array(mapped)
    top_k(mapped[:5], np.asarray(mapped), 3)
    assert np.array_equal(mapped, before)


def test_half_precision_on_disk_is_read_as_what_it_is():
    candidates = random_units(100, 16, 11).astype(np.float16)
    queries = random_units(5, 16, 12)
    found = nearest(queries, candidates, 3)
    assert np.array_equal(found.ids, nearest(queries, candidates.astype(np.float32), 3).ids)


def test_unit_vectors_have_length_1_and_any_size_may_be_given():
    vectors = unit(np.array([[3, 4], [1e-30, 0], [3e30, 4e30]], np.float32))
    assert vectors.dtype == np.float32
    assert vectors == pytest.approx(np.array([[0.6, 0.8], [1, 0], [0.6, 0.8]]), abs=1e-7)


@pytest.mark.parametrize("bad", [0, np.nan, np.inf])
def test_a_vector_without_direction_is_named(bad):
    vectors = np.ones((4, 3), np.float32)
    vectors[2] = bad
    with pytest.raises(XtkError, match="Vector 2 "):
        unit(vectors)


@pytest.mark.parametrize("bad", [0, np.nan, np.inf, 0.9])
@pytest.mark.parametrize("measure", MEASURES)
def test_a_vector_that_is_not_of_unit_length_is_named(bad, measure):
    candidates = random_units(50, 4, 13)
    candidates[41] = bad
    with pytest.raises(XtkError, match=r"Candidate vector 41 .*unit\(\)"):
        nearest(random_units(2, 4, 14), candidates, 3, measure, chunk=10)


def test_numbers_that_are_not_finite_are_not_searched():
    candidates = np.ones((9, 2), np.float32)
    candidates[8, 1] = np.nan
    with pytest.raises(XtkError, match="Candidate vector 8 has length nan"):
        top_k(candidates[:1], candidates, 3)


def test_a_margin_over_nothing_is_an_error():
    vectors = np.array([[1, 0], [-1, 0]], np.float32)
    with pytest.raises(XtkError, match=r"Query 0 has a mean cosine of 0 .*csls"):
        nearest(vectors, vectors, 1, "margin")


@pytest.mark.parametrize(
    ("queries", "candidates", "k", "message"),
    [
        (np.ones((2, 3)), np.ones((2, 3), np.float32), 1, "queries are float64"),
        (np.ones((2, 3), np.float32), np.ones(3, np.float32), 1, r"shape \(3,\)"),
        (np.ones((2, 3), np.float32), np.ones((0, 3), np.float32), 1, "no candidates"),
        (np.ones((2, 3), np.float32), np.ones((2, 4), np.float32), 1, "same model"),
        (np.ones((2, 3), np.float32), np.ones((2, 3), np.float32), 0, "k = 0"),
    ],
)
def test_what_cannot_be_searched_is_said(queries, candidates, k, message):
    with pytest.raises(XtkError, match=message):
        top_k(queries, candidates, k)


def test_an_unknown_measure_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'cosine'"):
        nearest(random_units(1, 4, 0), random_units(1, 4, 0), 1, "cosin")
