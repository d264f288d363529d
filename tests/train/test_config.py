"""Configs: every key is known."""

from pathlib import Path

import pytest

from fer_core import InputError
from fer_train.config import read_config

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


def test_text_that_is_not_toml_is_refused(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text("name = = 3")
    with pytest.raises(InputError, match="TOML"):
        read_config(path)
