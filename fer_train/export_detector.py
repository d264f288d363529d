"""Workshop. The mtcnn package's three networks → LiteRT files with a card; the same bytes from every fresh process."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from fer_train.tables import write_text

FREE_SIZE: dict[str, tuple[int | None, ...]] = {
    "pnet": (1, None, None, 3),  # one picture of any height and width
    "rnet": (None, 24, 24, 3),
    "onet": (None, 48, 48, 3),
}


def export_detector(target: Path) -> None:
    """Convert P-Net, R-Net and O-Net as they are, and write their card.

    Keras numbers the networks that a process makes, and the files hold these names: make no other ones before.

    Args:
        target: the folder to write pnet.tflite, rnet.tflite, onet.tflite and card.json to; made if missing.
    """
    from mtcnn import MTCNN

    target.mkdir(parents=True, exist_ok=True)
    sha256 = {}
    for name, stage in zip(FREE_SIZE, MTCNN().stages, strict=True):
        content = _converted(stage.model, FREE_SIZE[name])
        (target / f"{name}.tflite").write_bytes(content)
        sha256[f"{name}.tflite"] = hashlib.sha256(content).hexdigest()
    text = json.dumps(_card(sha256), indent=2, ensure_ascii=False) + "\n"
    write_text(target / "card.json", text)


def _converted(model: Any, shape: tuple[int | None, ...]) -> bytes:  # noqa: ANN401 - a keras model
    """Return a network as the bytes of a float32 .tflite file."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    signature = [tf.TensorSpec(shape, tf.float32)]
    graph = tf.function(lambda batch: model(batch), input_signature=signature).get_concrete_function()
    # The converter leaves Keras 3 variables out of the file unless they are made constants first.
    frozen = convert_variables_to_constants_v2(graph)
    content: bytes = tf.lite.TFLiteConverter.from_concrete_functions([frozen], model).convert()
    return content


def _card(sha256: dict[str, str]) -> dict[str, Any]:
    return {
        "name": "mtcnn",
        "labels": ["face"],
        "sha256": sha256,
        "threshold": 0.0,
        "temperature": 1.0,
        "input": {"dtype": "float32", "range": [-1, 1], "colour": "RGB", "sizes": FREE_SIZE},
        "training": {
            "source": "the weights of the mtcnn package 1.0.0, unchanged",
            "licence": "MIT, Copyright (c) 2019-2024 Iván de Paz Centeno",
            "paper": "Zhang, Zhang, Li, Qiao: Joint Face Detection and Alignment Using Multitask Cascaded "
            "Convolutional Networks, IEEE Signal Processing Letters 23(10), 2016",
            "made_by": "python -m fer_train export detector",
        },
        "metrics": {"written_to": "docs/bench/detector.json by python -m fer_train.bench"},
        "limits": [
            "Misses faces seen from the side or behind, faces turned by more than about 45 degrees, and faces of fewer pixels "
            "than it is told to look for.",
            "Takes some patterns, statues and drawings for faces.",
            "Says where a face is, and nothing about whose it is.",
        ],
    }
