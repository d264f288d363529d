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
_A_PHOTO_LIES_AMONG_SMALL_BLOCKS = """
import ctypes, re
{first}
bytearray(30 << 20)  # a first photo has come and gone
photo = bytearray(20 << 20)
address = ctypes.addressof(ctypes.c_char.from_buffer(photo))
start, end = re.search(r"^(\\S+)-(\\S+) .*\\[heap\\]", open("/proc/self/maps").read(), re.MULTILINE).groups()
print(int(int(start, 16) <= address < int(end, 16)))
"""


def said(program: str, first: str) -> int:
    words = [sys.executable, "-c", program.format(first=first)]
    return int(subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="arenas are glibc's")
def test_threads_share_arenas_once_a_server_has_begun():
    assert said(_ARENAS_OF_A_DOZEN_THREADS, SERVED) <= ARENAS < said(_ARENAS_OF_A_DOZEN_THREADS, NOT_SERVED)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="thresholds are glibc's")
def test_a_photo_gives_its_room_back_once_a_server_has_begun():
    assert not said(_A_PHOTO_LIES_AMONG_SMALL_BLOCKS, SERVED)
    # Where something lies right above it, the heap goes on elsewhere; each process has a layout of its own.
    assert any(said(_A_PHOTO_LIES_AMONG_SMALL_BLOCKS, NOT_SERVED) for _ in range(3))
