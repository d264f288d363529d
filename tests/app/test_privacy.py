"""What leaves the app says nothing that was not to be seen: no place, no camera, and no face where it is to be hidden."""

import io
from dataclasses import replace

import av
import numpy as np
import pytest
from PIL import Image

from fer_app import exports, resources, text, text_about
from fer_app.photos import read_photo
from fer_core import Session, Stream, annotate_video, load_analyzer, read_image, read_video
from fer_core.annotate import Annotation
from tests.app.clips import portrait
from tests.core.films import write_film

MAKER, PLACE, GPS = "Snoopcam 3000", "+48.8577+002.2950/", {1: "N", 2: (48.0, 51.0, 27.0), 3: "E", 4: (2.0, 17.0, 42.0)}


@pytest.fixture(scope="module")
def analyzer():
    return load_analyzer(engine="fast")


@pytest.fixture(scope="module")
def located():
    """The sample as a phone would have taken it: with the camera's name and the place."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = MAKER, "2026:11:24 10:00:00"
    exif.get_ifd(0x8825).update(GPS)
    file = io.BytesIO()
    Image.open(resources.SAMPLES[0]).convert("RGB").save(file, "JPEG", exif=exif, comment=b"at home")
    return file.getvalue()


def told(data):
    """Return what a picture's file says besides its pixels."""
    image = Image.open(io.BytesIO(data))
    return dict(image.getexif()), dict(image.getexif().get_ifd(0x8825)), image.info.get("comment")


def test_the_photo_that_is_uploaded_tells_its_place_and_no_export_of_it_does(located, analyzer):
    assert told(located)[1][2] == GPS[2]
    photo = read_photo("home.jpg", located, analyzer, engine="fast")
    pictures = [exports.picture_of(photo, marked=marked) for marked in (False, True)] + [exports.blurred_picture_of(photo)]
    pictures += [picture for face in photo.faces for picture in (face.crop_jpeg, face.chip_png)]
    assert len(pictures) == 5
    assert [told(picture) for picture in pictures] == [({}, {}, None)] * 5
    for data in (*pictures, exports.csv_of([photo]), exports.json_of([photo])):
        assert not any(words in data for words in (b"Exif", MAKER.encode(), b"at home", b"2026:11:24"))


def test_a_picture_with_faces_blurred_shows_no_face_and_the_plain_one_does(located, analyzer):
    photo = read_photo("home.jpg", located, analyzer, engine="fast")
    plain, hidden = read_image(exports.picture_of(photo, marked=False)), read_image(exports.blurred_picture_of(photo))
    assert hidden.shape == plain.shape
    assert len(analyzer.analyze(plain)) == 1
    assert len(analyzer.analyze(hidden)) == 0
    assert np.abs(plain[-40:, :40].astype(int) - hidden[-40:, :40]).mean() < 3


def test_the_blurred_picture_has_the_words_that_the_plain_one_was_painted_with(located, analyzer):
    photo = read_photo("home.jpg", located, analyzer, engine="fast")
    (face,) = photo.result
    assert photo.words[face.label] == text.WORDS[face.label]
    french = replace(photo, words={face.label: "joie"})
    assert exports.blurred_picture_of(french) != exports.blurred_picture_of(photo)


def test_an_annotated_video_says_nothing_of_where_and_with_what_it_was_taken(tmp_path, analyzer):
    film = write_film(tmp_path / "plain.mp4", [portrait()] * 4, sound="aac")
    tags = {"movflags": "use_metadata_tags"}
    with av.open(str(film)) as source, av.open(str(tmp_path / "film.mov"), "w", options=tags) as made:
        made.metadata.update({"location": PLACE, "com.apple.quicktime.location.ISO6709": PLACE, "make": MAKER})
        track = made.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = track
                made.mux(packet)
    assert PLACE.encode() in (tmp_path / "film.mov").read_bytes()
    stream, session = Stream(analyzer), Session()
    for frame in read_video(tmp_path / "film.mov"):
        session.add(stream.step(frame))
    annotate_video(tmp_path / "film.mov", tmp_path / "seen.mp4", session.timeline(), Annotation(blur=True))
    seen = (tmp_path / "seen.mp4").read_bytes()
    assert not any(words in seen for words in (PLACE.encode(), MAKER.encode(), b"48.8577", b"quicktime"))
    assert len(analyzer.analyze(next(read_video(tmp_path / "seen.mp4")).image)) == 0


NAMED = (
    "in this server's memory",
    "your session alone",
    "Nothing is stored or sent on",
    "Tell the people",
    "Ages are estimated only if you ask for it",
)


@pytest.mark.parametrize("words", NAMED)
def test_the_notice_names_what_happens_and_who_is_to_be_told(words):
    assert words.lower() in text.NOTICE.lower()


def test_the_notice_names_what_mien_must_not_be_used_for():
    assert "at work or in education" in text.NOTICE
    assert "prohibited" in text_about.LAW
