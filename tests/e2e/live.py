"""What the tests of live video do and see: a visitor at the live screen, and the server's threads."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.request
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import psutil
from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect

PATIENCE_MS = 90_000
# Remembers every track that a page was given, so that a test can see whether the camera is free again; those of the video lie in
# the page around it, for its frame goes with the video, while the camera for photos may be on by then.
RECORD_TRACKS = """
if (navigator.mediaDevices) {
    window.tracks = [];
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await ask(wanted);
        window.tracks.push(...stream.getTracks());
        if (window !== window.top) (window.top.videoTracks ??= []).push(...stream.getTracks());
        return stream;
    };
    window.peers = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(...settings) { super(...settings); window.peers.push(this); }
    };
}
"""
# Pixels of a colour in the video's present frame: chroma is sent at half the size, so near enough counts.
COUNT_COLOUR = """(video, [r, g, b]) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    if (!canvas.width) return 0;
    const pen = canvas.getContext("2d");
    pen.drawImage(video, 0, 0);
    const {data} = pen.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
        count += Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 90;
    return count;
}"""
HAPPY_RGB = [0xF0, 0xE4, 0x42]
STREAM_THREADS = ("async_media_processor", "ShutdownPolling", "decoder", "process_offer")


@dataclass
class Visitor:
    """A visitor at the live screen."""

    page: Page

    @classmethod
    def arrive(cls, context: BrowserContext, url: str) -> Visitor:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{url}/live")
        page.get_by_role("button", name="I understand").click()
        return cls(page)

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("iframe[title*='webrtc']")

    @property
    def video(self) -> Locator:
        return self.frame.locator("video")

    def _button(self, name: str) -> Locator:
        return self.frame.get_by_role("button", name=name, exact=True)

    def start(self) -> None:
        self._button("Start").click()

    def stop(self) -> None:
        self._button("Stop").click()

    def choose_camera(self, number: int) -> list[str]:
        """Choose a camera by its place in the list; return the names of all."""
        self._button("Choose a camera").click()
        cameras = self.frame.locator("#device-select-video-input")
        cameras.select_option(index=number)
        names = cameras.locator("option").all_inner_texts()
        self._button("Done").click()
        return names

    def asks_for_a_camera_in_vain(self, wanted: dict[str, object]) -> None:
        """Ask for a camera that is not there from within the video's frame, as that does for a camera that was chosen."""
        frame = next(frame for frame in self.page.frames if "webrtc" in frame.url)
        ask = "wanted => navigator.mediaDevices.getUserMedia(wanted).catch(error => error.name)"
        assert frame.evaluate(ask, {"video": wanted}) == "OverconstrainedError"

    def sees_painted_frames(self) -> None:
        """Wait until the video shows the portrait with the name of its expression.

        As people do, they start it once more where nothing comes; the tests' summary tells of it then.
        """
        try:
            until(self._shows_painted_frame, self._nothing_came, within_s=PATIENCE_MS / 3000)
        except AssertionError as fault:
            with warnings.catch_warnings():
                warnings.simplefilter("default")  # told, not raised
                warnings.warn(f"started once more, for {fault}", stacklevel=2)
            if self._button("Stop").is_visible():
                self.stop()
            self.start()
            until(self._shows_painted_frame, self._nothing_came, within_s=PATIENCE_MS / 1500)

    def _nothing_came(self) -> str:
        said = [part.inner_text() for part in (self.page.locator("body"), self.frame.locator("body")) if part.is_visible()]
        return f"no painted frame arrived; the page says {said!r}"

    def _shows_painted_frame(self) -> bool:
        return self.video.is_visible() and self.video.evaluate(COUNT_COLOUR, HAPPY_RGB, timeout=5000) > 300

    def sees_frames_move_on(self) -> None:
        before = self.pictures()
        until(lambda: self.pictures() > before + 3, "the video stands still")

    def pictures(self) -> int:
        return self.video.evaluate("video => video.getVideoPlaybackQuality().totalVideoFrames")

    def most_sent_fps(self) -> int | None:
        """How many frames a second the browser was told to send at most."""
        video = next(frame for frame in self.page.frames if "webrtc" in frame.url)
        return video.evaluate("() => window.peers.at(-1)?.getSenders()[0]?.getParameters().encodings[0]?.maxFramerate ?? null")

    def camera_is_free(self) -> bool:
        """Whether the video was given a camera and holds it no more."""
        return self.page.evaluate(
            "() => (window.videoTracks || []).length > 0 && window.videoTracks.every(track => track.readyState === 'ended')"
        )

    def sees(self, sentence: str) -> None:
        expect(self.page.get_by_text(sentence).first).to_be_visible(timeout=PATIENCE_MS)

    def does_not_see(self, sentence: str) -> None:
        expect(self.page.get_by_text(sentence)).to_have_count(0)


@dataclass(frozen=True)
class Lab:
    """A server with a door for tests."""

    url: str
    door: str

    def ask(self, what: str) -> list[str]:
        with urllib.request.urlopen(f"{self.door}/{what}", timeout=30) as answer:
            return json.loads(answer.read())

    @contextlib.contextmanager
    def standing_still(self) -> Iterator[None]:
        """Stop the server's process, as a machine that is far too busy would; let it go on afterwards."""
        process = process_of(self.url)
        process.suspend()
        try:
            yield
        finally:
            process.resume()

    def stream_threads(self) -> list[str]:
        return [name for name in self.ask("threads") if any(part in name for part in STREAM_THREADS)]

    def threads_go(self, *, within_s: float = 90) -> None:
        until(lambda: not self.stream_threads(), lambda: f"threads stay: {self.stream_threads()}", within_s=within_s)


def process_of(url: str) -> psutil.Process:
    """Return the process of the server at an address."""
    port = f"--server.port={url.rsplit(':', 1)[1]}"
    return next(each for each in psutil.process_iter(["cmdline"]) if port in (each.info["cmdline"] or ()))


def until(holds, complaint: str, *, within_s: float = PATIENCE_MS / 1000) -> None:
    """Wait until something holds, looking four times a second; a complaint may be a function, asked when the wait is over."""
    from threading import Event

    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, complaint() if callable(complaint) else complaint
        Event().wait(0.25)
