"""Workshop. Which test pictures look like one that taught, moved by a pixel or encoded anew: FER2013 holds many.

Copies of the same pixels are dropped from the training (`clean.py`). These are not: every published figure was reached with
them, and what they are worth is said beside the figures in place of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from fer_train import clean
from fer_train.data import FaceTable

Array = npt.NDArray[Any]
CORRELATION = 0.95  # of all pixels; the pairs just above it are the same photo, by eye
LARGEST = 5000  # so many pictures are held against each other in some seconds
_BLOCK = 256


def _standardised(images: Array) -> Array:
    """Return (N, P) float32 rows of mean 0 and length 1; an even picture is all zeros."""
    rows = images.reshape(len(images), -1).astype(np.float32)
    rows -= rows.mean(axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6))


def likeness(images: Array, others: Array) -> Array:
    """Return how alike each picture is to the most alike of others, or of their mirror images.

    Args:
        images: (N, H, W) uint8.
        others: (M, H, W) uint8.

    Returns:
        (N,) float32, the largest correlation of pixels, -1..1; -1 where there are no others.
    """
    found = np.full(len(images), -1, np.float32)
    if not len(others) or not len(images):
        return found
    for start, alike in _correlations(images, others):
        found[start : start + len(alike)] = alike.max(axis=1)
    return found


def alike_groups(images: Array) -> Array:
    """Return (N,) int group numbers: pictures that are all but copies share one, and so do copies of copies.

    Frames of one clip are such. Of more than `LARGEST` pictures only those of the same pixels are found.

    Args:
        images: (N, H, W) uint8.
    """
    same = clean.pixel_groups(images)
    if not 0 < len(images) <= LARGEST:
        return same
    pictures = images[np.unique(same, return_index=True)[1]]
    alike = sparse.vstack([sparse.csr_array(block >= CORRELATION) for _, block in _correlations(pictures, pictures)])
    return np.asarray(sparse.csgraph.connected_components(alike, directed=False)[1][same])


def _correlations(images: Array, others: Array) -> Iterator[tuple[int, Array]]:
    """Yield (n, M) float32 correlations of some pictures, and of their mirror images, with all others; and the first's row."""
    theirs = _standardised(others)
    for start in range(0, len(images), _BLOCK):
        mine = images[start : start + _BLOCK]
        plain, mirrored = (_standardised(views) @ theirs.T for views in (mine, mine[:, :, ::-1]))
        yield start, np.maximum(plain, mirrored)


def near_copies(table: FaceTable) -> Array:
    """Return (N,) bool: which PrivateTest pictures are all but copies of one that may teach."""
    return likeness(table.split("PrivateTest").images, table.images[clean.clean(table).teach]) >= CORRELATION
