"""Pure. The sentences of `fer_app.text_model` in French."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from fer_app.languages.fr.text import word
from fer_app.text import percent
from fer_app.text_model import count, out_of_100

# -- tabs, in the order in which they stand
CLASSES = "Chaque expression"
CONFUSION = "Confusions"
SURE = "Certitude"
PEOPLE = "Face aux gens"
PHOTOS = "Photos"
CHANGES = "Images dégradées"
GROUPS = "Groupes"
CARD = "La fiche"

CLASSES_NOTE = (
    "Des images de test avec une étiquette, la part à laquelle Mien donne le même mot. Le trait fin est l’intervalle à 95 % : un "
    "autre lot d’autant d’images tomberait sans doute dedans. Plus l’expression est rare, plus le trait est long."
)
CONFUSION_NOTE = (
    "Une ligne pour chaque étiquette : de 100 images ainsi étiquetées, combien ont reçu quelle réponse. Une bonne ligne ne "
    "ressort que sur la diagonale."
)
SURE_NOTE = (
    "**D’abord :** des visages dont Mien est sûr à 70 %, 70 % devraient être justes ; la courbe suit alors la ligne pointillée. "
    "**Ensuite :** qui ne répond que pour les visages clairs a plus souvent raison. La marque est l’endroit où se tient Mien."
)
PEOPLE_NOTE = (
    "Dix personnes ont regardé chacune les mêmes images de test (FER+). Mien a appris ce que dit la plupart, une personne seule "
    "non : être d’accord plus souvent qu’une personne, c’est mieux deviner la majorité, non mieux voir. Compté sur les visages "
    "sur lesquels la plupart sont d’accord ; la dernière barre compte tous les visages."
)
PHOTOS_NOTE = (
    "Tout le chemin, d’une photo comme les gens en prennent jusqu’au mot, face à un annotateur. Un visage non trouvé compte "
    "comme faux."
)
CHANGES_NOTE = (
    "Les images de test, dégradées exprès, pas à pas. La ligne pointillée est la place des images inchangées ; plus un point est "
    "à gauche, plus cela nuit."
)
GROUPS_LEAD = (
    "Ce qui est répondu pour des personnes de différents groupes. Mien lui-même ne prédit ni le genre ni l’origine ethnique, et "
    "n’estime les âges que si vous le demandez."
)
GROUPS_NOTE = (
    "Ces images ne portent pas d’étiquette d’expression : le diagramme peut montrer que les réponses diffèrent entre les "
    "groupes, non lesquelles sont fausses, ni si ce sont les personnes sur les images qui diffèrent, ou Mien."
)
CARD_LIMITS = "Limites"
CARD_MODELS = "Tous les modèles livrés"

# -- heads of tables
PICTURES = "Images"
SAME_WORD = "Même mot"
INTERVAL = "Intervalle à 95 %"
PRECISION = "Juste quand il le dit"
LABEL = "Étiquette"
MISSED = "non trouvé"
CONFIDENCE = "Confiance"
FACES = "Visages"
RIGHT = "Juste"
ANSWERED = "Répondu"
THRESHOLD = "Sûr à partir de"
WHO = "Qui"
AGREES = "D’accord avec la plupart des dix"
ONE_PERSON = "une personne"
ONE_PERSON_EVERYWHERE = "une personne, tous les visages"
CHANGE = "Changement"
GROUP = "Groupe"
NOT_SURE = "Pas sûr"
FIGURE = "Chiffre"

# -- in charts
CELL_HOVER = "étiquette %{y}, réponse %{x} : %{customdata}"
LABEL_AXIS, ANSWER_AXIS, CONFIDENCE_AXIS, RIGHT_AXIS, ANSWERED_AXIS = (
    *("étiquette", "réponse", "confiance", "juste"),
    "visages avec réponse",
)
AS_STATED, AS_MEASURED, POSSIBLE = "comme annoncé", "mesuré", "possible"
RELIABILITY_HOVER = "%{customdata} visages : annoncé %{x:.0%}, juste %{y:.0%}"
COVERAGE_HOVER = "répond à %{x:.0%}, juste %{y:.0%}"

CHANGE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "jpeg": "JPEG",
        "downscale": "moins de pixels",
        "rotation": "tournée",
        "shift": "décalée",
        "contrast": "contraste",
        "brightness": "luminosité",
        "noise": "bruit",
        "blur": "floue",
    }
)
MODEL_FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "accuracy": "FER2013, même mot que l’étiquette",
        "macro_f1": "FER2013, F1 macro",
        "head_accuracy": "FER2013, par la sortie entraînée vers ses étiquettes",
        "head_macro_f1": "La même sortie, F1 macro",
        "head_lowest_recall": "La même sortie, part trouvée de l’expression la moins trouvée",
        "head_calibration_error": "La même sortie, écart moyen entre confiance et justesse",
        "ferplus_accuracy": "FER+, même mot que la plupart des dix",
        "photos_agreement": "Photos du quotidien, même mot",
        "photos_missed": "Photos du quotidien, visage non trouvé",
        "expected_calibration_error": "Écart moyen entre confiance et justesse",
    }
)


def chip(side_px: int) -> str:
    return f"{side_px} × {side_px} pixels gris"


def plain_test(share: float, low: float, high: float, n: int) -> str:
    return (
        f"Sur 100 visages, Mien donne à {out_of_100(share)} le même mot que l’étiquette qu’ils portent (entre {100 * low:.0f} et "
        f"{100 * high:.0f}, compté sur {count(n)} images)."
    )


def plain_people(mien: float, person: float | None) -> str:
    beside = "" if person is None else f", une personne des dix pour {out_of_100(person)}"
    most = "Quand la plupart de dix personnes disent la même chose d’un visage"
    return f"{most}, Mien le dit aussi pour {out_of_100(mien)} sur 100{beside}."


def plain_answered(share: float, right: float) -> str:
    return (
        f"Il dit « pas sûr » plutôt que de deviner : il répond pour {out_of_100(share)} visages sur 100, et de 100 de ces "
        f"réponses, {out_of_100(right)} sont le mot de l’étiquette."
    )


def between(low: float, high: float) -> str:
    return f"{100 * low:.0f} à {100 * high:.0f} %"


def bars_alt(shares: Mapping[str, float]) -> str:
    return "Diagramme à barres : " + ", ".join(f"{word(name)} {percent(share)}" for name, share in shares.items())


def curve_alt(points: Mapping[float, float]) -> str:
    return "Courbe : " + ", ".join(f"{percent(x)} donne {percent(y)} de juste" for x, y in points.items())


def map_alt(right: Mapping[str, float]) -> str:
    words = ", ".join(f"{word(k)} {percent(v)}" for k, v in right.items())
    return f"Tableau des étiquettes et des réponses ; même mot : {words}"


def missed(share: float, n: int) -> str:
    return f"De {count(n)} photos, le visage n’a pas été trouvé sur {percent(share)}. {CONFUSION_NOTE}"


def megabytes(size_bytes: int | None) -> str:
    return "–" if size_bytes is None else f"{size_bytes / 1e6:.1f} Mo".replace(".", ",").replace(" ", "\N{NO-BREAK SPACE}")


def milliseconds(cost_ms: float | None) -> str:
    return "–" if cost_ms is None else f"{cost_ms:.1f} ms".replace(".", ",").replace(" ", "\N{NO-BREAK SPACE}")


def epochs_of(done: int, model: str) -> str:
    return f"{done} de « {model} »"


def epochs_after(done: int, before: Sequence[str]) -> str:
    return f"{done or 'aucune en propre'}, après {', '.join(before)}"


GROUPS_ALT = "Barres empilées des réponses par groupe ; le tableau ci-dessous a les chiffres"
CHANGES_ALT = "Points de justesse par sorte de changement ; le tableau ci-dessous a les chiffres"
FACTS: Mapping[str, str] = MappingProxyType(
    {
        "data": "Entraîné sur",
        "epochs": "Époques",
        "commit": "Fait par le commit",
        "input": "Voit",
        "labels": "Réponses",
        "temperature": "Température de ses réponses",
        "threshold": "« Pas sûr » en dessous de",
        "size": "Taille",
        "time": "Temps pour un visage, un fil d’exécution",
        "sha256": "Le SHA-256 de model.tflite commence par",
    }
)


_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "px, side of the face": "px, côté du visage",
        "gray levels, sigma": "niveaux de gris, sigma",
        "px, sigma": "px, sigma",
        "degrees, either way": "degrés, des deux côtés",
        "quality": "de qualité",
        "times the contrast": "fois le contraste",
        "gray levels added": "niveaux de gris ajoutés",
        "px, any way": "px, dans tous les sens",
    }
)
_GROUPS: Mapping[str, str] = MappingProxyType(
    {
        **{"age": "âge", "gender": "genre", "female": "féminin", "male": "masculin", "ethnicity": "origine"},
        **{"Asian": "asiatique", "Black": "noire", "Indian": "indienne", "White": "blanche", "other": "autre"},
    }
)


def change_step(level: float, unit: str) -> str:
    return f"{level:g}".replace(".", ",") + f" {_UNITS.get(unit, unit)}"


def group(by: str, name: str) -> str:
    return f"{_GROUPS.get(by, by)} {_GROUPS.get(name, name.replace(' to ', ' à '))}"
