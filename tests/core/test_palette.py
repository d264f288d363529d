"""Colours and icons: one per label, keyed by name, apart for every eye."""

import itertools

import numpy as np
import pytest
from skimage.color import rgb2lab

from fer_core.labels import FER2013, FERPLUS, FERPLUS_AS_FER2013
from fer_core.palette import COLOURS, ICONS, NOT_SURE, colour_hex, icon, ink_on, luminance, shown_label

# Machado, Oliveira and Fernandes 2009, full severity, on linear RGB.
EYES = {
    "usual": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
}


def lab_as_seen(hex_colour, eye):
    rgb = np.array([int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = (EYES[eye] @ linear).clip(0, 1)
    return rgb2lab(np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055))


def test_every_label_has_a_colour_and_an_icon_of_its_own():
    for table in (COLOURS, ICONS):
        assert set(table) >= {*FER2013.names, NOT_SURE}
        assert len(set(table.values())) == len(table)


@pytest.mark.parametrize("eye", EYES)
def test_the_seven_colours_stay_apart_for_colour_blind_eyes(eye):
    labs = [lab_as_seen(COLOURS[name], eye) for name in FER2013.names]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(labs, 2)) > 10


def test_fer_plus_names_share_the_colours_of_fer2013_names():
    assert [colour_hex(name) for name in FERPLUS_AS_FER2013] == [COLOURS[name] for name in FERPLUS_AS_FER2013.values()]
    assert len({colour_hex(name) for name in FERPLUS.names}) == 8


def test_an_unknown_name_is_shown_as_not_sure_and_does_not_fail():
    assert (colour_hex("bored"), icon("bored")) == (COLOURS[NOT_SURE], ICONS[NOT_SURE])


@pytest.mark.parametrize("colour", COLOURS.values())
def test_text_on_a_label_colour_has_enough_contrast(colour):
    light, dark = sorted([luminance(colour), luminance(ink_on(colour))], reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_not_sure_is_said_below_the_limit_and_not_at_it():
    assert shown_label("sad", 0.39, not_sure_below=0.4) == NOT_SURE
    assert shown_label("sad", 0.4, not_sure_below=0.4) == "sad"
    assert shown_label("sad", 0.0, not_sure_below=0.0) == "sad"
