"""The commands' words: which config, which faces, and what is refused."""

import argparse
from pathlib import Path

import pytest

from fer_core.cards import MODELS_FOLDER
from fer_train.__main__ import main
from fer_train.config import Config, Finetuning, to_toml
from fer_train.making import config_of, faces_of, table_of
from tests.train.test_workshop import put_faces


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


def test_a_model_is_carried_on_from_inside_its_own_folder_under_its_own_name(tmp_path, monkeypatch, capsys):
    from fer_train import finetune

    begun = []
    monkeypatch.setattr(finetune, "finetune", lambda config, models, *_, **__: begun.append((config, models)) or [])
    monkeypatch.setattr("fer_train.report.draw_curves", lambda *_: None)
    put_faces(tmp_path / "faces", 1, seed=0)
    monkeypatch.chdir(MODELS_FOLDER / "small")
    for source in ("model.keras", "."):
        words = ["train", "mine", "--from", source, "--faces", str(tmp_path / "faces"), "--runs", str(tmp_path / "runs")]
        assert main([*words, "--models", str(MODELS_FOLDER)]) == 0
    assert [(config.finetuning.source, models) for config, models in begun] == [("small", MODELS_FOLDER)] * 2


def test_labels_that_two_class_folders_contradict_are_counted_aloud(tmp_path, monkeypatch, capsys):
    import shutil

    from fer_train import finetune

    monkeypatch.setattr(finetune, "finetune", lambda *_, **__: [])
    monkeypatch.setattr("fer_train.report.draw_curves", lambda *_: None)
    put_faces(tmp_path / "faces", 2, seed=0)
    words = ["train", "mine", "--from", str(MODELS_FOLDER / "small"), "--faces", str(tmp_path / "faces")]
    words += ["--runs", str(tmp_path / "runs"), "--models", str(MODELS_FOLDER)]
    assert main(words) == 0
    assert "two class folders" not in capsys.readouterr().out
    shutil.copy(tmp_path / "faces" / "happy" / "1.png", tmp_path / "faces" / "sad" / "again.png")
    assert main(words) == 0
    assert "2 of them have the same pixels in two class folders: their labels teach nothing" in capsys.readouterr().out


def test_a_fine_tuned_model_is_not_evaluated_and_where_its_figures_stand_is_said(tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "config.toml").write_text(to_toml(Config(name="mine", finetuning=Finetuning(source="small"))))
    assert main(["evaluate", "mine", "--runs", str(tmp_path), "--data", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "got mine, which carries small on" in said
    assert f"see {tmp_path}/mine/agreement.json, and after export in models/mine/README.md" in said


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
