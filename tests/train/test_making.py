"""The commands' words: which config, which faces, and what is refused."""

import argparse
from pathlib import Path

import pytest

from fer_core.cards import MODELS_FOLDER
from fer_train.__main__ import main
from fer_train.config import Config, Finetuning, to_toml
from fer_train.making import config_of, faces_of, table_of


def words(name, runs):
    return argparse.Namespace(config=Path(name), runs=runs, data=runs / "data")


def test_a_shipped_config_is_found_by_its_name_and_a_fine_tuned_one_in_its_run(tmp_path):
    own = Config(name="mine", finetuning=Finetuning(source="small"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "config.toml").write_text(to_toml(own))
    assert config_of(words("small", tmp_path)).name == "small"
    assert config_of(words("mine", tmp_path)) == own
    assert config_of(words(str(tmp_path / "mine" / "config.toml"), tmp_path)) == own


def test_a_fine_tuned_run_brings_its_own_faces(tmp_path):
    from fer_core import InputError

    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "config.toml").write_text(to_toml(Config(name="mine", finetuning=Finetuning(source="small"))))
    with pytest.raises(InputError, match=r"mine/faces\.npz"):
        faces_of(words("mine", tmp_path))
    for read, name in ((table_of, "mine"), (faces_of, "small")):
        with pytest.raises(InputError, match=r"data/fer2013\.npz"):
            read(words(name, tmp_path))


@pytest.mark.parametrize(
    "more",
    [
        ["small", "--faces", "faces"],  # the name of a shipped config
        ["ages", "--faces", "faces"],  # the folder of what estimates ages
        ["mine"],  # no faces
        ["mine", "--faces", "faces", "--from", "nowhere/model.keras"],
        ["mine", "--faces", "faces", "--from", str(MODELS_FOLDER / "small" / "model.tflite")],
    ],
)
def test_carrying_on_asks_for_a_model_faces_and_a_new_name(more, capsys):
    source = [] if "--from" in more else ["--from", str(MODELS_FOLDER / "small" / "model.keras")]
    assert main(["train", *more, *source]) == 2
    assert "--from needs" in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--epochs", "5"], ["--faces", "faces"]])
def test_words_that_belong_to_carrying_on_are_refused_without_it(more, capsys):
    assert main(["train", "small", *more]) == 2
    assert "belong to --from" in capsys.readouterr().err


def test_a_config_that_bears_the_name_of_another_folder_is_refused(tmp_path, capsys):
    (tmp_path / "x.toml").write_text("name = 'mtcnn'\n")
    for command in ("train", "export", "evaluate"):
        assert main([command, str(tmp_path / "x.toml")]) == 2
        assert "got 'mtcnn'; choose another" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["mine.v2", "--faces", "faces"], ["mine", "--faces", "faces", "--epochs", "0"]])
def test_what_could_not_be_exported_or_trains_nothing_is_refused_before_any_face_is_read(words, capsys):
    assert main(["train", *words, "--from", str(MODELS_FOLDER / "small" / "model.keras")]) == 2
    said = capsys.readouterr()
    assert "name must be letters" in said.err or "--epochs must be 1 or more" in said.err
    assert not said.out


@pytest.mark.reference
def test_a_recipe_that_carries_a_model_on_is_not_trained_from_the_start(tmp_path):
    from fer_core import InputError
    from fer_train.train import train

    with pytest.raises(InputError, match="train it with --from and --faces"):
        train(Config(name="mine", finetuning=Finetuning(source="small")), None, tmp_path / "mine")
    assert not (tmp_path / "mine").exists()
