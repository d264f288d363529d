"""Configs: every key is known."""

from pathlib import Path

import pytest

from fer_core import InputError
from fer_train.config import Schedule, changed, read_config, to_toml

CONFIGS = sorted(Path("fer_train/configs").glob("*.toml"))


@pytest.mark.parametrize("path", CONFIGS, ids=lambda p: p.stem)
def test_each_shipped_config_is_readable_and_named_as_its_file(path):
    assert read_config(path).name == path.stem


@pytest.mark.parametrize(
    "text", ["name = 'x'\nepoch = 3", "name = 'x'\n[schedule]\nlr = 1", "[network]\nkind = 'vgg'\nwidth = 3"]
)
def test_an_unknown_key_is_refused_by_name(tmp_path, text):
    path = tmp_path / "x.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"epoch|lr|width"):
        read_config(path)


def test_a_config_reads_back_as_it_was_written(tmp_path):
    config = changed(
        read_config(CONFIGS[0]), {"schedule.weight_decay": 5e-6, "network.widths": (4, 8), "network.standardise": False}
    )
    (tmp_path / "x.toml").write_text(to_toml(config))
    assert read_config(tmp_path / "x.toml") == config


@pytest.mark.parametrize("key", ["schedule.speed", "epochs", "name", "recipe.epochs"])
def test_a_change_of_an_unknown_key_is_refused(key):
    with pytest.raises(InputError, match=key):
        changed(read_config(CONFIGS[0]), {key: 1})


def test_a_warm_up_as_long_as_the_run_and_a_nameless_config_are_refused(tmp_path):
    with pytest.raises(InputError, match="warmup_epochs"):
        Schedule(epochs=2, warmup_epochs=2)
    (tmp_path / "x.toml").write_text("[schedule]\nepochs = 9\n")
    with pytest.raises(InputError, match="name"):
        read_config(tmp_path / "x.toml")


def test_text_that_is_not_toml_is_refused(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text("name = = 3")
    with pytest.raises(InputError, match="TOML"):
        read_config(path)
