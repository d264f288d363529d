"""Drawing: a new picture, boxes in the label's colour, names that stay inside."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageDraw

from fer_core.draw import crop_face, draw
from fer_core.errors import InputError
from fer_core.labels import FER2013
from fer_core.palette import COLOURS, NOT_SURE
from fer_core.types import Emotions, Faces, FrameResult
from tests.factories import make_result

GRAY = np.full((480, 640, 3), 128, np.uint8)


def one_face(box, *, label="happy", size_wh=(640, 480), confidence=0.9):
    """Return a result with one face at a box."""
    probs = np.full(7, (1 - confidence) / 6)
    probs[FER2013.index(label)] = confidence
    middle = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    return FrameResult(Faces([box], [1.0], np.tile(middle, (1, 5, 1)), size_wh), Emotions(probs[None]))


def count(image, hex_colour):
    """Return how many pixels have exactly this colour."""
    return (image == [int(hex_colour[i : i + 2], 16) for i in (1, 3, 5)]).all(axis=-1).sum()


@pytest.fixture
def written(monkeypatch):
    """Return the texts that are written, each with the box it fills."""
    seen, plain = [], ImageDraw.ImageDraw.text

    def text(pen, xy, words, **kwargs):
        seen.append((words, pen.textbbox(xy, words, font=kwargs["font"], anchor=kwargs["anchor"])))
        return plain(pen, xy, words, **kwargs)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)
    return seen


def test_drawing_returns_a_new_picture_and_leaves_the_old_one():
    image = GRAY.copy()
    drawn = draw(image, make_result(3), landmarks=True)
    assert drawn.shape == image.shape
    assert drawn.dtype == np.uint8
    assert (image == 128).all()
    assert drawn.flags.writeable
    assert not np.array_equal(drawn, image)


def test_no_face_changes_nothing():
    assert np.array_equal(draw(GRAY, make_result(0)), GRAY)


@pytest.mark.parametrize("label", FER2013.names)
def test_a_face_is_framed_in_its_labels_colour_and_in_no_other(label):
    drawn = draw(GRAY, one_face([200, 200, 300, 300], label=label))
    assert count(drawn, COLOURS[label]) > 400
    assert not any(count(drawn, COLOURS[other]) for other in FER2013.names if other != label)


def test_below_the_limit_a_face_is_called_not_sure(written):
    drawn = draw(GRAY, one_face([200, 200, 300, 300], confidence=0.3), not_sure_below=0.4)
    assert [words for words, _ in written] == [NOT_SURE]
    assert not count(drawn, COLOURS["happy"])


def test_names_say_label_and_confidence_and_can_be_left_out(written):
    draw(GRAY, one_face([200, 200, 300, 300]))
    assert [words for words, _ in written] == ["happy 90%"]
    draw(GRAY, one_face([200, 200, 300, 300]), words=None)
    assert len(written) == 1


def test_what_is_merely_close_is_not_called_certain_and_a_name_stays_in_one_line(written):
    result = one_face([200, 200, 300, 300], confidence=0.997)
    numbered = replace(result, faces=replace(result.faces, track_ids=np.array([0])))
    draw(GRAY, numbered, people={0: "Ann\nLee"})
    assert [words for words, _ in written] == ["Ann Lee: happy >99%"]


def test_labels_and_not_sure_are_called_what_the_caller_calls_them(written):
    words = {"happy": "joie", NOT_SURE: "pas sûr"}
    for confidence in (0.9, 0.3):
        draw(GRAY, one_face([200, 200, 300, 300], confidence=confidence), words=words, not_sure_below=0.4)
    assert [said for said, _ in written] == ["joie 90%", "pas sûr"]


def test_every_letter_of_a_word_is_drawn_also_with_accents():
    def drawn(word):
        return draw(GRAY, one_face([200, 200, 300, 300]), words={"happy": word})

    unknown = drawn("d\ue000go\ue000t")  # of private use: no font has it
    assert not np.array_equal(drawn("dégoût"), unknown)
    assert not np.array_equal(drawn("dégoût"), drawn("dègoùt"))


def test_landmarks_are_drawn_where_asked_for_and_not_otherwise():
    result = one_face([200, 200, 300, 300])
    ink = [count(draw(GRAY, result, words=None, landmarks=marks)[240:260, 240:260], COLOURS["happy"]) for marks in (True, False)]
    assert ink[0] > 5
    assert ink[1] == 0


@settings(max_examples=60)
@given(st.integers(1, 900), st.integers(1, 900), st.tuples(*[st.floats(0, 1)] * 4))
def test_names_never_leave_the_picture(width, height, share):
    x0, x1 = sorted((share[0] * width, share[1] * width))
    y0, y1 = sorted((share[2] * height, share[3] * height))
    places, plain = [], ImageDraw.ImageDraw.text

    def text(pen, xy, words, **kwargs):
        places.append(pen.textbbox(xy, words, font=kwargs["font"], anchor=kwargs["anchor"]))
        return plain(pen, xy, words, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ImageDraw.ImageDraw, "text", text)
        drawn = draw(np.zeros((height, width, 3), np.uint8), one_face([x0, y0, x1, y1], size_wh=(width, height)))
    assert drawn.shape == (height, width, 3)
    assert all(left >= 0 and top >= 0 and right <= width and bottom <= height for left, top, right, bottom in places)


def test_letters_grow_with_the_picture(written):
    for side in (400, 4000):
        draw(np.zeros((side, side, 3), np.uint8), one_face([side / 3, side / 3, side / 2, side / 2], size_wh=(side, side)))
    heights = [box[3] - box[1] for _, box in written]
    assert 7.5 <= heights[1] / heights[0] <= 12  # small letters are whole pixels high


def test_lines_grow_with_the_picture():
    def width(side):
        drawn = draw(
            np.zeros((side, side, 3), np.uint8),
            one_face([side / 4, side / 4, side / 2, side / 2], size_wh=(side, side)),
            words=None,
        )
        return count(drawn[side * 3 // 8], COLOURS["happy"]) / 2

    assert width(300) == 1
    assert 9 <= width(3000) <= 11


def test_another_image_is_an_input_error():
    with pytest.raises(InputError, match="RGB"):
        draw(np.zeros((10, 10), np.uint8), make_result(0))


def test_a_crop_is_a_copy_cut_at_the_borders():
    image = np.arange(40 * 60 * 3, dtype=np.uint32).reshape(40, 60, 3).astype(np.uint8)
    crop = crop_face(image, (10, 10, 20, 20), margin=0.0)
    assert np.array_equal(crop, image[10:20, 10:20])
    crop[:] = 0
    assert image[10, 10].any()
    assert crop_face(image, (50, 30, 60, 40), margin=1.0).shape == (20, 20, 3)


def test_a_box_outside_the_picture_has_no_crop():
    with pytest.raises(InputError, match="cover"):
        crop_face(GRAY, (700, 10, 720, 30), margin=0.0)


def test_names_of_neighbours_do_not_cover_each_other(written):
    boxes = np.array([[200.0, 200, 260, 270], [240.0, 205, 300, 275]])
    probs = np.full((2, 7), 0.05)
    probs[:, 3] = 0.7
    draw(GRAY, FrameResult(Faces(boxes, [1, 1], np.zeros((2, 5, 2)), (640, 480)), Emotions(probs)))
    (_, first), (_, second) = written
    assert first[3] <= second[1] or second[3] <= first[1]
