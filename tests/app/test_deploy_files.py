"""What ships for deployment agrees with itself and with the app; no engine and no cluster is needed to see that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from fer_app.heap import ARENAS, LARGE_BYTES
from fer_app.hosting.limits import Limits
from fer_train.bench.hosted import AS_DEPLOYED

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx" / "mien.conf").read_text(encoding="utf-8")
MANIFESTS = {part["kind"]: part for part in yaml.safe_load_all((DEPLOY / "kubernetes" / "mien.yaml").read_text(encoding="utf-8"))}
HEALTH = "/_stcore/health"


def test_the_image_runs_without_root_and_looks_after_its_health():
    final = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER (?!0|root)\S+$", final, re.M)
    assert HEALTH in re.search(r"^HEALTHCHECK .*$", final, re.M)[0]
    assert '"serve.py"]' in re.search(r"^CMD .*$", final, re.M)[0]


def test_the_heap_is_bounded_wherever_it_is_deployed_and_where_it_is_measured():
    assert {"MALLOC_ARENA_MAX": str(ARENAS), "MALLOC_MMAP_THRESHOLD_": str(LARGE_BYTES)} == AS_DEPLOYED
    settings = {f"{name}={value}" for name, value in AS_DEPLOYED.items()}
    assert settings < set(re.search(r"^ENV .*$", DOCKERFILE, re.M)[0].split())
    service = (DEPLOY / "mien.service").read_text(encoding="utf-8")
    assert settings < set(re.search(r"^Environment=(.*)$", service, re.M)[1].split())


def test_what_the_image_copies_is_there_and_let_in_and_nothing_else_is():
    copied = {source for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.M) for source in line.split()[:-1]}
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    assert copied == let_in
    assert all((ROOT / source).exists() for source in copied)
    assert not any("secret" in source for source in let_in)


def test_the_manifests_fit_together():
    assert set(MANIFESTS) == {"Secret", "Deployment", "Service", "PodDisruptionBudget", "Ingress"}
    pod = MANIFESTS["Deployment"]["spec"]["template"]
    labels = pod["metadata"]["labels"]
    for selector in (
        MANIFESTS["Deployment"]["spec"]["selector"]["matchLabels"],
        MANIFESTS["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        MANIFESTS["Service"]["spec"]["selector"],
    ):
        assert selector.items() <= labels.items()
    (container,) = pod["spec"]["containers"]
    assert [port["name"] for port in container["ports"]] == [MANIFESTS["Service"]["spec"]["ports"][0]["targetPort"]]
    (path,) = MANIFESTS["Ingress"]["spec"]["rules"][0]["http"]["paths"]
    assert path["backend"]["service"]["name"] == MANIFESTS["Service"]["metadata"]["name"]
    assert container["envFrom"][0]["secretRef"]["name"] == MANIFESTS["Secret"]["metadata"]["name"]


def test_a_pod_has_probes_limits_no_root_and_a_read_only_file_system():
    spec = MANIFESTS["Deployment"]["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    assert {container[probe]["httpGet"]["path"] for probe in ("startupProbe", "readinessProbe", "livenessProbe")} == {HEALTH}
    assert set(container["resources"]) == {"requests", "limits"}
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert [mount["mountPath"] for mount in container["volumeMounts"]] == ["/tmp"]


def test_visitors_are_kept_at_one_pod():
    notes = MANIFESTS["Ingress"]["metadata"]["annotations"]
    assert notes["nginx.ingress.kubernetes.io/affinity"] == "cookie"


def test_every_supervisor_waits_for_as_long_as_running_work_may_take():
    drain_s = Limits().drain_s
    assert MANIFESTS["Deployment"]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > drain_s
    assert int(re.search(r"TimeoutStopSec=(\d+)", (DEPLOY / "mien.service").read_text(encoding="utf-8"))[1]) > drain_s
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["mien"]
    assert int(compose["stop_grace_period"].rstrip("s")) > drain_s
    assert compose["read_only"] is True


def test_the_proxies_let_in_what_the_app_lets_in():
    assert f"client_max_body_size {Limits().video_mb}m;" in NGINX
    assert (
        MANIFESTS["Ingress"]["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"] == f"{Limits().video_mb}m"
    )
    streamlit = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert f"maxUploadSize = {Limits().video_mb}\n" in streamlit


def test_the_space_asks_for_the_port_that_the_image_opens():
    head = (DEPLOY / "space" / "README.md").read_text(encoding="utf-8").split("---")[1]
    assert yaml.safe_load(head)["app_port"] == int(re.search(r"^EXPOSE (\d+)$", DOCKERFILE, re.M)[1])


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "deploy").glob("*.md")), ids=lambda page: page.stem)
def test_each_page_is_one_page_and_names_only_files_that_are_there(page):
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    for name in re.findall(r"\b((?:deploy|tests)/[\w./-]+\w)", text):
        assert (ROOT / name).exists(), name
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert (page.parent / link).exists(), link
