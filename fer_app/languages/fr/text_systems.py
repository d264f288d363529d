"""Pure. The sentences of `fer_app.text_systems` in French."""

from __future__ import annotations

from collections.abc import Mapping

TITLE = "D’où vient Mien"
LEAD = (
    "Cinq projets d’étudiants, et un petit réseau par lequel l’un d’eux a commencé. Chacun est entraîné à nouveau dans l’atelier "
    "de Mien, selon un seul protocole : les images d’entraînement qui sont des copies d’images de test sont écartées, le test "
    "public choisit, le test privé mesure. Mien répond aux mêmes visages ; les expressions réunies le sont "
    "pour les deux, les expressions retirées aussi."
)
HEADS = ("Système", "Publié", "Ici", "Mien, mêmes visages")
NOT_YET = "pas encore entraîné"
MEASURED_HOW = "Sur quoi les chiffres publiés ont été mesurés"


def system(name: str, whose: str) -> str:
    return f"{name} : {whose}"


def measured_on(figure: str, classes: str, faces: str, epochs: str) -> str:
    return f"{figure} ; {classes} classes, {faces} visages, {epochs} époque{'' if epochs == '1' else 's'}"


def both(all_faces: str, found: str) -> str:
    return f"{all_faces} ({found} de ceux qui ont été trouvés)"


def with_f1(accuracy: str, f1: str) -> str:
    return f"{accuracy}, F1 {f1}"


def published_how(row: Mapping[str, str]) -> str:
    where = f"{row['figure']} sur {row['measured_on']} ; " if row["published"] else ""
    return f"**{row['model']}** : {where}{row['note']}."
