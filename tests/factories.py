"""Values for tests: faces, results and timelines made of chance, the same for the same number."""

import numpy as np

from fer_core.labels import FER2013
from fer_core.timeline import Timeline
from fer_core.types import Emotions, Faces, FrameResult

SIZE_WH = (640, 480)


def make_faces(n=2, *, size_wh=SIZE_WH, track_ids=None, number=0):
    """Return n faces with boxes and landmarks inside a picture of this size."""
    rng = np.random.default_rng(number)
    size = np.array(size_wh, np.float32)
    corner = rng.uniform(0, 0.6, (n, 2)) * size
    side = rng.uniform(0.1, 0.35, (n, 1)) * size.min()
    boxes = np.concatenate([corner, corner + side], axis=1)
    spots = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]])
    landmarks = corner[:, None] + spots * side[:, None]
    return Faces(boxes, rng.uniform(0.9, 1, n), landmarks, size_wh, track_ids)


def make_emotions(n=2, *, labels=FER2013, number=0):
    """Return the perceived expressions of n faces."""
    return Emotions(np.random.default_rng(number).dirichlet(np.ones(len(labels)), n).reshape(n, len(labels)), labels)


def make_result(n=2, *, index=0, time_s=0.0, labels=FER2013, size_wh=SIZE_WH, track_ids=None, number=0):
    """Return what was perceived in a picture with n faces."""
    faces = make_faces(n, size_wh=size_wh, track_ids=track_ids, number=number)
    return FrameResult(faces, make_emotions(n, labels=labels, number=number), index, time_s)


def make_timeline(faces_per_picture=(2, 0, 1), *, sources=None, labels=FER2013, number=0):
    """Return the timeline of pictures with so many faces each."""
    results = [make_result(n, index=i, time_s=i / 25, labels=labels, number=number + i) for i, n in enumerate(faces_per_picture)]
    return Timeline.of(results, sources or ["clip.mp4"] * len(results), labels=labels)
