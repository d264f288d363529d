"""Sentences, charts, files and kept pictures, without a screen."""

from __future__ import annotations

import numpy as np
import pytest

from fer_app import charts, exports, resources, text
from fer_app.album import Album
from fer_app.photos import enlarged, read_photo, scaled
from fer_core import FER2013, Emotions, Faces, FrameResult, MediaError, from_csv, from_json, load_analyzer, read_image
from fer_core.encode import encode_image
from fer_core.palette import COLOURS, colour_hex

SHARES = dict(zip(FER2013.names, (0.05, 0.02, 0.03, 0.6, 0.1, 0.08, 0.12), strict=True))


@pytest.fixture(scope="module")
def analyzer():
    return load_analyzer()


@pytest.fixture(scope="module")
def photo(analyzer):
    return read_photo("portrait.jpg", resources.SAMPLES[0].read_bytes(), analyzer, engine="fast")


@pytest.mark.parametrize("name", FER2013.names)
def test_every_label_has_words_an_icon_and_a_colour_of_its_own(name):
    assert name in text.LOOKS
    assert name in text.ICONS
    others = {COLOURS[other] for other in FER2013.names if other != name}
    assert COLOURS[name] not in others


def test_words_speak_of_looks_and_never_of_being():
    sentences = " ".join(value for value in vars(text).values() if isinstance(value, str))
    assert "is happy" not in sentences
    assert text.looks_like("happy", 0.9, 0.5).startswith("Looks")


def test_not_sure_is_said_below_the_threshold_and_not_at_it():
    assert text.looks_like("sad", 0.4999, 0.5) == "Not sure"
    assert text.looks_like("sad", 0.5, 0.5) == "Looks sad"
    assert "sad" not in text.how_sure(SHARES, 0.7)
    assert text.how_sure(SHARES, 0.7).startswith("Perhaps happy (60\xa0%) or neutral (12\xa0%)")


def test_percentages_never_say_none_or_all_of_what_is_merely_close():
    assert (text.percent(0.0), text.percent(1.0)) == ("0\xa0%", "100\xa0%")
    assert (text.percent(0.0049), text.percent(0.9951)) == ("<\xa01\xa0%", ">\xa099\xa0%")


def test_bars_take_their_colours_from_names_whatever_their_order():
    turned = dict(reversed(SHARES.items()))
    for shares in (SHARES, turned):
        bars = charts.probability_bars(shares, threshold=0.5).data[0]
        assert list(bars.marker.color) == [colour_hex(name) for name in shares]
        assert list(bars.x) == list(shares.values())


def test_only_the_best_bar_stands_out():
    opacity = dict(zip(SHARES, charts.probability_bars(SHARES, threshold=0.5).data[0].marker.opacity, strict=True))
    assert opacity.pop("happy") == 1.0
    assert max(opacity.values()) < 1.0


def test_the_text_alternative_of_a_chart_names_every_share_the_largest_first():
    alt = text.chart_alt(SHARES)
    assert alt.startswith("Bar chart: happy 60\xa0%, neutral 12\xa0%")
    assert all(text.LOOKS[name] in alt for name in SHARES)


@pytest.mark.parametrize("stem", ["../../x", "a/b\\c", "<script>", "x" * 300, "", "\u202e", "-"])
def test_names_of_downloads_hold_nothing_but_letters_digits_and_dashes(stem):
    safe = exports.safe_stem(stem)
    assert 0 < len(safe) <= 60
    assert not set(safe) & set("/\\<>:\"'|?* \u202e")


@pytest.mark.model
def test_a_kept_photo_holds_encoded_pictures_and_no_array(photo):
    assert read_image(photo.framed_jpeg).shape == (512, 512, 3)
    assert read_image(photo.faces[0].chip_png).shape == (192, 192, 3)
    assert max(read_image(photo.faces[0].crop_jpeg).shape) <= 240
    assert not np.array_equal(read_image(photo.framed_jpeg), read_image(photo.marked_jpeg))


@pytest.mark.model
def test_the_chip_on_the_card_is_the_one_that_the_network_saw(photo, analyzer):
    chip = read_image(photo.faces[0].chip_png)[::4, ::4, 0]
    both = np.stack([chip, chip[:, ::-1]])  # a photo is answered for by a face and its mirror image
    assert np.allclose(analyzer.classifier.predict(both).probs.mean(axis=0), photo.result.emotions.probs, atol=1e-5)


@pytest.mark.model
def test_a_large_photo_is_kept_small_and_its_boxes_stay_in_its_own_pixels(analyzer):
    image = read_image(resources.SAMPLES[0])
    large = np.repeat(np.repeat(image, 5, axis=0), 5, axis=1)
    kept = read_photo("large.jpg", encode_image(large), analyzer, engine="fast")
    assert max(read_image(kept.framed_jpeg).shape) == 2048
    assert kept.result.faces.size_wh == (2560, 2560)
    assert kept.result.faces.boxes[0][3] > 700


@pytest.mark.model
def test_bytes_that_are_no_photo_are_refused_and_not_called_faceless(analyzer):
    with pytest.raises(MediaError):
        read_photo("x.jpg", b"dear diary", analyzer, engine="fast")


def test_scaling_moves_boxes_and_landmarks_and_leaves_the_original_alone():
    faces = Faces(np.array([[10, 20, 30, 40]]), np.array([0.9]), np.ones((1, 5, 2)), (100, 200))
    result = FrameResult(faces, Emotions(np.array([list(SHARES.values())])))
    half = scaled(result, 0.5)
    assert half.faces.boxes.tolist() == [[5, 10, 15, 20]]
    assert half.faces.landmarks.max() == 0.5
    assert half.faces.size_wh == (50, 100)
    assert result.faces.boxes.tolist() == [[10, 20, 30, 40]]


def test_enlarging_makes_squares_of_pixels():
    assert enlarged(np.array([[1, 2]], np.uint8)).tolist() == [[1, 1, 1, 1, 2, 2, 2, 2]] * 4


@pytest.mark.model
def test_files_of_several_photos_read_back_under_their_names(photo):
    photos = Album().with_photo(photo, "1").with_photo(photo, "2").photos
    back = from_csv(exports.csv_of(photos))
    assert back.sources == ("portrait (2).jpg", "portrait.jpg")
    assert back.same_as(from_json(exports.json_of(photos)))
    assert back.same_as(exports.timeline_of(photos))
