"""The house rules: which room may import what, what an import may cost, and how files begin."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STANDARD = set(sys.stdlib_module_names)

# What each room may import at all; inside functions of the files named below, more.
MAY_IMPORT = {
    "fer_core": {"numpy", "cv2", "PIL", "pillow_heif", "av", "ai_edge_litert", "fer_core"},
    "fer_app": {"streamlit", "plotly", "numpy", "fer_core", "fer_app"},
    "fer_train": {
        *("keras", "tensorflow", "keras_tuner", "mtcnn", "ai_edge_litert", "numpy", "cv2", "sklearn", "scipy", "plotly"),
        *("jinja2", "matplotlib", "rich", "psutil", "cpuinfo", "skimage", "playwright", "av", "fer_core", "fer_train"),
    },
}
ONLY_IN = {
    "dlib": {"fer_train/landmarks.py", "fer_train/bench/rivals.py"},
    "distributed": {"fer_core/batch.py"},
    "pyarrow": {"fer_core/parquet.py"},
    "tensorflow": {"fer_core/reference.py"},
    "keras": {"fer_core/reference.py"},
    "mtcnn": {"fer_core/reference.py"},
    "streamlit_webrtc": {"fer_app/live/camera.py"},
    "av": {"fer_app/live/codec.py", "fer_app/live/painter.py"},
    "aiortc": {"fer_app/live/camera.py", "fer_app/live/capacity.py", "fer_app/live/codec.py", "fer_app/live/turn_check.py"},
    "pandas": {"fer_app/__init__.py"},
    "prometheus_client": {"fer_app/hosting/metrics.py"},
    "aioice": {"fer_app/live/turn_check.py"},
    "streamlit": {"fer_train/bench/visitor.py"},
    "websockets": {"fer_train/bench/wire.py"},
}
ROOM_WORDS = ("Pure.", "State.", "Screen.", "Callback.", "Adapter.", "Workshop.")


def sources(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def all_sources() -> list[Path]:
    return [path for room in MAY_IMPORT for path in sources(room)]


def imports(node: ast.AST) -> set[str]:
    """Return the top-level packages that a tree imports; `import fer_core.draw` counts as fer_core."""
    found = set()
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            found |= {alias.name.split(".")[0] for alias in child.names}
        elif isinstance(child, ast.ImportFrom):
            found.add((child.module or "").split(".")[0])
    return found


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", all_sources(), ids=name_of)
def test_each_room_imports_only_what_it_may(path):
    room = path.relative_to(ROOT).parts[0]
    extra = {package for package, files in ONLY_IN.items() if name_of(path) in files}
    assert imports(ast.parse(path.read_text(encoding="utf-8"))) - STANDARD <= MAY_IMPORT[room] | extra


@pytest.mark.parametrize("path", sources("fer_core"), ids=name_of)
def test_the_core_imports_heavy_packages_inside_functions_only(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    at_top = ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], [])
    assert not imports(at_top) & {"tensorflow", "keras", "mtcnn", "ai_edge_litert", "streamlit", "pyarrow", "distributed"}


def test_the_arrow_test_sees_a_forbidden_import():
    assert imports(ast.parse("def f():\n    import streamlit.web")) - STANDARD - MAY_IMPORT["fer_core"] == {"streamlit"}


@pytest.mark.parametrize("path", all_sources(), ids=name_of)
def test_each_file_says_its_room_first(path):
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    exempt = path.name == "__init__.py"
    assert exempt or docstring.startswith(ROOM_WORDS)


@pytest.mark.parametrize("path", all_sources(), ids=name_of)
def test_files_and_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 250
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert length <= 40, f"{node.name} has {length} lines"


def test_the_router_and_the_screens_stay_thin():
    assert len((ROOT / "streamlit_app.py").read_text(encoding="utf-8").splitlines()) <= 40
    for path in (ROOT / "fer_app" / "screens").glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 80, path.name


def imported_words(tree: ast.Module) -> tuple[set[str], set[str]]:
    """Return what a file calls the texts that it imports: those in the visitor's language, and those in English."""
    spoken: set[str] = set()
    english: set[str] = set()
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)):
        names = {alias.asname or alias.name for alias in node.names if alias.name.startswith("text")}
        spoken |= names if node.module == "fer_app.language" else set()
        english |= names if node.module == "fer_app" else set()
        english |= {node.module or ""} if (node.module or "").startswith("fer_app.text") else set()
    return spoken, english


