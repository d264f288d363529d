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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[schedule]\nepochs = '48'", r"epochs of \[schedule\] of .*x\.toml must be of the kind int, got '48'"),
        ("[schedule]\nepochs = 4.5", "epochs"),
        ("[schedule]\nepochs = -1", "epochs must be within 0"),
        ("[schedule]\npeak_rate = inf", "peak_rate"),
        ("[task]\nmost_equal = -5", "most_equal"),
        ("[network]\nwidths = [4, 8]", "a width and a depth a stage"),
        ("[schedule]\npeak_rate = true", "peak_rate"),
        ("[schedule]\npeak_rate = nan", "peak_rate"),
        ("[schedule]\nprecision = 'bogus'", "precision must be one of auto, float32, mixed_bfloat16"),
        ("[schedule]\nbatch = 0", "batch must be within 1 and inf, got 0"),
        ("[schedule]\nstart = 'small'", "start"),
        ("[network]\nwidths = [4, '8']", "widths"),
        ("[network]\nwidths = []\ndepths = []", "widths"),
        ("[network]\nbeside = [2, 2, 3, 2]", "beside"),
        ("[network]\nbeside = [[2, 2, 3]]", "a width and a depth a stage"),
        ("[network]\nbeside = [[2, 2, 0, 2]]", "1 or more"),
        ("[network]\nkind = 'mini-xception'\nbeside = [[1]]", "beside a vgg alone"),
        ("[network]\nstandardise = 1", "standardise"),
        ("[distillation]\nshare = 7", "share must be within 0 and 1, got 7"),
        ("[augmentation]\nzoom_low = 1.5", "zoom_low"),
        ("[network]\nkind = 'neighbours'", "neighbours remember labels"),
        ("[schedule]\nseed = 10000000000", "seed must be within 0"),
    ],
)
def test_a_value_of_another_kind_or_out_of_range_is_refused(tmp_path, text, said):
    path = tmp_path / "x.toml"
    path.write_text(f"name = 'x'\n{text}\n")
    with pytest.raises(InputError, match=said):
        read_config(path)


def test_a_section_that_is_no_table_and_a_name_that_is_no_text_are_refused(tmp_path):
    path = tmp_path / "x.toml"
    for text, said in (("name = 'x'\nschedule = 3", "must be a table"), ("name = 3", "name of .*x.toml")):
        path.write_text(text)
        with pytest.raises(InputError, match=said):
            read_config(path)


@pytest.mark.parametrize("name", ["", "../elsewhere", "a/b", "mine.v2", "-x", "a b"])
def test_a_name_that_is_no_folder_s_is_refused(tmp_path, name):
    path = tmp_path / "x.toml"
    path.write_text(f"name = '{name}'\n")
    with pytest.raises(InputError, match="name must be letters, digits, - and _"):
        read_config(path)


def test_a_whole_number_may_stand_for_any_number(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text("name = 'x'\n[schedule]\npeak_rate = 1\n")
    assert read_config(path).schedule.peak_rate == 1


def test_a_config_reads_back_as_it_was_written(tmp_path):
    config = changed(
        read_config(CONFIGS[0]), {"schedule.weight_decay": 5e-6, "network.beside": ((1, 3, 4, 1),), "network.standardise": False}
    )
    (tmp_path / "x.toml").write_text(to_toml(config))
    assert read_config(tmp_path / "x.toml") == config


@pytest.mark.parametrize("key", ["schedule.speed", "epochs", "name", "recipe.epochs"])
def test_a_change_of_an_unknown_key_is_refused(key):
    with pytest.raises(InputError, match=key):
        changed(read_config(CONFIGS[0]), {key: 1})


def test_a_change_to_a_value_of_another_kind_is_refused():
    with pytest.raises(InputError, match="peak_rate"):
        changed(read_config(CONFIGS[0]), {"schedule.peak_rate": "fast"})


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
    path.write_bytes("name = 'x'".encode("utf-16"))
    with pytest.raises(InputError, match="TOML"):
        read_config(path)
