"""Adapter. The visitor's language: each module of texts, looked up in that language whenever one of its names is used.

English is the source of names: the modules `fer_app.text*`. Another language is a folder of `fer_app.languages` that mirrors them
and is named by its tag; what it lacks is English. Nothing is looked up on import, where there is no visitor yet.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from fer_app import keys, languages

ENGLISH = "en"
_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")
_KEPT: ContextVar[str | None] = ContextVar("language", default=None)


@cache
def names() -> Mapping[str, str]:
    """Return what each language calls itself, by its tag; English is the first."""
    tags = [folder.name for folder in pkgutil.iter_modules(languages.__path__)]
    return MappingProxyType({ENGLISH: "English"} | {tag: import_module(f"{languages.__name__}.{tag}").NAME for tag in tags})


def current() -> str:
    """Return the tag of the visitor's language: the chosen one, else the browser's; English where no visitor asks."""
    if kept := _KEPT.get():
        return kept
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    return str(st.session_state.get(keys.LANGUAGE) or of_browser())


def of_browser() -> str:
    """Return the tag of the language that the visitor's browser asks for, where Mien has it; else English."""
    tag = (st.context.locale or ENGLISH).split("-")[0].lower()
    return tag if tag in names() else ENGLISH


def keeping(call: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """Return a call that speaks the language of now, whenever it is made: on a click, or in a thread, outside of any page."""
    language = current()

    def spoken(*args: _Given.args, **kwargs: _Given.kwargs) -> _Made:
        token = _KEPT.set(language)
        try:
            return call(*args, **kwargs)
        finally:
            _KEPT.reset(token)

    return spoken


class Words:
    """An English module of texts, as the visitor reads it."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever has that name in the English module
        translated = _module(current(), self._module)
        return getattr(translated if hasattr(translated, name) else _module(ENGLISH, self._module), name)


@cache
def _module(language: str, name: str) -> ModuleType:
    translated = f"{languages.__name__}.{language}.{name}"
    return import_module(translated if language != ENGLISH and find_spec(translated) else f"fer_app.{name}")


if TYPE_CHECKING:  # to a type checker each is its English module
    from fer_app import (
        text,
        text_about,
        text_ages,
        text_compare,
        text_history,
        text_hosting,
        text_live,
        text_model,
        text_operator,
        text_systems,
        text_video,
    )
else:
    text, text_about, text_ages = Words("text"), Words("text_about"), Words("text_ages")
    text_compare, text_history = Words("text_compare"), Words("text_history")
    text_hosting, text_live = Words("text_hosting"), Words("text_live")
    text_model, text_operator = Words("text_model"), Words("text_operator")
    text_systems, text_video = Words("text_systems"), Words("text_video")
