"""Where the C library is glibc, threads share its arenas; each of them would otherwise keep what it freed."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from fer_app.heap import ARENAS

ROOT = Path(__file__).resolve().parents[2]
_ARENAS_OF_A_DOZEN_THREADS = """
import re, sys, threading
{first}
together = threading.Barrier(13)
def allocate():
    kept = [bytearray(2000) for _ in range(500)]
    together.wait(); together.wait(); return kept
threads = [threading.Thread(target=allocate) for _ in range(12)]
for thread in threads: thread.start()
together.wait()
# An arena's memory begins at a multiple of 64 MB.
starts = re.findall(r"^([0-9a-f]+)-\\S+ rw-p 00000000 00:00 0 *$", open("/proc/self/maps").read(), re.MULTILINE)
print(sum(int(start, 16) % (1 << 26) == 0 for start in starts))
together.wait()
"""


def arenas(first: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", _ARENAS_OF_A_DOZEN_THREADS.format(first=first)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="arenas are glibc's")
def test_threads_share_arenas_once_a_server_has_begun():
    assert arenas("from fer_app import resources; resources.service()") <= ARENAS < arenas("import pandas")
