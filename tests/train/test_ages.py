"""The workshop of ages: the split, the lesson, the figures, and the steps from pictures to a model's folder."""

import csv
import json
import os

import cv2
import numpy as np
import pytest

from fer_core import InputError
from fer_core.ages import MOST_YEARS, Ages
from fer_train.ages import measuring
from fer_train.ages.people import PARTS, People, part_of, without_copies
from tests.core.test_ages import certain
from tests.train.test_progress import PowerCutError


def someone(years, *, part="reports", found=True):
    """People of these ages; a face is a disc as bright as its person is old."""
    n = len(years)
    images = np.zeros((n, 64, 64), np.uint8)
    for image, age in zip(images, years, strict=True):
        cv2.circle(image, (32, 32), 20, int(60 + 2 * age), -1)
    boxes = np.tile([8, 8, 56, 56], (n, 1)).astype(np.float32) if found else np.full((n, 4), np.nan, np.float32)
    codes = np.array(["0"] * n)
    return People(images, boxes, np.array(years), codes, codes, np.array([part] * n))


def joined(*some):
    names = ("images", "boxes", "years", "gender", "ethnicity", "part")
    return People(**{name: np.concatenate([getattr(people, name) for people in some]) for name in names})


def test_a_name_decides_the_part_and_eight_tenths_teach():
    parts = [part_of(f"{i}_0_0_2017.png") for i in range(5000)]
    shares = [parts.count(part) / 5000 for part in PARTS]
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.02)
    assert part_of("26_1_0_20170116184024662.png") == part_of("26_1_0_20170116184024662.png")


def test_figures_say_what_is_off_for_whom_and_what_guessing_is_worth():
    people = joined(someone([20, 20, 40], part="teaches"), someone([20, 30, 60]), someone([50], found=False))
    found = measuring.measure(lambda some: certain(25, 30, 48), people)
    assert found["n"] == 3
    assert found["years_off"]["value"] == pytest.approx((5 + 0 + 12) / 3, abs=1e-3)
    assert found["same_range"]["value"] == pytest.approx(2 / 3, abs=1e-3)
    assert found["within_one_range"]["value"] == pytest.approx(2 / 3, abs=1e-3)  # 48 for 60 is two ranges off
    assert found["missed"] == pytest.approx(1 / 4)
    assert found["guessing_the_median"] == pytest.approx((0 + 10 + 40) / 3, abs=1e-3), "of the same faces"
    sixties = next(row for row in found["groups"] if row["group"] == "60-69")
    assert (sixties["n"], sixties["years_off"], sixties["looks_older_by"]) == (1, 12, -12)
    assert found["years_off"]["low"] <= found["years_off"]["value"] <= found["years_off"]["high"]


@pytest.mark.reference
def test_a_lesson_is_a_bell_about_the_age():
    from fer_train.ages.learning import targets

    bells = targets(np.array([0, 35, MOST_YEARS]))
    assert bells.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert bells.argmax(axis=1).tolist() == [0, 35, MOST_YEARS]
    assert Ages(bells).years[1] == pytest.approx(35, abs=0.01)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    """A folder in which a small network of ages was trained, shipped and measured."""
    from fer_train.ages import learning, shipping
    from fer_train.augment import STILL
    from fer_train.config import Config, Network, Schedule

    folder, rng = tmp_path_factory.mktemp("ages"), np.random.default_rng(0)
    parts = {"teaches": 120, "chooses": 24, "reports": 24}
    people = joined(*(someone(list(rng.integers(1, 90, n)), part=part) for part, n in parts.items()), someone([9], found=False))
    shape = Network(widths=(4, 8), depths=(1, 1), dropout=0.0, flatness=1e-3, standardise=False)
    schedule = Schedule(epochs=2, warmup_epochs=0.5, batch=24, ema=0.5, precision="float32")
    config = Config(name="ages", network=shape, schedule=schedule, augmentation=STILL)
    from fer_core.estimate import AGE_CROP

    learning.train(config, people, folder / "run", crop=AGE_CROP, verbose=0)
    chosen = shipping.export(config, people, folder / "run", folder / "models" / "ages")
    return folder, people, config, chosen, shipping.evaluate(people, folder / "models" / "ages")


@pytest.mark.reference
def test_what_was_trained_ships_with_a_card_that_its_readme_repeats(workshop):
    folder, _, _, chosen, headline = workshop
    shipped = folder / "models" / "ages"
    card = json.loads((shipped / "card.json").read_text())
    assert [row["precision"] for row in card["metrics"]["litert"] if row["shipped"]] == [chosen["precision"]]
    assert card["metrics"]["UTKFace"]["n"] == headline["n"] == 24
    assert card["training"]["rows"] == {"teaches": 120, "chooses": 24, "reports": 24, "no face found": 1}
    assert card["training"]["epochs_completed"] == 2
    readme = (shipped / "README.md").read_text()
    assert f"{headline['years_off']['value']:.1f} (" in readme
    assert "non-commercial" in readme