def used_on_import(tree: ast.AST, names: set[str]) -> set[str]:
    """Return which names are used where no function has been called yet: decorators and defaults are, bodies are not."""
    if isinstance(tree, ast.Name):
        return {tree.id} & names if isinstance(tree.ctx, ast.Load) else set()
    inner = ast.iter_child_nodes(tree)
    if isinstance(tree, ast.FunctionDef):
        inner = iter([*tree.decorator_list, tree.args])
    return set().union(*(used_on_import(child, names) for child in inner)) if not isinstance(tree, ast.Lambda) else set()


SPEAKS_ENGLISH = {"fer_app/language.py", "fer_app/film/truth.py"}  # the catalogue, and the labels of a file, which are data


@pytest.mark.parametrize("path", sources("fer_app"), ids=name_of)
def test_texts_are_looked_up_in_the_visitor_s_language_and_never_on_import(path):
    name, tree = name_of(path), ast.parse(path.read_text(encoding="utf-8"))
    spoken, english = imported_words(tree)
    if not name.startswith(("fer_app/text", "fer_app/languages/")) and name not in SPEAKS_ENGLISH:
        assert not english
    if not name.startswith("fer_app/screens/"):  # these run once for each visitor
        assert not used_on_import(tree, spoken)


def test_the_language_test_sees_a_text_that_is_used_on_import():
    tree = ast.parse("from fer_app.language import text\n@f(text.A)\ndef g(a=text.B):\n    return text.C")
    assert used_on_import(tree, imported_words(tree)[0]) == {"text"}
    later = ast.parse("from fer_app.language import text\ndef g():\n    return text.C")
    assert not used_on_import(later, imported_words(later)[0])
    plain = ast.parse("from fer_app import text\nfrom fer_app.text import LOOKS")
    assert imported_words(plain) == (set(), {"text", "fer_app.text"})


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)


def test_the_core_works_where_tensorflow_and_streamlit_cannot_be_imported():
    code = """
import sys
for name in ("tensorflow", "keras", "mtcnn", "streamlit", "plotly"):
    sys.modules[name] = None
import numpy as np
import fer_core as fer
result = fer.load_analyzer(engine="fast").analyze(np.zeros((120, 160, 3), np.uint8))
assert len(result) == 0
"""
    done = run_python(code)
    assert done.returncode == 0, done.stderr


def test_importing_the_core_loads_nothing_heavy():
    heavy = ("tensorflow", "keras", "mtcnn", "streamlit", "plotly", "pandas", "ai_edge_litert", "pyarrow", "distributed")
    done = run_python(f"import sys, fer_core; print([m for m in {heavy!r} if m in sys.modules])")
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_public_names_are_all_there_and_documented():
    import fer_core

    verbs = {"load_analyzer", "read_image", "read_video", "draw", "to_csv"}
    assert verbs | {"Stream", "Session", "Options", "Frame", "Faces", "Emotions", "FrameResult"} <= set(fer_core.__all__)
    for name in fer_core.__all__:
        assert getattr(fer_core, name).__doc__, name


def pins(name: str) -> dict[str, str]:
    """Return package → the rest of its line."""
    lines = (line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return {line.split("==")[0]: line for line in lines if "==" in line}


def test_the_full_set_is_the_serve_set_and_the_reference_engine_at_the_same_versions():
    serve, full = pins("requirements-serve.txt"), pins("requirements.txt")
    assert serve.items() <= full.items()
    assert set(full) - set(serve) == {"tensorflow", "keras", "mtcnn", "joblib", "lz4"}
    frame = {"streamlit", "tensorflow", "opencv-python-headless", "mtcnn", "streamlit-webrtc", "plotly", "numpy"}
    assert frame <= set(full)


def test_the_lock_is_of_the_serve_set_and_names_a_hash_of_every_package():
    entries = re.split(r"\n(?=[a-z])", (ROOT / "requirements-serve.lock").read_text(encoding="utf-8"))[1:]
    locked = {entry.split()[0] for entry in entries}
    assert {line.split(";")[0].strip() for line in pins("requirements-serve.txt").values()} <= locked
    assert all("==" in entry.split()[0] and "--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"https?://", "".join(entries))


def test_charts_never_meet_a_pandas_that_another_visitor_s_thread_is_still_importing():
    done = run_python("import sys, fer_app; assert hasattr(sys.modules['pandas'], 'Series')")
    assert done.returncode == 0, done.stderr
