"""The album is a bounded value: what goes in comes out under a name of its own, and nothing stays that was deleted."""

from __future__ import annotations

import numpy as np
import pytest

from fer_app.album import MAX_LEFT_OUT, MAX_PHOTOS, Album, KeptPhoto, clean_name, free_name
from fer_core import FER2013, Emotions, Faces, FrameResult


def a_photo(name: str = "a.jpg") -> KeptPhoto:
    nobody = FrameResult(Faces.none((10, 10)), Emotions(np.zeros((0, len(FER2013)))))
    return KeptPhoto(name, nobody, (), b"framed", b"marked", threshold=0.5, engine="fast")


def filled(count: int) -> Album:
    album = Album()
    for number in range(count):
        album = album.with_photo(a_photo(), mark=str(number))
    return album


def test_the_newest_photo_comes_first():
    album = Album().with_photo(a_photo("old.jpg"), "1").with_photo(a_photo("new.jpg"), "2")
    assert [photo.name for photo in album.photos] == ["new.jpg", "old.jpg"]


def test_photos_of_one_name_get_names_and_numbers_of_their_own():
    photos = filled(3).photos
    assert {photo.name for photo in photos} == {"a.jpg", "a (2).jpg", "a (3).jpg"}
    assert len({photo.photo_id for photo in photos}) == 3


def test_a_number_is_not_given_again_after_a_deletion():
    album = filled(2)
    newest = album.photos[0].photo_id
    assert album.without(newest).with_photo(a_photo(), "9").photos[0].photo_id != newest


def test_an_album_never_holds_more_than_its_bounds():
    album = filled(MAX_PHOTOS + 3)
    assert len(album.photos) == MAX_PHOTOS
    assert album.room == 0
    for number in range(MAX_LEFT_OUT + 5):
        album = album.with_left_out("x", "y", mark=f"bad {number}")
    album = album.with_left_out("", "too many", mark="too many")
    assert len(album.left_out) == MAX_LEFT_OUT
    assert album.left_out[-1].reason == "too many", "what was not even read is told as well"


def test_deleting_forgets_that_photo_and_no_other():
    album = filled(3)
    gone = album.photos[1]
    assert gone not in album.without(gone.photo_id).photos
    assert len(album.without(gone.photo_id).photos) == 2
    assert album.without(999) == album


def test_a_change_leaves_the_old_album_as_it_was():
    album = filled(1)
    album.with_photo(a_photo(), "2")
    album.with_left_out("x", "y", "3")
    assert (len(album.photos), album.left_out, album.read) == (1, (), {"0"})


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("a/b/me.jpg", "me.jpg"),
        ("C:\\me\\p.jpg", "p.jpg"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("x\ny.jpg", "xy.jpg"),
        ("\n", "photo"),
    ],
)
def test_names_lose_folders_and_what_cannot_be_seen(name, clean):
    assert clean_name(name) == clean


def test_long_names_are_cut_and_keep_their_ending():
    cut = clean_name("x" * 500 + ".jpeg")
    assert len(cut) == 120
    assert cut.endswith(".jpeg")


def test_a_free_name_stays_and_a_taken_one_does_not():
    assert free_name("a.jpg", {"b.jpg"}) == "a.jpg"
    assert free_name("a.jpg", {"a.jpg", "a (2).jpg"}) == "a (3).jpg"


def test_a_round_knows_its_own_photos_and_the_next_one_starts_without_marks():
    album = filled(2).next_round().with_photo(a_photo("new.jpg"), "9")
    assert [photo.name for photo in album.of_this_round] == ["new.jpg"]
    assert album.read == {"9"}
    assert album.next_round().of_this_round == ()
    assert len(album.next_round().photos) == 3
