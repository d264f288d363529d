"""How the joint answer is chosen: by what it names rightly on PublicTest and on photos."""

import csv
from pathlib import Path

import numpy as np
import pytest

from fer_core import Faces, InputError
from fer_train import choices
from fer_train.photos import FoundPhotos, no_photos
from fer_train.pool import Labelled, fit_pool


def row(*shares):
    names = ("public_accuracy", "public_macro_f1", "chooses_agreement", "chooses_macro_recall")
    return dict(zip(names, shares, strict=True))


def test_public_test_and_the_photos_that_choose_count_alike_and_those_that_report_do_not_count():
    fair, other = row(0.7, 0.5, 0.7, 0.5), row(0.6, 0.6, 0.75, 0.45)
    assert choices.heads_merit(row(0.5, 0.6, 0.7, 0.7)) > choices.heads_merit(fair)
    assert choices.heads_merit(fair) == pytest.approx(choices.heads_merit(other))
    assert choices.heads_merit(fair) == choices.heads_merit({**fair, "reports_agreement": 1.0, "reports_macro_recall": 1.0})


def test_an_answer_that_agrees_with_people_on_too_few_photos_comes_after_all_others():
    asked = choices.ASKED_OF_PHOTOS
    assert choices.heads_merit(row(0.1, 0.1, asked, 0.1)) > choices.heads_merit(row(0.9, 0.9, asked - 0.001, 0.9))


def scored(truth, columns, seed):
    """Both heads' log-probabilities, (N, 15), of which the given columns point at the truth most of the time."""
    scores = np.random.default_rng(seed).normal(size=(len(truth), 15))
    scores[np.arange(len(truth)), columns[truth]] += 2
    heads = [part - np.logaddexp.reduce(part, axis=1, keepdims=True) for part in (scores[:, :7], scores[:, 7:])]
    return Labelled(np.concatenate(heads, axis=1), truth)


def face(*, there):
    return Faces(np.zeros((1, 4)), np.ones(1), np.zeros((1, 5, 2)), (48, 48))[[0] if there else []]


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    rng = np.random.default_rng(0)
    of_fer2013, of_votes = np.arange(7), 7 + np.array([4, 5, 6, 1, 3, 2, 0])
    public = scored(np.concatenate([np.arange(7), rng.integers(0, 7, 193)]), of_fer2013, 1)
    truth = np.concatenate([np.arange(7), rng.integers(0, 7, 113)])
    faces = [face(there=k >= 3) for k in range(len(truth))]
    half, people = np.arange(len(truth)) % 2 == 0, np.array([f"p{k // 4}" for k in range(len(truth))])
    found = FoundPhotos(truth, half, faces, [Path(f"{k}.jpg") for k in range(len(truth))], people)
    target = tmp_path_factory.mktemp("choices") / "heads.csv"
    with pytest.MonkeyPatch.context() as few:
        few.setattr(choices, "PHOTOS_WEIGHTS", (0.0, 2.0))
        return choices.heads_table(public, scored(truth[found.found], of_votes, 2), found, target), target


def test_every_way_to_join_the_heads_is_measured_and_the_chosen_one_is_written_first(measured):
    table, target = measured
    assert {row["photos_weight"] for row in table} == {0.0, 2.0}
    assert table == sorted(table, key=choices.heads_merit, reverse=True)
    with target.open(newline="", encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    assert [written[0][name] for name in table[0]] == [str(value) for value in table[0].values()]


def test_photos_that_weigh_more_gain_what_public_test_loses(measured):
    by_weight = {row["photos_weight"]: row for row in measured[0]}
    none, much = by_weight[0.0], by_weight[2.0]
    assert much["chooses_agreement"] > none["chooses_agreement"] + 0.1
    assert much["reports_agreement"] > none["reports_agreement"] + 0.1
    assert much["public_accuracy"] < none["public_accuracy"]


def test_a_missed_face_counts_as_wrong_and_the_halves_are_told_apart(measured):
    counts = {(row["chooses_n"], row["reports_n"]) for row in measured[0]}
    assert counts == {(60, 60)}
    assert max(row["reports_agreement"] for row in measured[0]) <= 59 / 60


def test_no_fit_is_asked_about_a_person_whom_it_knows(monkeypatch, tmp_path):
    truth, number = np.arange(84) % 7, np.arange(84)
    people, photos = np.array([f"p{k // 6}" for k in number]), scored(truth, np.arange(7), 2)
    found = FoundPhotos(truth, number >= 6, [face(there=True)] * 84, [], people)
    fitted = []
    monkeypatch.setattr(choices, "PHOTOS_WEIGHTS", (2.0,))
    monkeypatch.setattr(choices, "fit_pool", lambda public, some, **kw: fitted.append(some.logs) or fit_pool(public, some, **kw))
    choices.heads_table(scored(truth, np.arange(7), 1), photos, found, tmp_path / "heads.csv")
    for logs in fitted:
        known = (photos.logs[:, None] == logs).all(axis=2).any(axis=1)
        assert not set(people[known]) & set(people[~known])
    assert sorted(len(logs) // 6 for logs in fitted) == [10, 10, 10, 11, 11, 13]


def test_photos_of_fewer_people_than_folds_are_refused(tmp_path):
    truth = np.arange(84) % 7
    found = FoundPhotos(truth, np.ones(84, bool), [face(there=True)] * 84, [], np.array(["a", "b", "c"] * 28))
    with pytest.raises(InputError, match=r"5 people or more.*got 3 and 12; .*column `person`"):
        choices.heads_table(scored(truth, np.arange(7), 1), scored(truth, np.arange(7), 2), found, tmp_path / "heads.csv")


def test_without_photos_public_test_alone_chooses(tmp_path):
    public = scored(np.concatenate([np.arange(7), np.random.default_rng(0).integers(0, 7, 93)]), np.arange(7), 1)
    table = choices.heads_table(public, public[np.zeros(0, int)], no_photos(), tmp_path / "heads.csv")
    assert [row["photos_weight"] for row in table] == [0.0]
    assert table[0]["public_accuracy"] > 0.5
    assert "chooses_agreement" not in table[0]
