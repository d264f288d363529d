"""Where the C library is glibc, threads share its arenas, each of which would keep what it freed, and photos leave no gap."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from fer_app.heap import ARENAS

ROOT = Path(__file__).resolve().parents[2]
SERVED, NOT_SERVED = "from fer_app import resources; resources.service()", "import pandas"
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
_HEAP_MB_THAT_A_PHOTO_LEAVES = """
import re
{first}
def heap_mb():
    return int(re.search(r"\\[heap\\].*?^Rss: +(\\d+) kB", open("/proc/self/smaps").read(), re.DOTALL | re.MULTILINE)[1]) / 1024
bytearray(30 << 20)  # a first photo has come and gone
before = heap_mb()
photo = bytearray(20 << 20)
answers = [bytes(100_000) for _ in range(40)]  # stay; some find gaps that were there before
del photo
print(round(heap_mb() - before))
"""


def said(program: str, first: str) -> int:
    words = [sys.executable, "-c", program.format(first=first)]
    return int(subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="arenas are glibc's")
def test_threads_share_arenas_once_a_server_has_begun():
    assert said(_ARENAS_OF_A_DOZEN_THREADS, SERVED) <= ARENAS < said(_ARENAS_OF_A_DOZEN_THREADS, NOT_SERVED)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="thresholds are glibc's")
def test_a_photo_gives_its_room_back_once_a_server_has_begun():
    assert said(_HEAP_MB_THAT_A_PHOTO_LEAVES, SERVED) <= 6 < 15 < said(_HEAP_MB_THAT_A_PHOTO_LEAVES, NOT_SERVED)
