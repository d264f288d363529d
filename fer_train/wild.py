"""Workshop. Figures of the whole path, from photo to label, on the half of the labelled photos that reports.

Units: shares in [0, 1]; a missed face is a wrong answer. Intervals are over people, each drawn with all of their photos: two
photos of one person tell less than photos of two.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from fer_core import FER2013, InputError
from fer_train import intervals, metrics
from fer_train.answers import Predict, ask_mirrored
from fer_train.figures import by_class
from fer_train.intervals import by_person, interval, plain, resampled_people
from fer_train.photos import FoundPhotos, agreement, covered_classes

Array = npt.NDArray[Any]


def photo_counts(said: Array, truth: Array) -> Array:
    """Return (7, 8) int counts: a row a label, a column an answer, the last column the missed faces (`said` -1)."""
    missed = np.bincount(truth[said < 0], minlength=len(FER2013))
    return np.column_stack([metrics.confusion(said, truth, len(FER2013)), missed])


def photo_figures(predict: Predict, found: FoundPhotos) -> dict[str, Any]:
    """Return the figures of labelled photos with their faces found; contempt is left out.

    Raises:
        InputError: no photo falls into the half that reports.
    """
    said = found.answers(ask_mirrored(predict, found.chips()).argmax(axis=1))  # as the app answers for a photo
    half = ~found.chooses
    if not half.any():
        raise InputError(f"expected photos of the half that reports, got {len(half)} that choose; add more photos")
    people, covered = found.people[half], covered_classes(found.truth[half])
    tables = by_person(lambda rows: photo_counts(said[half][rows], found.truth[half][rows]), people)
    counts, drawn = tables.sum(axis=0), resampled_people(tables)
    return {
        "n": int(half.sum()),
        "people": len(tables),
        "of_people_who_chose": plain(np.isin(people, found.people[found.chooses]).mean()),
        "agreement": interval(intervals.accuracy, counts, drawn),
        "macro_recall": interval(lambda table: np.nanmean(intervals.recalls(table)[..., covered], axis=-1), counts, drawn),
        "macro_recall_over": [FER2013.names[k] for k in covered],
        "missed": plain((said[half] < 0).mean()),
        "agreement_of_the_choosing_half": plain(agreement(said[~half], found.truth[~half])[0]) if found.chooses.any() else None,
        "labels": list(FER2013.names),
        "per_class": by_class(counts, FER2013.names, drawn),
        "confusion": counts.tolist(),
    }
