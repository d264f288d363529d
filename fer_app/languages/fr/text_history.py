"""Pure. The sentences of `fer_app.text_history` in French."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fer_app.languages.fr.text import word
from fer_app.text import percent
from fer_app.text_history import COMPARE, NOTES, OVERVIEW, RECORDINGS, TIME, clock, span, thousands

HISTORY_PAGE = "Historique"
TITLE = "Tout ce qui vient de cette session"
LEAD = (
    "Photos, vidéos et sessions en direct en un seul endroit, aussi longtemps que vous restez. Rien n’est enregistré : "
    "téléchargez ce que vous voulez garder."
)
EMPTY_TITLE = "Rien ici pour l’instant"
EMPTY = (
    "Ajoutez une photo, une vidéo, ou démarrez la caméra : tout ce que Mien lit dans cette session se retrouve ici. Ou chargez "
    "une session que vous avez téléchargée auparavant."
)
GO_PHOTO, GO_VIDEO, GO_LIVE = "Ajouter une photo", "Ajouter une vidéo", "Démarrer la caméra"

# -- the parts of the screen
VIEW = "Que montrer"
VIEWS: Mapping[str, str] = MappingProxyType(
    {
        OVERVIEW: ":material/bar_chart: Vue d’ensemble",
        TIME: ":material/timeline: Dans le temps",
        NOTES: ":material/flag: Notes",
        COMPARE: ":material/compare_arrows: Comparer",
        RECORDINGS: ":material/list: Éléments",
    }
)
KIND_NAMES: Mapping[str, str] = MappingProxyType({"photo": "Photos", "video": "Vidéos", "live": "Direct", "loaded": "Chargées"})

# -- filters
FILTERS = "Filtrer"
FILTERS_ON = "Filtre actif"
FILTER_KINDS, FILTER_SOURCES, FILTER_PEOPLE, FILTER_LOOKS = "Types", "Sources", "Personnes", "Expressions"
FILTER_ALL = "Tout"
FILTERS_CLEAR = "Tout montrer"
FILTERED_OUT = "Aucun visage ne passe ce filtre. Choisissez-en moins, ou montrez tout."

# -- shares
SHARES = "Part de chaque expression perçue"
SHARES_NOTE = "Du temps pendant lequel des visages étaient visibles ; un visage sur une photo compte pour une seconde."
BY_SOURCE = "Par source"
BY_PERSON = "Par personne"
BY_SOURCE_NOTE = "Dans les couleurs des parts de l’ensemble."
BY_PERSON_NOTE = "Les personnes sont comptées à nouveau dans chaque source, sauf si vous leur avez donné un nom."
NO_FACES = "Aucun visage n’a été trouvé dans ce qui est montré ici."
NUMBERS = "Les chiffres"
NAME = "Nom"

# -- over time
TIMED_SOURCE = "Source"
TIME_NOTE = (
    "Probabilité moyenne de chaque expression. Vide : non analysé, ou seulement des personnes qui ne sont pas montrées. "
    "Pâle : analysé, et aucune personne visible. Les drapeaux sont vos notes."
)
NO_TIME = "Les photos n’ont pas de durée. Faites une session en direct ou chargez-en une, et son cours sera dessiné ici."
NOBODY, NOBODY_HOVER = "aucune personne visible", "oui"
FLAG = "note"
MOMENT = "Temps"

# -- notes
NOTE_LEAD = (
    "Une note marque une photo, ou un moment d’une vidéo ou d’une session en direct. Elle est téléchargée avec les résultats."
)
NOTE_SOURCE = "Sur"
NOTE_TIME = "À"
NOTE_TIME_HELP = (
    "Minutes et secondes, par exemple 1:30. L’image analysée la plus proche reçoit la note. Les photos n’ont pas besoin de temps."
)
NOTE_TEXT = "Note"
NOTE_PLACEHOLDER = "Par exemple : la porte s’ouvre"
NOTE_ADD = "Ajouter la note"
NOTE_NONE = "Pas encore de notes."
NOTE_EMPTY = "Une note a besoin de quelques mots. Écrivez-les et ajoutez la note à nouveau."
NOTE_TAKEN = (
    "Il y a déjà une note ici, et les deux ensemble sont trop longues. Écrivez-en moins, ou supprimez celle qui s’y trouve."
)
NOTE_DELETE = "Supprimer la note"

# -- compare
SIDES = ("Première", "Seconde")
COMPARE_LEAD = (
    "La part de chaque expression perçue dans deux sessions, côte à côte. Elle décrit des images, non ce que les gens ont "
    "ressenti."
)
COMPARE_ALONE = (
    "Il n’y a qu’une session pour l’instant. Faites-en une seconde, ou chargez-en une que vous avez téléchargée, pour "
    "comparer les deux."
)
ALL_HERE = "Toute cette session, sans les fichiers chargés"
DIFFERENCE = "Différence en points"

# -- the report
REPORT_TITLE = "Expressions perçues"
REPORT_LEAD = (
    "Un rapport de Mien. Il dit quelle expression les visages semblaient montrer sur des images : une supposition sur des "
    "images, non sur ce que les gens ont ressenti, et rien d’après quoi juger quelqu’un au travail ou dans l’enseignement."
)
NOTES_TITLE = "Notes"

# -- files
DOWNLOAD_CSV, DOWNLOAD_JSON, DOWNLOAD_HTML = "CSV", "JSON", "Rapport HTML"
DOWNLOADS_HELP = "Tout ce que montre cet écran, avec ou sans filtre."
LOAD = "Charger une session"
LOAD_LABEL = "Fichiers CSV ou JSON écrits par Mien"
LOAD_HELP = "De cette version ou d’une plus ancienne. JSON jusqu’à 40 Mo, CSV jusqu’à 16 Mo : environ 100 000 visages."
LOAD_FULL = "il n’y a plus de place ; supprimez des sessions chargées et chargez celle-ci à nouveau"
LOAD_LABELS = "les sept expressions de cet écran étaient attendues, d’autres sont venues ; ouvrez ce fichier avec la bibliothèque"
LOAD_EMPTY = "des images analysées étaient attendues, aucune n’est venue ; téléchargez la session à nouveau"
REFUSED_TITLE = "Non chargé ; tout le reste est comme avant"
DELETE = "Supprimer"
DELETE_ALL = "Tout supprimer"
DELETE_SURE = "Les photos, vidéos, sessions en direct, fichiers chargés et notes de cette session disparaîtront pour de bon."
DELETE_YES = "Oui, tout supprimer"


def answer(name: str) -> str:
    return word(name)


def facts(recordings: int, seconds: float, pictures: int, visible: int) -> str:
    many = f"{recordings} élément" if recordings < 2 else f"{recordings} éléments"
    long = f" · {span(seconds)}" if seconds >= 1 else ""
    shown = f"{pictures} image" if pictures < 2 else f"{thousands(pictures)} images"
    return f"{many}{long} · résultats de {shown} · quelqu’un de visible dans {percent(visible / max(1, pictures))}"


def people(count: int) -> str:
    return f"{count} personne" if count < 2 else f"{count} personnes"


def notes_full(most: int) -> str:
    return f"Il y a de la place pour {most} notes. Supprimez-en une pour en écrire une autre."


def note_bad_time(first_s: float, last_s: float) -> str:
    within = f"entre {clock(first_s)} et {clock(last_s)} pour cette source"
    return f"Le temps doit être en minutes et secondes, par exemple 1:30, {within}. Corrigez-le et ajoutez la note à nouveau."


def shares_alt(shares: Mapping[str, float]) -> str:
    ranked = sorted(shares, key=lambda name: -shares[name])
    return "Diagramme à barres : " + ", ".join(f"{answer(name)} {percent(shares[name])}" for name in ranked)


def rows_alt(what: str, count: int) -> str:
    rows = f"{count} ligne" if count < 2 else f"{count} lignes"
    return f"Barres empilées, {what.lower()}, {rows} ; les chiffres sont ci-dessous"


def most_often(shares: Mapping[str, float]) -> str:
    if not shares:
        return "aucun visage"
    return f"le plus souvent : {answer(max(shares, key=lambda name: shares[name]))}"


def more_rows(count: int) -> str:
    return f"et {count} de plus ; les chiffres ci-dessous montrent tout"


def loaded(count: int) -> str:
    return f"{count} session chargée" if count < 2 else f"{count} sessions chargées"


def side(name: str, kind: str) -> str:
    return f"{name} ({KIND_NAMES[kind]})"