@pytest.mark.reference
def test_a_run_goes_on_after_a_cut_and_is_judged_by_closeness(workshop, tmp_path, monkeypatch):
    from fer_core.estimate import AGE_CROP
    from fer_train.ages import learning

    _, people, config, _, _ = workshop
    moves, replace = [], os.replace

    def failing(source, target):
        moves.append(target)
        if len(moves) > 3:  # the best model, the curves and the state of the first epoch are written
            raise PowerCutError
        replace(source, target)

    monkeypatch.setattr("fer_train.progress.os.replace", failing)
    monkeypatch.setattr("fer_train.runs.write_text", lambda path, text: path.write_text(text))  # moves of epochs alone count
    with pytest.raises(PowerCutError):
        learning.train(config, people, tmp_path, crop=AGE_CROP, verbose=0)
    monkeypatch.undo()
    assert (tmp_path / "backup" / "latest.weights.h5").is_file()
    learning.train(config, people, tmp_path, crop=AGE_CROP, verbose=0)
    with (tmp_path / "curves.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["0", "1"]
    assert all(0 <= float(row["val_closeness"]) <= 1 for row in rows)
    with pytest.raises(InputError, match="other faces"):
        learning.train(config, people[np.arange(len(people)) > 0], tmp_path, crop=AGE_CROP, verbose=0)


@pytest.mark.reference
def test_shipping_needs_a_run(tmp_path):
    from fer_train.ages import shipping
    from fer_train.config import Config

    people = joined(someone([5], part="teaches"), someone([6], part="chooses"))
    with pytest.raises(InputError, match=r"no best\.keras; train it first"):
        shipping.export(Config(name="ages"), people, tmp_path, tmp_path)


def test_a_folder_without_utkface_is_refused(tmp_path):
    from fer_train.ages.people import find_people

    with pytest.raises(InputError, match=r"utkface\.csv"):
        find_people(tmp_path, None)


def test_whose_picture_an_earlier_part_holds_neither_chooses_nor_reports():
    ages = {"teaches": [20, 21], "chooses": [20, 30, 40], "reports": [21, 30, 50, 50]}
    people = joined(*(someone(years, part=part) for part, years in ages.items()))
    for row, age in enumerate(people.years):  # of one age: the same picture
        people.images[row] = np.random.default_rng(age).integers(0, 256, (64, 64))
    people.images[2] = people.images[2] // 2 + 60  # in other light
    people.images[5] = people.images[5, :, ::-1]
    left = without_copies(people)
    assert {part: left.years[left.part == part].tolist() for part in PARTS} == {
        "teaches": [20, 21],
        "chooses": [30, 40],
        "reports": [50, 50],
    }


def test_pictures_are_read_as_the_detector_finds_them(tmp_path):
    from skimage import data

    from fer_core.detect import MtcnnDetector
    from fer_train.ages.people import kept_people

    (tmp_path / "utkface").mkdir()
    face = cv2.resize(cv2.cvtColor(data.astronaut()[40:200, 145:305], cv2.COLOR_RGB2GRAY), (64, 64), interpolation=cv2.INTER_AREA)
    for name, picture in {"35_1_0_a.png": face, "8_0_0_b.png": np.zeros((64, 64), np.uint8)}.items():
        cv2.imwrite(str(tmp_path / "utkface" / name), picture)
    (tmp_path / "utkface.csv").write_text("name,age,gender,ethnicity\n35_1_0_a.png,35,1,0\n8_0_0_b.png,120,0,0\n")
    people = kept_people(tmp_path, MtcnnDetector())
    assert people.found.tolist() == [True, False]
    assert people.years.tolist() == [35, MOST_YEARS]
    kept = kept_people(tmp_path, None)  # searched once: what was found lies beside the pictures
    assert np.array_equal(kept.boxes, people.boxes, equal_nan=True)


@pytest.mark.model
@pytest.mark.data
def test_the_card_says_what_the_file_that_ships_answers(found_people):
    from fer_core.estimate import AGE_CROP, LiteRtAges
    from fer_train.ages.people import kept_people

    estimator = LiteRtAges()
    found = measuring.measure(lambda some: estimator.of_chips(some.chips(AGE_CROP)), kept_people(found_people, None))
    said = estimator.card.metrics["UTKFace"]
    assert (found["n"], found["missed"]) == (said["n"], said["missed"])
    for figure in ("years_off", "within_one_range", "same_range"):
        assert found[figure]["value"] == pytest.approx(said[figure]["value"], rel=0.01)
