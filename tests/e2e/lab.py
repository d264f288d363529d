"""The app with a door for tests: `python tests/e2e/lab.py run streamlit_app.py …`, and faults on request at LAB_PORT.

GET /threads tells which threads live; /burst, /corrupt make the next frames fail; /kill stops every worker; /patient and
/hurry say for how long a connection may take to come about: on a busy machine eight seconds may pass for nothing. /brisk ends
what else takes its time: faults are no longer spoken of, and a peer that is gone is missed after seconds, not half a minute.
/slow lets each frame take long, /quick no more.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import aioice.ice
import av

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from fer_app.live import panel  # neither imports streamlit_webrtc: before the server runs, its component would go unknown
from fer_app.live.painter import Painter

SLOW_S = 0.4
pending = {"burst": 0, "corrupt": 0}
slow = threading.Event()
painted = Painter._painted


class Corrupt:
    """A frame whose bytes are not what its header says."""

    def to_ndarray(self, **_):
        raise av.InvalidDataError(1094995529, "Invalid data found when processing input")


def faulty(self, take, frame):
    if pending["burst"] > 0:
        pending["burst"] -= 1
        raise RuntimeError("a burst pipe")
    if pending["corrupt"] > 0:
        pending["corrupt"] -= 1
        frame = Corrupt()
    if slow.is_set():
        time.sleep(SLOW_S)
    return painted(self, take, frame)


class Door(BaseHTTPRequestHandler):
    def do_GET(self):
        what = self.path.strip("/")
        if what in pending:
            pending[what] = 5
        if what in ("patient", "hurry"):
            panel.CONNECT_S = 3.0 if what == "hurry" else 60.0
            panel.RECENT_S, aioice.ice.CONSENT_INTERVAL = 10.0, 5
        if what == "brisk":
            panel.RECENT_S, aioice.ice.CONSENT_INTERVAL = 0.0, 1
        if what == "slow":
            slow.set()
        if what == "quick":
            slow.clear()
        if what == "kill":
            from streamlit_webrtc.webrtc import _live_workers

            for worker in list(_live_workers):
                worker.stop()
        names = sorted(thread.name for thread in threading.enumerate())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(names).encode())

    def log_message(self, *_):
        """Stay quiet."""


if __name__ == "__main__":
    Painter._painted = faulty
    door = HTTPServer(("127.0.0.1", int(os.environ["LAB_PORT"])), Door)
    threading.Thread(target=door.serve_forever, daemon=True, name="door").start()
    from streamlit.web.cli import main

    main(sys.argv[1:])
