"""Workshop. A trained run → a model's folder: the Keras file, the LiteRT file, and the card that vouches for both."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import keras
from scipy.special import softmax

from fer_core.cards import read_card
from fer_core.classify import LiteRtClassifier
from fer_train import card, clean, metrics
from fer_train.config import Config
from fer_train.convert import Exam, conversions, shipped
from fer_train.data import FaceTable
from fer_train.pool import Pool, read_pool
from fer_train.report_readme import readme
from fer_train.results import write_results
from fer_train.serving import head_logs, serving_model, trained_network
from fer_train.tables import write_text


def calibrate(network: keras.Model, pool: Pool, table: FaceTable, sure_accuracy: float) -> tuple[Pool, float]:
    """Fit on PublicTest: the temperature, and the "not sure" threshold at which answers reach an accuracy."""
    chosen = clean.choosing(table)
    logits = pool.logits(head_logs(network, chosen.images))
    temperature = round(metrics.fit_temperature(logits, chosen.labels), 4)
    threshold = metrics.threshold_for(softmax(logits / temperature, axis=1), chosen.labels, sure_accuracy)
    return dataclasses.replace(pool, temperature=temperature), round(threshold, 3)


def exam_of(folder: Path, table: FaceTable) -> Exam:
    """Return PublicTest with what the folder's Keras file, read back from disk, serves for it."""
    rows, may = table.usage == "PublicTest", clean.clean(table)
    public, choose = table[rows], (may.choose & may.trust_label)[rows]
    model = keras.models.load_model(folder / "model.keras", compile=False)
    slow = model.predict(public.images[..., None], batch_size=256, verbose=0)["probs"]
    return Exam(public.images, public.labels, choose, slow)


def export(config: Config, table: FaceTable, run: Path, folder: Path) -> dict[str, Any]:
    """Ship a run's best weights as a model's folder: model.keras, model.tflite, card.json and README.md.

    All are made and read back elsewhere first, so that a failure leaves the folder as it was. What was measured of the
    network that stood there before goes away with it.

    Returns:
        The figures of the LiteRT file that ships; the card has those of each that was tried, under metrics.litert.

    Raises:
        InputError: the run is missing, another recipe or other faces trained it, or its heads are not joined as they are now.
        ModelError: no converted file repeats the Keras file.
    """
    network = trained_network(config, run, table)
    pool, threshold = calibrate(network, read_pool(run / "pool.json", run / "best.keras"), table, config.serving.sure_accuracy)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as unfinished:
        made = Path(unfinished)
        serving_model(network, pool).save(made / "model.keras")
        found = conversions(serving_model(network, pool, batch=1), config.serving.precision, exam_of(made, table))
        chosen = shipped(found)
        (made / "model.tflite").write_bytes(chosen.content)
        values = card.describe(config, table, run, pool=pool, threshold=threshold)
        values["metrics"]["litert"] = [{**conversion.row(), "shipped": conversion is chosen} for conversion in found]
        card.write_card(made, values)
        LiteRtClassifier(made)  # what was written is what the app will read
        write_text(made / "README.md", readme(read_card(made)))
        for path in (folder / "evaluation.json", *folder.glob("*.png")):  # first: they tell of no other network
            path.unlink(missing_ok=True)
        card.move_model(made, folder)
    write_results(folder.parent)
    return chosen.row()
