"""Mien's vision library: bytes → faces → perceived expressions → timeline."""

from fer_core.analyze import Analyzer, available_engines, load_analyzer
from fer_core.annotate import Annotation, annotate_video
from fer_core.blur import blur_faces
from fer_core.cards import ModelCard
from fer_core.draw import draw
from fer_core.errors import FerError, InputError, MediaError, ModelError, StreamError, WriteError
from fer_core.export import from_csv, from_json, to_csv, to_json
from fer_core.labels import FER2013, FERPLUS, LabelSet
from fer_core.media import read_image
from fer_core.options import Options
from fer_core.parquet import from_parquet, to_parquet
from fer_core.people import Person
from fer_core.preprocess import face_chips
from fer_core.session import Session
from fer_core.stream import Stream
from fer_core.timeline import Timeline
from fer_core.types import Emotions, Faces, FaceView, Frame, FrameResult
from fer_core.video import VideoInfo, probe_video, read_video, write_video

__all__ = [
    "FER2013",
    "FERPLUS",
    "Analyzer",
    "Annotation",
    "Emotions",
    "FaceView",
    "Faces",
    "FerError",
    "Frame",
    "FrameResult",
    "InputError",
    "LabelSet",
    "MediaError",
    "ModelCard",
    "ModelError",
    "Options",
    "Person",
    "Session",
    "Stream",
    "StreamError",
    "Timeline",
    "VideoInfo",
    "WriteError",
    "annotate_video",
    "available_engines",
    "blur_faces",
    "draw",
    "face_chips",
    "from_csv",
    "from_json",
    "from_parquet",
    "load_analyzer",
    "probe_video",
    "read_image",
    "read_video",
    "to_csv",
    "to_json",
    "to_parquet",
    "write_video",
]
