"""Pure. The sentences of `fer_app.text_compare` in French."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PAGE = "Modèles"
TITLE = "Que voit chaque modèle ?"
LEAD = (
    "Déposez une photo : chaque modèle livré avec Mien répond pour chaque visage, côte à côte, et montre à quoi tient sa réponse."
)
UPLOAD = "Une photo"
UPLOAD_HELP = "Elle reste dans votre session jusqu’à ce que vous la supprimiez ou en apportiez une autre ; rien n’est enregistré."
NO_FACE = (
    "Aucun visage n’a été trouvé sur cette photo. Des visages plus grands, plus clairs et tournés vers la caméra se trouvent "
    "mieux."
)
WHICH = "Quel visage ?"
DELETE = "Supprimer cette photo"
FACE_ALT = "Le visage, découpé dans la photo"
PHOTO_ALT = "La photo, chaque visage trouvé encadré"
HEAT = "Montrer ce que chaque modèle a regardé"
HEAT_HELP = (
    "Des carrés du visage sont couverts l’un après l’autre, cent fois, et le modèle est interrogé à nouveau. Rouge : sans cette "
    "partie, la réponse s’affaiblit. Bleu : sans elle, la réponse se renforce. Chaque image est à l’échelle de son point le plus "
    "fort."
)
UNITS_TITLE = "Ce que les gens regardent"
UNITS_LEAD = (
    "Les mouvements du visage que l’on associe à chaque expression, avec les numéros des unités d’action d’Ekman. Une "
    "association n’est pas une preuve : un visage peut faire chaque mouvement pour une autre raison, et un réseau ne regarde pas "
    "forcément aux mêmes endroits."
)
UNITS_HEADS = ("Semble", "Mouvements", "Unités d’action")
UNITS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "happy": ("coins des lèvres levés, joues remontées, petits plis à côté des yeux", "6, 12"),
        "sad": ("bouts intérieurs des sourcils levés, coins des lèvres baissés", "1, 4, 15"),
        "angry": ("sourcils baissés et rapprochés, paupières tendues, lèvres serrées", "4, 5, 7, 23"),
        "surprise": ("sourcils levés, yeux grands ouverts, mâchoire tombante", "1, 2, 5, 26"),
        "fear": (
            "sourcils levés et rapprochés, yeux grands ouverts, lèvres étirées vers les côtés",
            "1, 2, 4, 5, 7, 20, 26",
        ),
        "disgust": ("nez plissé, lèvre supérieure relevée", "9, 10, 15"),
        "neutral": ("aucun qui se remarque", "–"),
    }
)


def largest(shown: int, found: int) -> str:
    return f"Les {shown} plus grands de {found} visages, le plus grand d’abord."


def face_number(number: int) -> str:
    return f"Visage {number + 1}"


def model_note(share: float, size: str) -> str:
    return f"Sur 100 visages de test, il donne à {100 * share:.0f} le mot de leur étiquette. {size}"


def heat_alt(model: str, looks: str) -> str:
    return f"Les parties du visage auxquelles tient la réponse « semble : {looks} » du modèle {model}"


def heat_note(looks: str) -> str:
    return f"À quoi tient « semble : {looks} »."
