"""Workshop. Keeps a run so that a kill at any moment loses at most the epoch under way.

The state is one file that is replaced in one step; the optimizer's own count of steps in it says how many epochs are
behind. What an epoch wrote before a kill (its line of the curves, a best model) is done anew with that epoch. The best
model is kept under its epoch's number until that epoch is behind.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import keras

from fer_train.tables import read_curves, write_rows

CHOOSES_BY = "fer2013_accuracy"


class Progress(keras.callbacks.Callback):
    """Writes a run's curves, its best averaged weights, and its state; and takes a run up again.

    Must stand before `SwapEMAWeights` in the list of callbacks: it keeps the averaged weights when a validation ends, and
    the raw ones at an epoch's end.

    Args:
        run: the run's folder; made if missing.
        chooses_by: the metric that says which weights are the best; the larger the better.
    """

    def __init__(self, run: Path, *, chooses_by: str = CHOOSES_BY) -> None:
        super().__init__()
        self._run, self._chooses_by = run, chooses_by
        self._best, self._curves = -1.0, list[dict[str, Any]]()

    @property
    def _state(self) -> Path:
        return self._run / "backup" / "latest.weights.h5"

    def resume(self, model: keras.Model, steps: int) -> int:
        """Load the state of the run into a compiled model, and return how many epochs of `steps` steps are behind it."""
        self._state.parent.mkdir(parents=True, exist_ok=True)
        done = 0
        if self._state.is_file():
            model.optimizer.build(model.trainable_variables)
            model.load_weights(self._state)
            done = int(keras.ops.convert_to_numpy(model.optimizer.iterations)) // steps
        self._curves = [row for row in read_curves(self._run / "curves.csv") if int(row["epoch"]) < done]
        self._best = max((float(row[f"val_{self._chooses_by}"]) for row in self._curves), default=-1.0)
        self.settle(epochs=done)
        return done

    def settle(self, *, epochs: int) -> None:
        """Let the best weights of so many finished epochs be best.keras; those of an epoch that is done anew go."""
        for path in self._run.glob("best.*.keras"):
            if int(path.suffixes[0].lstrip(".")) < epochs:
                os.replace(path, self._run / "best.keras")
            else:
                path.unlink()

    def on_test_end(self, logs: dict[str, float] | None = None) -> None:
        """Keep the averaged weights if none were better."""
        said = (logs or {}).get(self._chooses_by, 0.0)
        if said > self._best:
            self._best = said
            self.model.save(self._run / f"best.{len(self._curves)}.keras")

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Write the curves, then the state, then the best weights if this epoch has them."""
        self._curves.append({"epoch": epoch, **{name: float(value) for name, value in sorted((logs or {}).items())}})
        write_rows(self._run / "curves.csv", self._curves)
        part = self._state.with_name("part.weights.h5")
        self.model.save_weights(part)
        os.replace(part, self._state)
        self.settle(epochs=epoch + 1)
