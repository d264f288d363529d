"""Adapter. What all visitors share: networks, loaded once a process and warmed before the first photo."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, cast

import streamlit as st

from fer_app.heap import bound_heap
from fer_app.hosting.limits import NAMES as HOSTING_NAMES
from fer_app.hosting.limits import read_limits, read_token
from fer_app.hosting.service import Service
from fer_app.live import capacity
from fer_app.live.ice import NAMES as ICE_NAMES
from fer_app.live.ice import SettingsError
from fer_app.live.providers import ice_servers
from fer_app.live.turn_check import TurnAnswer, ask_all
from fer_core import Analyzer, ModelCard, ModelError, Options, available_engines, load_analyzer
from fer_core.analyze import DEFAULT_MODEL, Engine
from fer_core.cards import MODELS_FOLDER, read_card
from fer_core.classify import EmotionClassifier
from fer_core.estimate import LiteRtAges
from fer_core.haar import HaarDetector, has_haar

HAAR = "haar"
_FOLDER = Path(__file__).parent
SAMPLES = tuple(_FOLDER / "samples" / name for name in ("astronaut.jpg", "four_ways.jpg"))
LOGO = _FOLDER / "assets" / "logo.svg"
ICON = _FOLDER / "assets" / "icon.svg"
STYLE = _FOLDER / "assets" / "style.css"


@st.cache_resource(show_spinner=False)
def loaded(engine: str) -> Analyzer:
    """Return an engine's analyzer of the usual knobs; all others of that engine share its networks.

    Raises:
        ModelError: a model file is missing or altered, or the engine is not installed.
    """
    return load_analyzer(engine=cast("Engine", engine))


@st.cache_resource(max_entries=6, show_spinner=False)
def analyzer(min_face_px: int, engine: str) -> Analyzer:
    """Return the analyzer for these settings, warm; every visitor gets the same one, which is safe between threads.

    Raises:
        ModelError: a model file is missing or altered, or the engine is not installed.
    """
    options = Options(min_face_px=min_face_px, max_faces=service().limits.faces)
    found = loaded(live_engine() if engine == HAAR else engine).with_options(options)
    if engine == HAAR:
        found = Analyzer(HaarDetector(options), found.classifier)
    found.warm_up()
    return found


def engines() -> tuple[str, ...]:
    """Return the engines that can be chosen here, the preferred one first; the last may be faces by the Haar cascade."""
    installed = available_engines() or ("fast",)  # which then says what is missing
    return (*installed, HAAR) if has_haar() else installed


@st.cache_resource(show_spinner=False)
def classifiers() -> dict[str, EmotionClassifier]:
    """Return every expression network that ships, by its name, the one that the screens use first.

    Raises:
        ModelError: a model file is missing or altered.
    """
    names = sorted(
        (path.parent.name for path in MODELS_FOLDER.glob("[!.]*/model.tflite")), key=lambda name: name != DEFAULT_MODEL
    )
    used = {DEFAULT_MODEL: loaded(live_engine()).classifier}
    return {name: used.get(name) or load_analyzer(engine=live_engine(), model=name).classifier for name in names}


def card() -> ModelCard:
    """Return the card of the model that the screens use.

    Raises:
        ModelError: it is missing or cannot be read.
    """
    return read_card(MODELS_FOLDER / DEFAULT_MODEL)


def has_ages() -> bool:
    """Return whether a model of ages ships; an installation may leave it out."""
    return (MODELS_FOLDER / "ages" / "card.json").is_file()


@st.cache_resource(show_spinner=False)
def ages() -> LiteRtAges:
    """Return what says how old faces look, for visitors who ask for it; every one gets the same.

    Raises:
        ModelError: a file is missing or altered.
    """
    return LiteRtAges(MODELS_FOLDER / "ages")


class IceSetup(NamedTuple):
    """The ICE servers of this installation, or the operator's sentence on why there are none."""

    servers: tuple[dict[str, str], ...]
    problem: str = ""


@st.cache_data(ttl=300, show_spinner=False)
def _ice_servers() -> tuple[dict[str, str], ...]:
    return tuple(ice_servers(_settings(ICE_NAMES)))


@st.cache_data(ttl=10, show_spinner=False)
def ice_setup() -> IceSetup:
    """Return the ICE servers that secrets or environment give: asked for anew every five minutes, of a day's credentials.

    A provider that does not answer is asked again after ten seconds.
    """
    try:
        return IceSetup(_ice_servers())
    except SettingsError as fault:
        extra = {"mien": {"problem": str(fault)}}
        logging.getLogger(__name__).warning("live video is not set up: %s", fault, extra=extra)
        return IceSetup((), str(fault))


def _settings(names: Iterable[str]) -> dict[str, str]:
    """Return the settings by name; those in secrets.toml go before those in the environment."""
    secrets = st.secrets if st.secrets.load_if_toml_exists() else {}
    found = {name: secrets.get(name, os.environ.get(name)) for name in names}
    return {name: str(value).strip() for name, value in found.items() if value}


def live_engine() -> Engine:
    """Return the engine that is quick enough for live video, or the only one there is."""
    installed = available_engines()
    return installed[0] if installed else "fast"


@st.cache_data(ttl=30, show_spinner=False)
def turn_answers() -> list[TurnAnswer]:
    """Return what the TURN servers answer; asked at most twice a minute, whoever asks."""
    return ask_all(ice_setup().servers)


@st.cache_resource(show_spinner=False)
def service() -> Service:
    """Return what all visitors share besides the networks; settings are read once a process."""
    bound_heap()  # here, since the server's first page asks for this, before there are threads of visitors
    limits, problems = read_limits(_settings(HOSTING_NAMES))
    for problem in problems:
        logging.getLogger(__name__).warning("a limit keeps its default: %s", problem, extra={"mien": {"problem": problem}})
    return Service(limits, _measured_seats, problems)


def _measured_seats() -> int:
    try:
        loaded = analyzer(Options().min_face_px, live_engine())
    except ModelError:
        return 1  # there is no live video then, and the screens say so
    return capacity.seats(capacity.frame_ms(loaded, SAMPLES[0]), capacity.cores())


def operator_token() -> str:
    """Return the operator's token; empty where none is set.

    Raises:
        SettingsError: it could be guessed.
    """
    return read_token(_settings(HOSTING_NAMES))
