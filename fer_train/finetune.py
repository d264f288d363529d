"""Workshop. Carries a shipped model on with one's own labelled faces, on a CPU in minutes.

What is trained is the answer that people see: both heads through the joint layer, which stays as it is. The convolutions
stay as well, and so do all batch statistics: a network whose convolutions learn from a few hundred faces answers no better
on people whom it never met (`bench/finetuning.py`). The source's own answers are a share of the target, so that the model
forgets little of what it knew (Li & Hoiem 2017).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from fer_core import InputError
from fer_train import clean
from fer_train.augment import Augmentation
from fer_train.batches import FaceBatches
from fer_train.card import shipped_beginning
from fer_train.config import Config, Finetuning, Schedule
from fer_train.data import FaceTable, save_table
from fer_train.lesson import Heads, lesson_of, taught_by
from fer_train.networks import every_layer
from fer_train.pool import Pool, write_pool
from fer_train.runs import AGREEMENT, begin
from fer_train.serving import network_inside, served_model
from fer_train.sight import Sight
from fer_train.splits import with_public_test
from fer_train.tables import write_text
from fer_train.train import Exam, compile_heads, fit

Array = npt.NDArray[Any]
FEWEST = 20  # held-out faces below which a figure says nothing
CONVOLUTIONS = (layers.Conv2D, layers.SeparableConv2D, layers.DepthwiseConv2D)


def config_for(name: str, source: str, *, epochs: int = 10) -> Config:
    """Return the config of a fine-tuning; `bench/finetuning.py` measures it beside others."""
    schedule = Schedule(
        epochs=epochs,
        warmup_epochs=min(1.0, epochs / 4),
        batch=16,
        peak_rate=0.005,
        weight_decay=0.0,
        ema=0.95,
        precision="float32",
    )
    return Config(name=name, schedule=schedule, augmentation=Augmentation(), finetuning=Finetuning(source=source))


def source_of(folder: Path) -> tuple[keras.Model, Pool]:
    """Return a shipped model's two-headed network, and how it joins the heads; the temperature is in the weights already."""
    served = served_model(folder)
    kernel, bias = served.get_layer("pool").get_weights()
    return network_inside(served), Pool(np.asarray(kernel), np.asarray(bias))


def freeze(network: keras.Model, share: float) -> None:
    """Let the first share of a network's convolutions, and every batch statistic, stay as they are, in place."""
    convolutions = [layer for layer in every_layer(network) if isinstance(layer, CONVOLUTIONS)]
    still = {id(layer) for layer in convolutions[: round(share * len(convolutions))]}
    for layer in every_layer(network):
        layer.trainable = id(layer) not in still and not isinstance(layer, layers.BatchNormalization)


def answering(network: keras.Model, pool: Pool) -> keras.Model:
    """Wrap a network so that its "fer2013" output is the joint answer's logits; "ferplus" stays what it was."""
    chips = keras.Input((48, 48, 1), name="chips")
    heads = network(chips)
    logs = [layers.Activation("log_softmax", name=f"log_{name}")(heads[name]) for name in ("fer2013", "ferplus")]
    joint = layers.Dense(len(pool.bias), trainable=False, name="fer2013")
    outputs = {"fer2013": joint(layers.Concatenate()(logs)), "ferplus": heads["ferplus"]}
    joint.set_weights([pool.kernel, pool.bias])
    return keras.Model(chips, outputs, name="answering")


def answers_of(model: keras.Model, images: Array) -> Heads:
    """Return a model's probabilities of (N, 48, 48) uint8 chips, by head, float32."""
    logits = model.predict(images[..., None].astype(np.float32), batch_size=256, verbose=0)
    return {head: keras.ops.convert_to_numpy(keras.ops.softmax(value)) for head, value in logits.items()}


def _need_faces(table: FaceTable, rows: clean.Cleaning, batch: int) -> None:
    """Refuse too few faces, those that stand in a part which is kept from the training not counted, and faces of one class."""
    held, taught = int(rows.choose.sum()), int(rows.teach.sum())
    if held < FEWEST or taught < batch or len(np.unique(table.labels)) < 2:
        need = f"{FEWEST} faces or more to hold back, {batch} others or more to learn from, and two classes or more"
        came = f"{held}, {taught} and {len(np.unique(table.labels))}"
        raise InputError(f"expected {need}, got {came}; label more faces, of more moments: frames of one clip stay together")


def finetune(config: Config, models: Path, faces: FaceTable, run: Path, *, verbose: str | int = 0) -> list[dict[str, Any]]:
    """Carry a shipped model on, or go on with the run of that folder.

    Args:
        config: what to train; `finetuning.source` is the shipped model's name.
        models: where models ship from.
        faces: labelled chips; without PublicTest rows a share is held back as such, and PrivateTest rows choose nothing.
        run: the run's folder: best.keras, pool.json, faces.npz, config.toml, which is all that `export` asks for, and
            agreement.json, what is returned, which `export` passes on.
        verbose: Keras' progress bar.

    Returns:
        A row for the faces held back, and one for a test folder: n, and the accuracy before and after.

    Raises:
        InputError: there are too few faces; or the run was begun with other faces, another source or another recipe.
        ModelError: the source is missing or altered.
    """
    knobs, schedule = config.finetuning, config.schedule
    if not (faces.usage == "PublicTest").any():
        faces = with_public_test(faces, knobs.held, schedule.seed)
    rows = clean.clean(faces)
    _need_faces(faces, rows, schedule.batch)
    keras.utils.set_random_seed(schedule.seed)
    keras.mixed_precision.set_global_policy("float32")
    network, pool = source_of(models / knobs.source)
    weights = (*network.get_weights(), pool.kernel, pool.bias)
    begin(run, config, faces.read, weights, started=[shipped_beginning(models / knobs.source)])
    save_table(run / "faces.npz", faces)
    write_pool(run / "pool.json", pool)
    model, before = answering(network, pool), _agreements(answering(network, pool), faces)
    freeze(network, knobs.frozen)
    teach, held = faces[rows.teach], faces[rows.choose]
    lesson = taught_by(lesson_of(teach, rows.trust_label[rows.teach]), answers_of(model, teach.images), knobs.keep)
    batches = FaceBatches(Sight.plain(teach.images), lesson, schedule, config.augmentation)
    compile_heads(model, schedule, len(batches))
    exam = Exam(Sight.plain(held.images), lesson_of(held, rows.trust_label[rows.choose]))
    fit(model, batches, exam, run, epochs=schedule.epochs, verbose=verbose)
    after = _agreements(keras.models.load_model(run / "best.keras", compile=False), faces)
    found = [{"faces": part, "n": n, "before": before[part][1], "after": after[part][1]} for part, (n, _) in before.items()]
    write_text(run / AGREEMENT, json.dumps(found, indent=1) + "\n")
    return found


def _agreements(model: keras.Model, faces: FaceTable) -> dict[str, tuple[int, float]]:
    """Return how many faces are held back, and in a test folder, and how many of them a model names as they are labelled."""
    parts = {"held back": faces.split("PublicTest"), "in the test folder": faces.split("PrivateTest")}
    return {
        name: (len(part), round(float((answers_of(model, part.images)["fer2013"].argmax(axis=1) == part.labels).mean()), 4))
        for name, part in parts.items()
        if len(part)
    }
