"""Workshop. Runs the steps of deploy/Dockerfile without a container engine: a clean folder, a clean environment, nobody's rights.

    python deploy/prove.py FOLDER      (FOLDER must not exist; as root, which then gives its rights up)

Each COPY and RUN is carried out under FOLDER in the place of /, the server runs as the image's user with the image's
environment, owning nothing and writing nowhere but FOLDER/tmp, and the image's own health check must pass.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST_MB = 800
START_S = 120


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions in their order, each with what follows it."""
    text = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line.strip() for line in text.splitlines())
    return [tuple(line.split(maxsplit=1)) for line in lines if line and not line.startswith("#")]  # type: ignore[misc]


def under(folder: Path, text: str) -> str:
    """Return a command whose paths lie under the folder."""
    return re.sub(r"(?<![\w.])/(opt/mien|build|app)\b", lambda found: f"{folder}{found.group(0)}", text)


def copy(folder: Path, words: str) -> None:
    """Carry out a COPY of files of the repository."""
    *sources, target = shlex.split(words)
    place = folder / "app" / target if not target.startswith("/") else Path(f"{folder}{target}")
    for source in sources:
        whole = place / Path(source).name if len(sources) > 1 or target.endswith("/") else place
        whole.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, whole, ignore=shutil.ignore_patterns("__pycache__", "*.keras", "*.png"))
        else:
            shutil.copy(ROOT / source, whole)


def build(folder: Path) -> tuple[dict[str, str], str, str, list[str]]:
    """Carry out the steps; return the image's environment, user, health check and command."""
    environment, user, health, command = {"PATH": os.environ["PATH"]}, "0", "", []
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            copy(folder, rest)
        elif word == "RUN" and not rest.startswith("useradd"):
            subprocess.run(["/bin/sh", "-euc", under(folder, rest)], env=environment, check=True, cwd=folder)
        elif word == "ENV":
            environment |= dict(pair.split("=", 1) for pair in rest.split())
        elif word == "USER":
            user = rest
        elif word == "HEALTHCHECK":
            health = rest.split("CMD", 1)[1]
        elif word == "CMD":
            command = json.loads(under(folder, rest))
    return environment, user, health, command


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(folder: Path) -> int:
    """Build, start, ask for health, stop; return 0 if all of it held."""
    if folder.exists():
        sys.exit(f"expected a folder that is not there yet, got {folder}; name another")
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    environment, user, health, command = build(folder)
    megabytes = int(subprocess.check_output(["/usr/bin/du", "-sm", folder / "opt" / "mien"], text=True).split()[0])
    (folder / "tmp").mkdir(mode=0o1777)
    (folder / "tmp").chmod(0o1777)
    port = str(free_port())
    environment |= {"STREAMLIT_SERVER_PORT": port, "TMPDIR": str(folder / "tmp"), "HOME": "/nonexistent"}
    nobody = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs"]
    check = json.loads(under(folder, health).replace("8501", port))
    with subprocess.Popen([*nobody, *command], cwd=folder / "app", env=environment) as server:
        healthy, until_s = False, time.monotonic() + START_S
        while not healthy and server.poll() is None and time.monotonic() < until_s:
            healthy = subprocess.run([*nobody, *check], env=environment, capture_output=True, check=False).returncode == 0
        server.terminate()
        server.wait(30)
    ours = [path for path in (folder / "app").rglob("*") if path.stat().st_uid == int(user)]
    sys.stdout.write(
        f"installed environment: {megabytes} MB (at most {MOST_MB}); healthy: {healthy}; files written: {len(ours)}\n"
    )
    return 0 if healthy and megabytes < MOST_MB and not ours else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
