"""Many files over a Dask cluster: a worker that is killed midway loses nothing, and nothing is double."""

import warnings

import cv2
import numpy as np
import psutil
import pytest
from skimage.data import astronaut

from fer_core import from_csv
from fer_core.__main__ import main
from tests.core.films import write_film

pytestmark = [pytest.mark.model, pytest.mark.timeout(400), pytest.mark.filterwarnings("default")]
FACE = astronaut()[0:240, 100:340]


@pytest.fixture(scope="module")
def cluster():
    """Three worker processes of this machine, as a cluster that is joined by its address."""
    distributed = pytest.importorskip("distributed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(
            n_workers=3, threads_per_worker=1, dashboard_address=None, silence_logs=50, death_timeout=300
        ) as cluster:
            yield cluster


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for i in range(12):
        cv2.imwrite(str(tmp_path / f"{i:02}.png"), np.roll(FACE, i, axis=1)[..., ::-1])
    for i in range(3):
        write_film(tmp_path / f"film{i}.mp4", [FACE] * 60)
    (tmp_path / "bad.jpg").write_text("no photo")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_worker_killed_midway_loses_nothing_and_doubles_nothing(cluster, folder, capsys, monkeypatch):
    killed = []

    def kill_one(line, job, outcome):
        if not killed:  # at the first answer each worker has two files in hand
            killed.append(next(iter(cluster.workers.values())).process.pid)
            psutil.Process(killed[0]).kill()

    monkeypatch.setattr("fer_core.console.ProgressLine.finished", kill_one)
    code = main(["analyze", ".", "--dask", cluster.scheduler_address, "--annotate", "seen", "--quiet"])
    said = capsys.readouterr()
    assert code == 1, said.err
    assert len(killed) == 1
    assert "15 of 16 files analysed: " in said.out
    assert "failed: bad.jpg: expected a photo" in said.err
    timeline = from_csv((folder / "results.csv").read_bytes())
    assert timeline.sources == tuple(f"{i:02}.png" for i in range(12)) + tuple(
        f"film{i}.mp4" for i in range(3) for _ in range(60)
    )
    assert len(list((folder / "seen").iterdir())) == 15
    assert not (folder / "results.csv.journal").exists()


def test_the_cluster_gives_what_one_process_gives(cluster, folder):
    assert main(["analyze", "00.png", "film0.mp4", "--dask", cluster.scheduler_address, "--out", "a.csv", "--quiet"]) == 0
    assert main(["analyze", "00.png", "film0.mp4", "--workers", "1", "--out", "b.csv", "--quiet"]) == 0
    assert (folder / "a.csv").read_bytes() == (folder / "b.csv").read_bytes()
