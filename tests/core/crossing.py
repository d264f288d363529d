"""Pictures in which real faces go along given paths before a real background, and who is where in them."""

import cv2
import numpy as np

from fer_core.boxes import iou_matrix
from fer_core.types import Frame

SIZE_WH = (640, 480)


def head(image, box, side_px):
    """Return a face with the hair around it at a size, (h, w, 3) uint8, and its (h, w, 1) oval, 0..1."""
    centre, half = (box[:2] + box[2:]) / 2, 0.8 * (box[3] - box[1])
    (x0, y0), (x1, y1) = np.maximum(0, centre - half).astype(int), (centre + half).astype(int)
    scale = side_px / (box[2:] - box[:2]).mean()
    cut = cv2.resize(image[y0:y1, x0:x1], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    oval = np.zeros(cut.shape[:2], np.float32)
    h, w = oval.shape
    cv2.ellipse(oval, ((w / 2, h / 2), (0.8 * w, 0.96 * h), 0), 1.0, -1, cv2.LINE_AA)
    return cut, cv2.GaussianBlur(oval, (9, 9), 0)[..., None]


def placed(picture, cut, oval, centre):
    """Paint a head into a picture, in place, as far as it lies inside."""
    h, w = cut.shape[:2]
    x0, y0 = round(centre[0] - w / 2), round(centre[1] - h / 2)
    rows, columns = slice(max(0, y0), max(0, y0 + h)), slice(max(0, x0), max(0, x0 + w))
    under = picture[rows, columns].astype(np.float32)
    top, left = rows.start - y0, columns.start - x0
    part = slice(top, top + under.shape[0]), slice(left, left + under.shape[1])
    picture[rows, columns] = under + (cut[part] - under) * oval[part]


def scene(background, heads, paths, times_s):
    """Yield the frame at each time; later heads hide earlier ones.

    Args:
        background: (480, 640, 3) uint8.
        heads: name → function of the frame's number that gives a head and its oval.
        paths: name → function of the time that gives the middle, or None where the person is away.
        times_s: increasing.
    """
    for index, time_s in enumerate(times_s):
        picture = background.copy()
        for name, of in heads.items():
            if (centre := paths[name](time_s)) is not None:
                placed(picture, *of(index), centre)
        yield Frame(picture, float(time_s), index)


def owners(result, paths, side_px):
    """Return number → name for the faces of a result that lie on exactly one person's path."""
    found = {}
    for box, number in zip(result.faces.boxes, result.faces.track_ids.tolist(), strict=True):
        centres = {name: path(result.time_s) for name, path in paths.items()}
        squares = {
            n: [c[0] - side_px / 2, c[1] - side_px / 2, c[0] + side_px / 2, c[1] + side_px / 2] for n, c in centres.items() if c
        }
        near = [n for n, square in squares.items() if iou_matrix(box[None], np.array([square]))[0, 0] > 0.25]
        if len(near) == 1:
            found[number] = near[0]
    return found
