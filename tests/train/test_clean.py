"""Cleaning: what may teach, choose and report."""

import numpy as np

from fer_train import clean
from fer_train.data import FaceTable

HAPPY, UNKNOWN, NOT_A_FACE = 1, 8, 9


def votes(**counts: int) -> np.ndarray:
    from fer_train.data import VOTE_NAMES

    return np.array([[counts.get(name, 0) for name in VOTE_NAMES]])


def table_of(
    pixels: list[int], usage: list[str], labels: list[int] | None = None, votes_of: np.ndarray | None = None
) -> FaceTable:
    """Return faces of one flat gray each; the same gray is the same picture."""
    count = len(pixels)
    return FaceTable(
        images=np.array([np.full((48, 48), p, np.uint8) for p in pixels]),
        labels=np.array(labels or [3] * count),
        votes=np.repeat(votes(happiness=10), count, axis=0) if votes_of is None else votes_of,
        usage=np.array(usage),
        exact=np.ones(count, bool),
        rows=np.arange(count),
    )


def test_a_clear_winner_is_the_majority_label():
    assert clean.majority_labels(votes(happiness=6, neutral=4))[0] == HAPPY


def test_half_of_the_votes_is_not_a_majority():
    assert clean.majority_labels(votes(happiness=5, neutral=5))[0] == -1


def test_single_votes_do_not_count():
    assert clean.majority_labels(votes(happiness=5, neutral=4, sadness=1))[0] == HAPPY


def test_unknown_and_not_a_face_never_become_labels():
    both = np.concatenate([votes(unknown=9, happiness=1), votes(NF=10)])
    assert clean.majority_labels(both).tolist() == [-1, -1]


def test_vote_shares_sum_to_one_where_usable_and_to_zero_elsewhere():
    shares, usable = clean.vote_shares(np.concatenate([votes(happiness=6, neutral=3, fear=1), votes(NF=10)]))
    assert usable.tolist() == [True, False]
    np.testing.assert_allclose(shares.sum(axis=1), [1.0, 0.0])


def test_copies_of_test_images_do_not_teach_and_are_counted():
    table = table_of([1, 2, 3, 4, 1, 2, 5], ["Training"] * 4 + ["PublicTest", "PrivateTest", "PrivateTest"])
    rows = clean.clean(table)
    assert rows.teach.tolist() == [False, False, True, True, False, False, False]
    assert rows.counts["training_copies_of_public_test"] == 1
    assert rows.counts["training_copies_of_private_test"] == 1
    assert rows.counts["private_test_images_in_training"] == 1


def test_copies_of_the_test_split_do_not_choose():
    rows = clean.clean(table_of([1, 7, 7], ["PublicTest", "PublicTest", "PrivateTest"]))
    assert rows.choose.tolist() == [True, False, False]


def test_every_row_of_the_test_split_reports():
    rows = clean.clean(table_of([1, 1, 2], ["Training", "PrivateTest", "PrivateTest"]))
    assert rows.report.tolist() == [False, True, True]


def test_contradicting_copies_lose_their_label_and_agreeing_ones_keep_it():
    rows = clean.clean(table_of([1, 1, 2, 2], ["Training"] * 4, labels=[0, 4, 3, 3]))
    assert rows.trust_label.tolist() == [False, False, True, True]


def test_faces_that_choose_are_public_tests_without_copies_of_the_test_split_or_contradicted_labels():
    table = table_of([1, 2, 2, 3, 3, 4], ["PublicTest"] * 4 + ["PrivateTest", "Training"], labels=[5, 0, 4, 3, 3, 2])
    chosen = clean.choosing(table)
    assert (chosen.usage.tolist(), chosen.labels.tolist()) == (["PublicTest"], [5])


def test_not_a_face_does_not_teach():
    both = np.concatenate([votes(NF=10), votes(happiness=10)])
    assert clean.clean(table_of([1, 2], ["Training"] * 2, votes_of=both)).teach.tolist() == [False, True]
