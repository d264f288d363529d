"""By how much one of two models is ahead on the same faces."""

import shutil

import numpy as np
import pytest

from fer_core.cards import MODELS_FOLDER, read_card
from fer_train.intervals import interval
from fer_train.versus import _counts, ahead, lead, of_today


def test_a_lead_counts_only_faces_on_which_one_alone_is_right():
    first, second = (np.array([bool(int(bit)) for bit in bits]) for bits in ("11110000", "11001000"))
    counts = _counts(first, second)
    assert counts.tolist() == [[2, 2], [1, 3]]
    assert lead(counts) == pytest.approx(first.mean() - second.mean())
    assert lead(counts.T) == -lead(counts)


def test_a_lead_over_a_file_that_ships_no_more_is_not_told(tmp_path):
    for name in ("small", "tiny"):
        shutil.copytree(MODELS_FOLDER / name, tmp_path / name)
    rows = [{"model": name, "sha256": read_card(tmp_path / name).sha256["model.tflite"]} for name in ("small", "tiny")]
    assert of_today(rows, tmp_path) == rows
    card = tmp_path / "tiny" / "card.json"
    card.write_text(card.read_text().replace(rows[1]["sha256"], "0" * 64))
    assert of_today(rows, tmp_path) == rows[:1]
    shutil.rmtree(tmp_path / "small")
    assert of_today(rows, tmp_path) == []


def test_a_lead_on_several_photos_of_a_person_is_known_less_well_than_on_as_many_people():
    first, second = (np.repeat([bool(int(bit)) for bit in bits * 5], 8) for bits in ("11110000", "11001000"))
    by_photo, by_person = ahead(first, second), ahead(first, second, np.repeat(np.arange(40).astype(str), 8))
    assert by_photo["value"] == by_person["value"] == pytest.approx(first.mean() - second.mean())
    widths = [found["high"] - found["low"] for found in (by_person, by_photo)]
    assert widths[0] == pytest.approx(widths[1] * np.sqrt(8), rel=0.1)


def test_the_interval_of_a_lead_is_that_of_paired_faces():
    counts = np.array([[2000, 120], [80, 800]])
    found, n = interval(lead, counts), counts.sum()
    spread = np.sqrt((120 + 80) / n - (40 / n) ** 2) / np.sqrt(n)  # of a mean of -1, 0 and 1
    assert found["value"] == pytest.approx(40 / n, abs=1e-4)
    assert found["high"] - found["low"] == pytest.approx(2 * 1.96 * spread, rel=0.1)
