"""Every language says all that English says, and each visitor reads the one that the browser asks for, or that was chosen."""

from __future__ import annotations

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from fer_app import exports, keys, language, languages, report_page, text, text_history
from fer_app.languages.fr import text as french
from fer_app.languages.fr import text_history as french_history
from fer_app.languages.fr import text_live as french_live
from tests.app.test_live_screen import ROOT, shown, sound, video

__all__ = ["video"]  # a fixture
MODULES = sorted(path.stem for path in Path(text.__file__).parent.glob("text*.py"))
OTHERS = [tag for tag in language.names() if tag != language.ENGLISH]
EACH = [(tag, module) for tag in OTHERS for module in MODULES]
# Names that are the same in every language, and stand in English alone.
SHARED = {
    "text": {"APP_NAME", "DOWNLOAD_CSV", "DOWNLOAD_JSON", "ICONS", "NOT_SURE_ICON", "percent"},
    "text_history": {
        *("OVERVIEW", "TIME", "NOTES", "COMPARE", "RECORDINGS", "KIND_ICONS"),
        *("thousands", "span", "clock", "seconds_of", "points"),
    },
    "text_hosting": {"ms"},
    "text_live": {"DOWNLOAD_CSV", "DOWNLOAD_JSON", "length"},
    "text_model": {"MIEN", "count", "out_of_100", "short"},
    "text_systems": {"NONE"},
    "text_video": {"DOWNLOAD_CSV", "DOWNLOAD_JSON", "clock", "ended"},
}
# Words that French and English have in common.
SAME_WORDS = {
    "fr": {
        *("Photo", "Photos", "Expression", "Expressions", "Source", "Sources", "Note", "note", "Notes", ":material/flag: Notes"),
        *("Moment", "Visible", "Sessions", "surprise", "possible", "CSV", "JSON", "JPEG", "FER2013", "FER+", "–"),
    },
}
UNITS = re.compile(r"[\d, ]+")  # the numbers of action units


def both(tag: str, module: str) -> tuple[ModuleType, ModuleType]:
    return import_module(f"fer_app.{module}"), import_module(f"{languages.__name__}.{tag}.{module}")


def public(module: ModuleType) -> set[str]:
    """The names that a module gives to what it holds, without what it imports."""
    names: set[str] = set()
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return {name for name in names if not name.startswith("_")}


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | tuple):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from leaves(part)


def shape(value: object) -> object:
    """What a text is made of, without its words."""
    if isinstance(value, FunctionType):
        return inspect.signature(value)
    if isinstance(value, Mapping):
        return {key: shape(part) for key, part in value.items()}
    return tuple(shape(part) for part in value) if isinstance(value, tuple) else type(value)


def said(function: FunctionType, number: int) -> str:
    """What a function of texts says where every number that it is given is this one."""
    given = {
        **dict.fromkeys(("int", "float", "float | None", "int | None"), number),
        "str": "photo",
        "list[str]": ["photo"] * number,
        "Sequence[str]": ["udp"] * number,
        "Sequence[bool]": [False],
        "bool": True,
        "tuple[int, int]": (640, 480),
        "Mapping[str, float]": {"happy": number / 2, "sad": number / 4},
        "Mapping[float, float]": {number / 2: number / 4},
        "Mapping[str, str]": defaultdict(lambda: "photo"),
    }
    return function(**{name: given[given_as.annotation] for name, given_as in inspect.signature(function).parameters.items()})


def numbers(words: str) -> list[str]:
    grouped = re.sub(r"(?<=\d)[\u00a0\u202f](?=\d)", "", words)
    return sorted(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d)", ".", grouped)))


def functions(module: ModuleType) -> dict[str, FunctionType]:
    return {name: value for name in public(module) if isinstance(value := getattr(module, name), FunctionType)}


@pytest.mark.parametrize(("tag", "module"), EACH)
def test_every_english_name_is_there_with_the_same_shape_and_no_other(tag, module):
    english, other = both(tag, module)
    assert public(english) - public(other) == SHARED.get(module, set())
    assert public(other) <= public(english)
    for name in public(other):
        assert shape(getattr(other, name)) == shape(getattr(english, name)), name


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize(("tag", "module"), EACH)
def test_sentences_hold_the_same_numbers_as_in_english(tag, module, number):
    english, other = both(tag, module)
    for name, function in functions(other).items():
        here, there = said(function, number), said(getattr(english, name), number)
        assert numbers(here) == numbers(there), (name, here, there)


@pytest.mark.parametrize(("tag", "module"), EACH)
def test_nothing_is_left_in_english(tag, module):
    english, other = both(tag, module)
    for name in public(other):
        pairs = zip(leaves(getattr(other, name)), leaves(getattr(english, name)), strict=True)
        same = {here for here, there in pairs if here == there and not UNITS.fullmatch(here)}
        assert same <= SAME_WORDS.get(tag, set()), name


@pytest.mark.parametrize("module", MODULES)
def test_french_has_a_space_that_does_not_break_before_its_high_signs(module):
    _, other = both("fr", module)
    sentences = [words for name in public(other) for words in leaves(getattr(other, name))]
    sentences += [said(function, 2) for function in functions(other).values()]
    assert not [words for words in sentences if re.search(r" [;?!»]| %(?!{)| :(?!material/)|« ", words)]


def test_french_counts_none_and_one_alike():
    assert [french.photos_kept(count) for count in (0, 1, 2)] == ["0 photo", "1 photo", "2 photos"]
    assert [french.faces_found(count) for count in (0, 1, 2)] == ["Aucun visage", "1 visage", "2 visages"]
    assert [french_live.more_people(count) for count in (1, 2)] == ["et 1 personne de plus", "et 2 personnes de plus"]
    assert [french_history.people(count) for count in (0, 1, 2)] == ["0 personne", "1 personne", "2 personnes"]


