"""State. What one visitor's session remembers; the only file that reads and writes what it remembers.

Everything lives in the server's memory and in one session. The album is one value, written at once: Streamlit may stop a
run at any touch of the session, and of a half-written album a photo would be read twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import streamlit as st

from fer_app import keys, resources
from fer_app.album import Album, KeptPhoto, LeftOut
from fer_app.film.reel import Reel
from fer_app.film.studio import Studio
from fer_app.history import Drawer
from fer_app.live.painter import Painter
from fer_app.takes import KeptTake, Shelf
from fer_core import Options, Timeline


def album() -> Album:
    """Return the visitor's album."""
    return st.session_state.setdefault(keys.ALBUM, Album())


def keep(photo: KeptPhoto, mark: str) -> None:
    """Keep a photo that was read from the file with this mark."""
    st.session_state[keys.ALBUM] = album().with_photo(photo, mark)


def leave_out(file: LeftOut, mark: str) -> None:
    """Remember that the file with this mark gave no result."""
    st.session_state[keys.ALBUM] = album().with_left_out(file.name, file.reason, mark)


def delete(photo_id: int) -> None:
    """Forget one photo and its results."""
    st.session_state[keys.ALBUM] = album().without(photo_id)


def delete_all() -> None:
    """Forget every photo, every result and every message about a file."""
    st.session_state[keys.ALBUM] = replace(album(), photos=(), left_out=())


def clear_left_out() -> None:
    """Forget the messages about files."""
    st.session_state[keys.ALBUM] = replace(album(), left_out=())


def round_key(widget: str) -> str:
    """Return the key of a widget that starts anew in each round: uploads empty, the first page shown."""
    return f"photo_{widget}_{st.session_state.setdefault(keys.ROUND, 0)}"


def turned_to(page: str) -> bool:
    """Remember which page is open; return whether another one was before."""
    before = st.session_state.get(keys.PAGE, page)
    st.session_state[keys.PAGE] = page
    return before != page


def await_photos(marks: Iterable[str]) -> None:
    """Remember the files of a round that are about to be read."""
    st.session_state[keys.DUE] = tuple(marks)


def photos_due() -> tuple[str, ...]:
    """Return the files of a round that were not read yet; none once it has ended."""
    return tuple(mark for mark in st.session_state.get(keys.DUE, ()) if mark not in album().read)


def end_round() -> None:
    """Empty the intake: its widgets start anew, the camera closes, and the first page is shown."""
    close_camera()
    st.session_state[keys.DUE] = ()
    st.session_state[keys.ROUND] = st.session_state.setdefault(keys.ROUND, 0) + 1
    st.session_state[keys.ALBUM] = album().next_round()


def notice_is_read() -> bool:
    """Return whether the visitor has confirmed the notice in this session."""
    return st.session_state.get(keys.NOTICE_READ, False)


def confirm_notice() -> None:
    """Remember that the visitor has confirmed the notice."""
    st.session_state[keys.NOTICE_READ] = True


def camera_is_wanted() -> bool:
    """Return whether the visitor has asked for the camera."""
    return st.session_state.get(keys.CAMERA_WANTED, False)


def camera_is_open() -> bool:
    """Return whether the camera may run: it was asked for, and the notice is read."""
    return camera_is_wanted() and notice_is_read()


def ask_for_camera() -> None:
    """Remember that the visitor wants the camera."""
    st.session_state[keys.CAMERA_WANTED] = True


def close_camera() -> None:
    """Close the camera until the visitor asks for it again."""
    st.session_state[keys.CAMERA_WANTED] = False


def is_unfolded(photo_id: int) -> bool:
    """Return whether every face of a photo is shown, not only the first few."""
    return photo_id in st.session_state.get(keys.UNFOLDED, frozenset())


def unfold(photo_id: int) -> None:
    """Show every face of a photo."""
    st.session_state[keys.UNFOLDED] = st.session_state.get(keys.UNFOLDED, frozenset()) | {photo_id}


