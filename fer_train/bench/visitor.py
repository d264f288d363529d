"""Workshop. A visitor without a browser, in Streamlit's own protocol; for a server on this machine, and for no other.

A browser keeps one websocket open: it asks for runs of the app, with the widget that was used, and gets the page back piece
by piece; files go up by HTTP. That is what is spoken here, so that many visitors measure the server and not many browsers.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileUploaderState, FileURLsRequest, UploadedFileInfo
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

from fer_train.bench.wire import FAULTS, PATIENCE_S, LostError, ask, connected, cookie, put, token

_MARK = "$$ID-"  # how the number of a widget begins: $$ID-<hash>-<key>
_PICTURE = re.compile(rb"/media/[0-9a-f]+\.(?:jpg|jpeg|png)")
_ENDS = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)


class Visitor:
    """One open page.

    Args:
        port: where the app answers on 127.0.0.1.

    Raises:
        LostError: it did not answer as it should, or in time.
        OSError: it did not answer.
        WebSocketException: it broke off.
    """

    def __init__(self, port: int) -> None:
        self._port, self._token = port, token(port)
        self._session = self._page = self._fragment = ""
        self._pages: dict[str, str] = {}
        self._widgets: dict[str, str] = {}
        self._pieces: list[bytes] = []
        self._open = ExitStack()
        self._wire = self._open.enter_context(connected(port, self._token))
        try:
            self._run(ClientState())
        except FAULTS:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the page, as a browser does."""
        self._open.close()

    def press(self, key: str) -> None:
        """Press the button whose key begins so, and wait for the page that follows."""
        self._use(WidgetState(id=self._widget(key), trigger_value=True))

    def upload(self, key: str, name: str, data: bytes) -> None:
        """Give a file to the upload whose key begins so, and wait for the page that follows."""
        widget = self._widget(key)
        wanted = FileURLsRequest(request_id=uuid.uuid4().hex, file_names=[name], session_id=self._session)
        self._send(BackMsg(file_urls_request=wanted))
        urls = self._until(lambda said: said.WhichOneof("type") == "file_urls_response").file_urls_response.file_urls[0]
        put(self._port, urls.upload_url, self._token, name, data)
        file = UploadedFileInfo(name=name, size=len(data), file_id=urls.file_id, file_urls=urls)
        self._use(WidgetState(id=widget, file_uploader_state_value=FileUploaderState(uploaded_file_info=[file])))

    def go(self, path: str) -> None:
        """Go to another page of the app by its path; the first page has none."""
        self._run(ClientState(page_script_hash=self._pages[path]))

    def look_again(self) -> None:
        """Ask for the part of the page that is renewed by itself, as a browser does every second."""
        self._run(ClientState(page_script_hash=self._page, fragment_id=self._fragment, is_auto_rerun=True))

    def shows(self, words: str) -> bool:
        """Return whether the page says so."""
        return any(words.encode() in piece for piece in self._pieces)

    def must_show(self, words: str, *, gone: bool = False) -> None:
        """Check what the page says.

        Raises:
            LostError: it does not say so, or still does where it should be gone.
        """
        if self.shows(words) is gone:
            raise LostError(f"expected a page {'without' if gone else 'with'} {words!r}, got another")

    def fetch_pictures(self) -> int:
        """Fetch every picture of the page, as a browser does; return how many there are."""
        paths = {path.decode() for piece in self._pieces for path in _PICTURE.findall(piece)}
        for path in paths:
            ask(self._port, "GET", path, cookie(self._token))
        return len(paths)

    def _widget(self, key: str) -> str:
        """Return the number of the first widget whose key begins so.

        Raises:
            LostError: the page has none.
        """
        found = next((widget for name, widget in self._widgets.items() if name.startswith(key)), None)
        if found is None:
            raise LostError(f"expected a widget {key!r} on the page, got none")
        return found

    def _use(self, widget: WidgetState) -> None:
        self._run(ClientState(page_script_hash=self._page, widget_states=WidgetStates(widgets=[widget])))

    def _run(self, state: ClientState) -> None:
        """Ask for a run of the app, and follow it to its end."""
        self._send(BackMsg(rerun_script=state))
        self._until(lambda said: said.WhichOneof("type") == "script_finished" and said.script_finished in _ENDS)

    def _send(self, message: BackMsg) -> None:
        self._wire.send(message.SerializeToString())

    def _until(self, done: Callable[[ForwardMsg], bool]) -> ForwardMsg:
        """Take in what the server says until it has said this.

        Raises:
            TimeoutError: it does not.
        """
        deadline_s = time.monotonic() + PATIENCE_S
        while True:
            raw = self._wire.recv(timeout=deadline_s - time.monotonic(), decode=False)
            message: ForwardMsg = ForwardMsg.FromString(raw)
            self._note(message, raw)
            if done(message):
                return message

    def _note(self, message: ForwardMsg, raw: bytes) -> None:
        """Keep of a message what a page would keep."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._session = message.new_session.initialize.session_id or self._session
            if not message.metadata.run.fragment_ids:  # a whole page begins
                self._widgets, self._pieces = {}, []
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
            self._pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
        elif kind == "auto_rerun":
            self._fragment = message.auto_rerun.fragment_id
        elif kind == "delta":
            self._pieces.append(raw)
            self._note_widget(message.delta)

    def _note_widget(self, delta: Delta) -> None:
        """Keep the number of a widget.

        Raises:
            LostError: it is no widget, but what stands where the app failed.
        """
        kind = delta.new_element.WhichOneof("type")
        if kind == "exception":
            raise LostError("expected a page, got that the app failed")
        number = getattr(getattr(delta.new_element, kind), "id", "") if kind else ""
        if isinstance(number, str) and number.startswith(_MARK):
            self._widgets[number.split("-", 2)[2]] = number