def test_french_says_what_a_face_looks_like_never_what_somebody_is():
    assert french.looks_like("happy", 0.9, 0.4) == "Semble\u00a0: joie"
    assert french.looks_like("happy", 0.3, 0.4) == "Pas sûr"
    assert french_live.looks("sad") == "semble\u00a0: tristesse"
    assert french_history.most_often({"not sure": 1.0}) == "le plus souvent\u00a0: pas sûr"


# -- looking a text up


@pytest.fixture
def in_french(monkeypatch):
    monkeypatch.setattr(language, "current", lambda: "fr")


def test_a_name_is_looked_up_when_it_is_used(monkeypatch):
    assert language.text.TITLE == text.TITLE
    monkeypatch.setattr(language, "current", lambda: "fr")
    assert language.text.TITLE == french.TITLE
    assert language.text_live.visible(2) == french_live.visible(2)


def test_what_is_not_translated_is_english(in_french, monkeypatch):
    assert language.text.ICONS is text.ICONS
    assert language.text_history.clock is text_history.clock
    monkeypatch.delattr(french, "TITLE")
    assert language.text.TITLE == text.TITLE


def test_a_name_that_english_has_not_is_an_error(in_french):
    with pytest.raises(AttributeError, match="NO_SUCH_TEXT"):
        _ = language.text.NO_SUCH_TEXT


def test_outside_of_every_page_it_is_english():
    assert language.current() == language.ENGLISH
    with ThreadPoolExecutor() as threads:
        assert threads.submit(lambda: language.text.TITLE).result() == text.TITLE


def test_a_call_that_is_made_later_keeps_the_language_in_which_it_was_asked_for(monkeypatch):
    with monkeypatch.context() as asked:
        asked.setattr(language, "current", lambda: "fr")
        report = language.keeping(lambda: report_page.report_page(language.text_history.REPORT_TITLE, "", []))
    with ThreadPoolExecutor() as threads:
        page = threads.submit(report).result().decode()
    assert '<html lang="fr">' in page
    assert french_history.REPORT_TITLE in page
    assert language.current() == language.ENGLISH


# -- the screens


def visit(locale: str | None = None) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    app.context["locale"] = locale
    return sound(app.run())


def choose(app: AppTest, tag: str) -> AppTest:
    app.button_group(key=keys.LANGUAGE).set_value(tag)
    return sound(app.run())


def read_by_the_visitor(app: AppTest) -> set[str]:
    """Every text and every label of a page."""
    buttons = {button.label for button in (*app.button, *app.get("button_group"), *app.file_uploader)}
    return {*shown(app).splitlines(), *(element.value for element in app.info), *buttons}


def every_english_text() -> set[str]:
    modules = [import_module(f"fer_app.{module}") for module in MODULES]
    texts = {words for module in modules for name in public(module) for words in leaves(getattr(module, name))}
    return texts - SAME_WORDS["fr"] - {text.APP_NAME}


@pytest.mark.model
@pytest.mark.parametrize(
    ("page", "module", "title"),
    [
        ("photo", "text", "TITLE"),
        ("video", "text_video", "TITLE"),
        ("live", "text_live", "TITLE"),
        ("history", "text_history", "TITLE"),
        ("models", "text_compare", "TITLE"),
        ("about", "text_about", "ABOUT_TITLE"),
        ("operator", "text_hosting", "TITLE"),
    ],
)
def test_who_chooses_french_reads_french_on_every_screen(video, page, module, title):
    app = sound(choose(visit(), "fr").switch_page(f"fer_app/screens/{page}.py").run())
    _, other = both("fr", module)
    assert [element.value for element in app.title] == [getattr(other, title)]
    assert not every_english_text() & read_by_the_visitor(app)


@pytest.mark.model
@pytest.mark.parametrize(
    ("locale", "title"), [("fr-CA", french.TITLE), ("fr", french.TITLE), ("de-DE", text.TITLE), (None, text.TITLE)]
)
def test_where_nothing_was_chosen_the_browser_decides(locale, title):
    assert [element.value for element in visit(locale).title] == [title]


@pytest.mark.model
def test_a_choice_goes_before_the_browser_and_can_be_taken_back():
    app = choose(visit("fr-FR"), "en")
    assert [element.value for element in app.title] == [text.TITLE]
    assert [element.value for element in choose(app, "fr").title] == [french.TITLE]


@pytest.mark.model
def test_two_visitors_read_two_languages():
    assert visit("fr-FR").title[0].value == french.TITLE
    assert visit("en-GB").title[0].value == text.TITLE


@pytest.mark.model
def test_a_face_is_told_in_french_and_its_files_stay_as_they_are():
    app = visit("fr-FR")
    app.button(key="try_astronaut").click()
    sound(app.run())
    assert french.looks_like("happy", 1.0, 0.4) in app.subheader[0].value
    assert "joie" in list(app.table[0].value[french.EXPRESSION])
    assert b"happy" in exports.csv_of(app.session_state.album.photos)


@pytest.mark.model
def test_switching_keeps_settings_and_the_view():
    app = visit()
    app.button(key="try_astronaut").click()
    app.button_group(key=keys.MIN_FACE).set_value(80)
    sound(app.run())
    choose(app, "fr")
    assert app.session_state[keys.MIN_FACE] == 80
    sound(app.switch_page("fer_app/screens/history.py").run())
    app.button_group(key=keys.HISTORY_VIEW).set_value(text_history.RECORDINGS)
    sound(app.run())
    assert choose(app, "en").title[0].value == text_history.TITLE
    assert app.session_state[keys.HISTORY_VIEW] == text_history.RECORDINGS
