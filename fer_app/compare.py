"""Pure. One photo and what each of several networks answers to its faces: results and encoded pictures, bounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from fer_app.hosting.limits import Limits
from fer_app.photos import picture_of
from fer_core import Analyzer, draw, face_chips, read_image
from fer_core.classify import EmotionClassifier, predict_both_sides
from fer_core.draw import crop_face
from fer_core.encode import encode_image, shrink
from fer_core.heat import heat_map, heat_picture

Array = npt.NDArray[Any]
MAX_FACES = 6
_USUAL_LIMITS = Limits()
_SHOWN_SIDE_PX, _CROP_SIDE_PX = 1024, 240


@dataclass(frozen=True, slots=True)
class Answer:
    """What one network answers to one face.

    Attributes:
        model: the network's name.
        probabilities: by label.
        threshold: a best guess below this is answered by "not sure".
    """

    model: str
    probabilities: Mapping[str, float]
    threshold: float

    @property
    def label(self) -> str:
        """The likeliest label."""
        return max(self.probabilities, key=lambda name: self.probabilities[name])


@dataclass(frozen=True, slots=True)
class ComparedFace:
    """One face of the photo.

    Attributes:
        crop_jpeg: the face as it stands in the photo.
        chip_png: the 48x48 pixels that every network saw.
        answers: one a network.
    """

    crop_jpeg: bytes
    chip_png: bytes
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A photo about which networks are compared.

    Attributes:
        name: the name its visitor gave it: untrusted.
        framed_jpeg: the photo with its boxes.
        faces: at most `MAX_FACES`, the largest first.
        found: how many faces were found in it.
    """

    name: str
    framed_jpeg: bytes
    faces: tuple[ComparedFace, ...]
    found: int


def compare_photo(
    name: str,
    content: bytes,
    analyzer: Analyzer,
    classifiers: Mapping[str, EmotionClassifier],
    *,
    limits: Limits = _USUAL_LIMITS,
) -> Comparison:
    """Find the faces of a photo, and ask every network about each.

    Raises:
        MediaError: the bytes are no photo that can be read.
    """
    image = shrink(picture_of(content, limits), max_side_px=2 * _SHOWN_SIDE_PX)
    result = analyzer.analyze(image)
    chips = face_chips(image, result.faces)[:MAX_FACES]
    said = {model: predict_both_sides(classifier, chips).probs for model, classifier in classifiers.items()}
    faces = []
    for row, (chip, face) in enumerate(zip(chips, result, strict=False)):
        answers = (_answer(classifiers[model], each[row]) for model, each in said.items())
        crop = shrink(crop_face(image, face.box), max_side_px=_CROP_SIDE_PX)
        faces.append(ComparedFace(encode_image(crop), encode_image(chip, kind="png"), tuple(answers)))
    framed = shrink(draw(image, result, words=None), max_side_px=_SHOWN_SIDE_PX)
    return Comparison(name, encode_image(framed), tuple(faces), len(result))


def _answer(classifier: EmotionClassifier, probs: Array) -> Answer:
    card = classifier.card
    return Answer(card.name, dict(zip(card.labels.names, map(float, probs), strict=True)), card.threshold)


def looked_at(face: ComparedFace, answer: Answer, classifier: EmotionClassifier) -> bytes:
    """Return as PNG what a network's answer to a face hangs on."""
    chip = read_image(face.chip_png)[..., 0]
    return encode_image(heat_picture(chip, heat_map(classifier.predict, chip, answer.label)), kind="png")
