"""Adapter. Picture → result: detect, cut chips, classify; ages where asked for. Stateless, and safe between threads."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from fer_core.cards import MODELS_FOLDER, ModelCard
from fer_core.classify import EmotionClassifier, LiteRtClassifier, predict_both_sides
from fer_core.closeup import CloseUpDetector
from fer_core.detect import FaceDetector, FaceRefiner, MtcnnDetector
from fer_core.errors import InputError, ModelError
from fer_core.estimate import AgeEstimator, LiteRtAges
from fer_core.options import Options
from fer_core.preprocess import face_chips
from fer_core.types import Faces, FrameResult

Array = npt.NDArray[Any]
Engine = Literal["fast", "reference"]
DEFAULT_MODEL = "mien"


class Analyzer:
    """A detector and a classifier behind one verb.

    Args:
        detector: finds the faces.
        classifier: says what they look like.
        ages: says how old they look; nobody does if omitted.
    """

    def __init__(self, detector: FaceDetector, classifier: EmotionClassifier, ages: AgeEstimator | None = None) -> None:
        self.detector, self.classifier, self.ages = detector, classifier, ages

    @property
    def options(self) -> Options:
        """The knobs of the search for faces."""
        return self.detector.options

    @property
    def card(self) -> ModelCard:
        """The card of the emotion model."""
        return self.classifier.card

    def analyze(self, image: Array) -> FrameResult:
        """Find the faces of a picture and what each looks like.

        Args:
            image: (H, W, 3) uint8, RGB.

        Returns:
            The result, with time 0 and index 0; no face is a result with N = 0.

        Raises:
            InputError: the image is not RGB uint8.
        """
        return self._result(image, self.detector.detect)

    def analyze_near(self, image: Array, boxes: Array) -> FrameResult:
        """Find the faces about places where they are expected, and what each looks like; many times as fast as `analyze`.

        Args:
            image: (H, W, 3) uint8, RGB.
            boxes: (M, 4) float, pixels: where faces were in the picture before, or should be by now.

        Returns:
            The result as `analyze` gives it; faces elsewhere are missed, except by detectors that always search everywhere.

        Raises:
            InputError: the image is not RGB uint8, or the boxes have another shape.
        """
        refiner = self.detector
        if not isinstance(refiner, FaceRefiner):
            return self.analyze(image)
        return self._result(image, lambda picture: refiner.refine(picture, boxes))

    def with_options(self, options: Options) -> Analyzer:
        """Return an analyzer with other knobs and the same networks; nothing is loaded."""
        return Analyzer(_looking(self.detector.with_options(options)), self.classifier, self.ages)

    def with_ages(self, ages: AgeEstimator | None) -> Analyzer:
        """Return an analyzer that also says how old faces look, or no longer does; nothing is loaded."""
        return Analyzer(self.detector, self.classifier, ages)

    def _result(self, image: Array, find: Callable[[Array], Faces]) -> FrameResult:
        began = time.perf_counter()
        faces = find(image)
        chips = face_chips(image, faces)
        emotions = predict_both_sides(self.classifier, chips) if self.options.both_sides else self.classifier.predict(chips)
        ages = self.ages.estimate(image, faces) if self.ages else None
        return FrameResult(faces, emotions, cost_ms=1000 * (time.perf_counter() - began), ages=ages)

    def warm_up(self) -> None:
        """Run the networks that every picture meets, so that the first visitor does not wait for them."""
        blank = np.zeros((96, 96, 3), np.uint8)
        self.detector.detect(blank)
        self.classifier.predict(np.zeros((1, 48, 48), np.uint8))
        if self.ages:
            self.ages.estimate(blank, Faces(np.array([[24, 24, 72, 72]]), np.ones(1), np.full((1, 5, 2), np.nan), (96, 96)))


def available_engines() -> tuple[Engine, ...]:
    """Return the engines whose packages are installed, the preferred one first."""
    has = {name: importlib.util.find_spec(name) is not None for name in ("ai_edge_litert", "tensorflow", "mtcnn")}
    engines: list[Engine] = ["fast"] if has["ai_edge_litert"] else []
    return (*engines, "reference") if has["tensorflow"] and has["mtcnn"] else tuple(engines)


def load_analyzer(
    options: Options | None = None,
    *,
    engine: Engine | None = None,
    model: str = DEFAULT_MODEL,
    ages: bool = False,
    models: Path = MODELS_FOLDER,
) -> Analyzer:
    """Load an analyzer; share one per process.

    Args:
        options: the knobs; the defaults if omitted.
        engine: "fast" (LiteRT) or "reference" (the mtcnn package and Keras on TensorFlow); the first that is
            installed if omitted.
        model: the name of a folder under `models`.
        ages: also estimate how old faces look, on LiteRT whatever the engine.
        models: where the models lie.

    Raises:
        InputError: no such engine or model name.
        ModelError: the engine's packages are not installed, or a model file is missing or altered.
    """
    options = options or Options()
    if engine not in (None, "fast", "reference"):
        raise InputError(f"engine must be 'fast' or 'reference', got {engine!r}; leave it out for the best one here")
    installed = available_engines()
    chosen = engine or (installed[0] if installed else "fast")
    if chosen not in installed:
        needs = "ai-edge-litert" if chosen == "fast" else "tensorflow and mtcnn"
        raise ModelError(f"the {chosen} engine needs {needs}, which this Python lacks; run pip install -r requirements.txt")
    detector, classifier = _parts(chosen, options, _model_folder(models, model), models)
    return Analyzer(_looking(detector), classifier, LiteRtAges(models / "ages") if ages else None)


def _looking(detector: FaceDetector) -> FaceDetector:
    """Return a detector that looks a second time if its knobs say so."""
    return CloseUpDetector(detector) if detector.options.close_ups else detector


def _parts(engine: Engine, options: Options, folder: Path, models: Path) -> tuple[FaceDetector, EmotionClassifier]:
    if engine == "fast":
        return MtcnnDetector(options, folder=models / "mtcnn"), LiteRtClassifier(folder)
    from fer_core.reference import KerasClassifier, ReferenceDetector

    return ReferenceDetector(options), KerasClassifier(folder)


def _model_folder(models: Path, model: str) -> Path:
    known = sorted(path.parent.name for path in models.glob("*/model.tflite"))
    if model not in known:
        raise InputError(f"model must be one of {', '.join(known) or 'none (the folder is empty)'}, got {model!r}; choose one")
    return models / model
