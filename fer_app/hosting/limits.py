"""Pure. What one server lets its visitors do: settings → limits. docs/HOSTING.md lists every one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fer_app.live.ice import SettingsError

TOKEN = "MIEN_OPERATOR_TOKEN"  # noqa: S105 - the setting's name
METRICS_PORT = "MIEN_METRICS_PORT"
MIN_TOKEN = 16  # characters: a shorter one could be guessed
MEASURED = "auto"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server lets its visitors do; the defaults are for two cores and 2 GB.

    Attributes:
        live_seats: visitors with live video at a time; 0: as many as the machine was measured to carry.
        live_minutes: how long one of them may go on.
        photo_mb: megabytes of a photo.
        photo_megapixels: its pixels, in millions; reading and searching it takes about 7 bytes each and 50 MB.
        faces: faces that are read in one picture, the largest first.
        video_mb: megabytes of a video; Streamlit's server.maxUploadSize stands above it.
        video_minutes: how long a video may be.
        videos_at_once: videos that are analysed or written at a time; the others wait.
        analyses_per_minute: photos and videos of one visitor.
        drain_s: seconds that running work gets before a server ends.
        metrics_port: where 127.0.0.1 answers Prometheus; 0: nowhere.
    """

    live_seats: int = 0
    live_minutes: int = 240
    photo_mb: int = 25
    photo_megapixels: int = 60
    faces: int = 100
    video_mb: int = 500
    video_minutes: int = 60
    videos_at_once: int = 2
    analyses_per_minute: int = 60
    drain_s: int = 120
    metrics_port: int = 0


FIELDS: Mapping[str, tuple[str, int, int]] = {
    "MIEN_LIVE_SEATS": ("live_seats", 1, 1000),
    "MIEN_LIVE_MINUTES": ("live_minutes", 1, 1440),
    "MIEN_PHOTO_MB": ("photo_mb", 1, 100),
    "MIEN_PHOTO_MEGAPIXELS": ("photo_megapixels", 1, 120),
    "MIEN_FACES": ("faces", 1, 1000),
    "MIEN_VIDEO_MB": ("video_mb", 1, 4000),
    "MIEN_VIDEO_MINUTES": ("video_minutes", 1, 1440),
    "MIEN_VIDEOS_AT_ONCE": ("videos_at_once", 1, 1000),
    "MIEN_ANALYSES_PER_MINUTE": ("analyses_per_minute", 1, 6000),
    "MIEN_DRAIN_SECONDS": ("drain_s", 1, 3600),
    METRICS_PORT: ("metrics_port", 1024, 65535),
}
"""Each setting's field, and the least and most that it may be."""

NAMES = (*FIELDS, TOKEN)


def read_limits(settings: Mapping[str, str]) -> tuple[Limits, tuple[str, ...]]:
    """Return the limits that settings give, and a sentence about each setting that cannot be used and leaves its default.

    Args:
        settings: by the names in `FIELDS`; others are passed over.

    Example:
        >>> read_limits({"MIEN_FACES": "30"})[0].faces
        30
    """
    limits, problems = Limits(), []
    for name, (field, least, most) in FIELDS.items():
        said = settings.get(name, "")
        if not said or (field == "live_seats" and said.lower() == MEASURED):
            continue
        try:
            limits = replace(limits, **{field: _number(name, said, least, most)})
        except SettingsError as fault:
            problems.append(str(fault))
    return limits, tuple(problems)


def _number(name: str, said: str, least: int, most: int) -> int:
    """Return a whole number within its bounds.

    Raises:
        SettingsError: it is none.
    """
    if said.isascii() and said.isdigit() and len(said) <= 6 and least <= int(said) <= most:
        return int(said)
    raise SettingsError(f"{name} must be a whole number from {least} to {most}, got {said[:40]!r}; correct it or leave it out")


def read_token(settings: Mapping[str, str]) -> str:
    """Return the operator's token; empty where none is set.

    Raises:
        SettingsError: it is so short that it could be guessed.
    """
    token = settings.get(TOKEN, "")
    if token and len(token) < MIN_TOKEN:
        raise SettingsError(f"{TOKEN} must have {MIN_TOKEN} characters or more, got {len(token)}; make a longer one")
    return token
