"""What a run has finished: on the disk when it says so, and in words where the disk has damaged it."""

import random
import sqlite3

import pytest

from fer_core.errors import InputError
from fer_core.inputs import Job
from fer_core.journal import Journal
from fer_core.work import Outcome

JOBS = [Job(f"{i}.jpg", f"/photos/{i}.jpg", f"key {i}", 1) for i in range(30)]
LINES = random.Random(0).randbytes(500)  # which no packing makes shorter


@pytest.fixture
def kept(tmp_path):
    """A journal that has finished many files and lies in several pages."""
    with Journal(tmp_path / "results.csv.journal") as journal:
        for job in JOBS:
            journal.add(job, Outcome(LINES, 1, 2, "a remark"))
    return tmp_path / "results.csv.journal"


def test_what_is_noted_is_read_back(kept):
    with Journal(kept) as journal:
        assert journal.keys() == {job.key for job in JOBS}
        assert journal.outcome("key 7") == Outcome(LINES, 1, 2, "a remark")


def test_what_is_noted_outlives_a_power_cut(kept):
    with Journal(kept) as journal:
        (synchronous,) = journal._file.execute("PRAGMA synchronous").fetchone()
    assert synchronous >= 2  # SQLite's FULL: a transaction is on the disk when it is over


def test_damaged_pages_are_said_to_be_damaged(kept):
    data = bytearray(kept.read_bytes())
    data[4096:] = bytes([0xFF]) * (len(data) - 4096)
    kept.write_bytes(data)
    with Journal(kept) as journal:
        for work in (journal.keys, lambda: journal.outcome("key 7"), lambda: journal.settle(JOBS)):
            with pytest.raises(InputError, match=r"expected a journal .*; delete that file, or change --out"):
                work()
        with pytest.raises(InputError, match="expected a journal"):
            journal.add(JOBS[0], Outcome(b"", 1, 0))
    assert kept.exists()


def test_a_damaged_outcome_is_said_to_be_damaged_and_the_others_are_not(kept):
    with sqlite3.connect(kept) as file:
        file.execute("UPDATE finished SET lines = x'00ff' WHERE key = 'key 7'")
    with Journal(kept) as journal:
        with pytest.raises(InputError, match=r"expected a journal .*; delete that file"):
            journal.outcome("key 7")
        assert journal.outcome("key 8").pictures == 1


def test_a_table_of_another_kind_is_no_journal(kept):
    with sqlite3.connect(kept) as file:
        file.execute("DROP TABLE finished")
        file.execute("CREATE TABLE finished (name TEXT)")
    with Journal(kept) as journal, pytest.raises(InputError, match="expected a journal"):
        journal.keys()
