"""Sessions, model cards and file names that mean harm. Made here, the same each time."""

import json
import zlib

from fer_core import FER2013, Timeline, to_csv, to_json
from fer_core.cards import MODELS_FOLDER
from tests.hostile.pictures import zip_of

FORMULAS = ("=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1", "＝1+1", '=HYPERLINK("http://x","y")')
NAMES = (
    *("../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "C:\\con", "nul\0.jpg"),
    *(".jpg", "..", " ", "CON.jpg", "x" * 300 + ".jpg"),
    *(
        "photo\u202egpj.exe",
        "\u200b\u2066a\u2069.jpg",
        "a\r\nX-Header: 1.jpg",
        "\x1b[31mred.jpg",
        "%2e%2e%2fa.jpg",
    ),
    *("<script>alert(1)</script>.jpg", '"><img src=x onerror=alert(1)>.jpg', "[x](javascript:alert(1)).jpg", "$(id).jpg"),
    *(
        "`id`.jpg",
        "; rm -rf ~.jpg",
        "{{7*7}}.jpg",
        "${7*7}.jpg",
        ":material/delete:.jpg",
        "a'; DROP TABLE runs; --.jpg",
        *FORMULAS,
    ),
)
DEEP = b"[" * 100_000 + b"]" * 100_000
HUGE = "9" * 4000
ODD_VALUES = {
    "a huge number": int(HUGE),
    "a long text": "<b>" * 200_000,
    "a deep list": 0,  # replaced below, since it cannot be written by json
    "null": None,
    "half a character": "\ud800",
    "a NUL": "a\0b",
    "a negative number": -1,
    "true": True,
    "an object": {"x": 1},
    "a direction mark": "\u202e<script>",
}


def whole_session():
    """Return the document of a session of one picture with one face."""
    box = {"x0_px": 1.0, "y0_px": 1.0, "x1_px": 9.0, "y1_px": 9.0}
    probabilities = {name: float(name == "happy") for name in FER2013.names}
    face = {"track_id": 0, **box, "face_score": 0.9, "label": "happy", "confidence": 1.0, "probabilities": probabilities}
    frame = {"source": "a.jpg", "frame_index": 0, "time_s": 0.0, "width_px": 64, "height_px": 48, "note": "", "faces": [face]}
    person = {"source": "a.jpg", "track_id": 0, "name": "Ann", "hidden": False}
    return json.loads(to_json(Timeline.of([], []))) | {"people": [person], "frames": [frame]}


def put(document, path, value):
    """Return a document with one value replaced."""
    key, *rest = path
    copy = list(document) if isinstance(document, list) else dict(document)
    copy[key] = put(document[key], rest, value) if rest else value
    return copy


def written(document, path, name, value):
    """Return JSON with one odd value in it; nesting is put in as text."""
    if name != "a deep list":
        return json.dumps(put(document, path, value)).encode()
    return json.dumps(put(document, path, "HERE")).encode().replace(b'"HERE"', b"[" * 900 + b"]" * 900)


PLACES = (
    *(
        ("schema",),
        ("version",),
        ("labels",),
        ("people",),
        ("frames",),
        ("frames", 0),
        ("frames", 0, "source"),
        ("frames", 0, "note"),
    ),
    *(("frames", 0, "frame_index"), ("frames", 0, "time_s"), ("frames", 0, "faces", 0, "label"), ("people", 0, "hidden")),
)


def odd_sessions():
    """Return sessions with an odd value in each place."""
    session = whole_session()
    return {
        f"session with {name} as {'.'.join(map(str, path))}": written(session, path, name, value)
        for path in PLACES
        for name, value in ODD_VALUES.items()
    }


def session_bombs():
    """Return files that grow when they are read, and files of another kind."""
    json_text, csv_text = json.dumps(whole_session()).encode(), to_csv(Timeline.of([], []))
    million = {"empty objects": b"{}", "empty lists": b"[]", "numbers": b"-9", "texts": b'"ab"', "reals": b"1e9"}
    found = {
        f"session of millions of {name}": b'{"frames":[' + b",".join([part] * (30_000_000 // (len(part) + 1))) + b"]}"
        for name, part in million.items()
    }
    return found | {
        "deep JSON": b'{"a":' + DEEP + b"}",
        "deep objects": b'{"a":' * 100_000,
        "JSON without end": json_text[:-40],
        "JSON with a number that is none": b'{"schema":NaN}',
        "JSON of half a character": b'{"schema":"\xed\xa0\x80"}',
        "JSON of many equal keys": b"{" + b'"schema":1,' * 500_000 + b'"version":2}',
        "JSON with an astral letter": b'{"a":"' + "😀".encode() + b"x" * 30_000_000 + b'"}',
        "zip as session": zip_of(b"0" * 50_000_000),
        "zlib as session": zlib.compress(bytes(50_000_000)),
        "zeros as session": bytes(1_000_000),
        "CSV of commas": b"," * 15_000_000,
        "CSV of one wide row": csv_text + b"," * 15_000_000,
        "CSV of lines": b"\n" * 15_000_000,
        "CSV of short lines": csv_text + b"a,\r\n" * 3_000_000,
        "CSV of one long cell": csv_text + b'"' + b"x" * 14_000_000,
        "CSV with a long number": csv_text + csv_row("1" * 5_000) + csv_row("9" * 300_000),
        "CSV with NUL": csv_text + b"a\0b,2,0\r\n",
        "page as session": b"<html><script>alert(1)</script>",
    }


def csv_row(number):
    """Return a row whose picture has this number."""
    return f"a.jpg,2,{number},0,64,48".encode() + b"," * 25 + b"\r\n"


def formula_sessions():
    """Return sessions whose every text is a formula."""
    base = whole_session()
    found = {}
    for number, formula in enumerate(FORMULAS):
        document = put(put(base, ("frames", 0, "source"), formula), ("frames", 0, "note"), formula)
        found[f"session of formula {number}"] = json.dumps(put(document, ("people", 0, "source"), formula)).encode()
    return found


def sessions():
    """Return {name: bytes} of every hostile session."""
    return odd_sessions() | session_bombs() | formula_sessions()


def cards():
    """Return {name: bytes} of every hostile model card."""
    whole = json.loads((MODELS_FOLDER / "small" / "card.json").read_bytes())
    fields = ("name", "labels", "sha256", "threshold", "temperature", "input", "limits")
    found = {
        f"card with {name} as {field}": written(whole, (field,), name, value)
        for field in fields
        for name, value in ODD_VALUES.items()
    }
    return found | {
        "card of deep JSON": DEEP,
        "card above its size": b'{"name":"' + b"x" * 2_000_000 + b'"}',
        "card of infinity": json.dumps(put(whole, ("threshold",), float("inf"))).encode(),
        "card that is no number": json.dumps(put(whole, ("temperature",), float("nan"))).encode(),
        "card of hashes elsewhere": json.dumps(put(whole, ("sha256",), {"../../etc/passwd": "0" * 64})).encode(),
        "card of the folder above": json.dumps(put(whole, ("sha256",), {"..": "0" * 64})).encode(),
        "card of labels in another order": json.dumps(put(whole, ("labels",), whole["labels"][::-1])).encode(),
        "card of labels twice": json.dumps(put(whole, ("labels",), ["happy", "happy"])).encode(),
        "card of nothing": b"",
        "card of zeros": bytes(5000),
        "card that is a zip": zip_of(b"0" * 10_000_000),
        "card in another encoding": json.dumps(whole).encode("utf-16"),
    }
