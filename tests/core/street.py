"""Who walks where in facenet_video.mp4 (a street, 1920x1080, 4.2 s), put down by eye: time, middle x, middle y, mean side."""

import collections

import numpy as np

HIDDEN = (np.nan,) * 4  # from the place before until the place after it nobody sees this face
PEOPLE = {
    "man who leaves on the right": [(0.0, 1485, 565, 115)],
    "woman who crosses the picture": [(0.0, 335, 770, 110), (0.8, 1055, 840, 115), (1.36, 1625, 870, 105)],
    "boy in blue": [
        *((0.0, 945, 675, 75), (0.28, 945, 670, 75), (0.56, 995, 710, 75), (0.76, 1020, 695, 75), (1.0, 1015, 740, 75)),
        *((1.28, 1015, 725, 80), (1.56, 1045, 765, 80), (1.76, 1030, 740, 80), (2.0, 985, 765, 85), (2.2, 955, 720, 85)),
        *((2.48, 955, 745, 95), (2.64, 945, 710, 95), (3.24, 840, 705, 100), (3.4, 835, 745, 105), (3.68, 820, 705, 105)),
        *((3.92, 790, 740, 110), (4.16, 795, 700, 115)),
    ],
    "red-haired boy": [
        *((0.0, 705, 595, 70), (0.32, 755, 615, 75), (0.6, 755, 630, 70), (1.12, 670, 620, 80), (1.44, 660, 685, 75)),
        *((1.72, 640, 655, 80), (2.04, 590, 685, 80), (2.28, 570, 650, 80), (2.52, 560, 680, 80), (2.92, 550, 650, 85)),
        *((3.12, 510, 685, 85), (3.44, 490, 625, 95), (3.8, 485, 660, 95), (4.0, 425, 635, 100)),
    ],
    "woman with white hair": [
        *((0.0, 310, 655, 60), (0.84, 310, 720, 60), (1.12, 295, 700, 70), (1.84, 255, 730, 70), (2.16, 235, 695, 75)),
        *((3.0, 220, 710, 80), (3.72, 260, 705, 80)),
    ],
    "gray-haired man, hidden for 0.8 s": [
        *(
            (0.0, 1100, 635, 50),
            (0.6, 1120, 660, 50),
            (1.08, 1100, 690, 50),
            HIDDEN,
            (1.92, 1103, 692, 50),
            (2.48, 1095, 705, 55),
            (2.72, 1090, 690, 55),
        ),
        *((3.48, 1145, 685, 55), (4.16, 1140, 695, 50)),
    ],
    "woman in red, hidden for 2.4 s": [
        *((0.0, 885, 645, 40), (0.56, 935, 675, 40), (1.2, 950, 710, 40), HIDDEN),
        *((3.68, 910, 700, 45), (4.16, 945, 705, 45)),
    ],
    "woman on the telephone": [
        *((0.04, 1340, 670, 30), (0.36, 1340, 680, 25), (0.96, 1380, 710, 30), (1.36, 1390, 725, 30), (3.4, 1360, 725, 35)),
    ],
    "man with glasses": [
        *((1.92, 1155, 730, 60), (2.4, 1150, 725, 55), (3.08, 1200, 715, 60), (3.6, 1180, 710, 60), (4.16, 1205, 710, 65)),
    ],
    "bald man": [(2.68, 1520, 710, 50), (2.8, 1505, 700, 45)],
}


def who_is_at(box, time_s):
    """Return the person whose face a box is at a time; None where nobody is near."""
    middle, found = (box[:2] + box[2:]) / 2, {}
    for name, whole in PEOPLE.items():
        gaps = np.flatnonzero(np.isnan(np.array(whole)[:, 0]))
        for path in np.split(np.array(whole), gaps):
            times, *places = path[~np.isnan(path[:, 0])].T
            if times[0] - 0.15 <= time_s <= times[-1] + 0.15:
                x, y, side = (np.interp(time_s, times, place) for place in places)
                found[name] = np.hypot(middle[0] - x, middle[1] - y) / side
    name = min(found, key=found.get, default=None)
    return name if name is not None and found[name] < 0.8 else None


def numbers_of_people(results, who=who_is_at):
    """Return person → numbers in the order of time."""
    numbers = collections.defaultdict(list)
    for result in results:
        for box, number in zip(result.faces.boxes, result.faces.track_ids.tolist(), strict=True):
            numbers[who(box, result.time_s)].append(number)
    return numbers