def painter() -> Painter:
    """Return what paints the visitor's video."""
    return st.session_state.setdefault(keys.PAINTER, Painter())


def video() -> Any | None:  # noqa: ANN401 - what streamlit-webrtc keeps under its key
    """Return the inner state of the visitor's video; None before it was first shown."""
    return st.session_state.get(keys.VIDEO)


def shelf() -> Shelf:
    """Return the visitor's finished live sessions."""
    return st.session_state.setdefault(keys.SHELF, Shelf())


def keep_take(take: KeptTake) -> None:
    """Keep a finished live session."""
    st.session_state[keys.SHELF] = shelf().with_take(take)


def delete_take(take_id: int) -> None:
    """Forget a finished live session."""
    st.session_state[keys.SHELF] = shelf().without(take_id)


def end_take(*, left: bool = False) -> None:
    """Keep the run of the camera that has ended, if a picture of it was analysed.

    A click may stop this in its middle; the run is let go last, so that the next page keeps it then.

    Args:
        left: the visitor ended it by going to another page.
    """
    ended = painter().take
    if ended is not None and ended.latest is not None:
        keep_take(ended.kept(left=left))
    painter().take = None


def drawer() -> Drawer:
    """Return the visitor's loaded sessions."""
    return st.session_state.setdefault(keys.DRAWER, Drawer())


def put(changed: Album | Shelf | Drawer) -> None:
    """Keep a changed album, shelf or drawer in the place of the one before."""
    places = {Album: keys.ALBUM, Shelf: keys.SHELF, Drawer: keys.DRAWER}
    st.session_state[places[type(changed)]] = changed


def studio() -> Studio:
    """Return the visitor's current video."""
    return st.session_state.setdefault(keys.STUDIO, Studio())


def reel() -> Reel:
    """Return the videos that this session has analysed."""
    return st.session_state.setdefault(keys.REEL, Reel())


def end_film() -> None:
    """Keep the video whose analysis has ended, if a picture of it was analysed."""
    now = studio()
    film, job = now.finish(), now.job
    if film is not None and job is not None and film.timeline.sources:
        resources.service().metrics.analysis("video", job.took_s)
        st.session_state[keys.REEL] = reel().with_film(film)
        now.number = reel().last_number


def revise_video(number: int, timeline: Timeline) -> None:
    """Keep a changed timeline of one video, here and on the video screen."""
    st.session_state[keys.REEL] = reel().with_timeline(number, timeline)
    studio().revise(number, timeline)


def delete_video(number: int) -> None:
    """Forget one video, on the video screen too."""
    st.session_state[keys.REEL] = reel().without(number)
    if studio().number == number:
        studio().close()


def delete_videos() -> None:
    """Forget every video, on the video screen too."""
    st.session_state[keys.REEL] = Reel(last_number=reel().last_number)
    studio().close()


def film_key(widget: str) -> str:
    """Return the key of a widget that starts anew with each video."""
    return f"{widget}_{studio().round}"


def trouble() -> str | None:
    """Return why the live video gives way to photos, by its name in `text_live.TROUBLE`; None while it does not."""
    return st.session_state.get(keys.TROUBLE)


def set_trouble(name: str) -> None:
    """Let photos take over from the live video."""
    st.session_state[keys.TROUBLE] = name
    st.session_state[keys.PHOTOS_BEFORE] = album().last_id


def clear_trouble() -> None:
    """Offer the live video again."""
    st.session_state[keys.TROUBLE] = None
    close_camera()


def snapshots() -> tuple[KeptPhoto, ...]:
    """Return the photos taken since photos took over, the newest first."""
    before = st.session_state.get(keys.PHOTOS_BEFORE, 0)
    return tuple(photo for photo in album().photos if photo.photo_id > before)


def usual_min_face_px() -> int:
    """Return the smallest face that the visitor chose for photos, in pixels."""
    return st.session_state.get(keys.MIN_FACE, Options().min_face_px)
