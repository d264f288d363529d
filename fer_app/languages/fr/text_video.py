"""Pure. The sentences of `fer_app.text_video` in French."""

from __future__ import annotations

from collections.abc import Mapping

from fer_app.languages.fr.text import word
from fer_app.text import percent
from fer_app.text_live import length
from fer_app.text_video import clock
from fer_app.text_video import exact_clock as english_exact_clock

VIDEO_PAGE = "Vidéo"
TITLE = "Suivre les expressions dans une vidéo"
LEAD = (
    "Ajoutez une vidéo. Mien suit chaque visage et montre quelle expression il semble avoir, moment après moment, et quand il "
    "n’est pas sûr."
)
UPLOAD = "Choisissez une vidéo, ou déposez-la ici"
UPLOAD_HELP = (
    "MP4, MOV, WebM, AVI ou MKV. Pour des fichiers plus longs, il y a la ligne de commande : python -m fer_core analyze."
)
KEPT_NOTE = (
    "La vidéo ne reste sur ce serveur que tant que cette page est ouverte. Ses résultats restent sous Historique jusqu’à ce que "
    "vous les supprimiez."
)
COPYING = "Réception de la vidéo"
GONE = (
    "La page s’est absentée un moment, et la vidéo n’a donc pas été conservée. Ce qui a été analysé est encore là ; ajoutez la "
    "vidéo à nouveau pour le reste."
)
REMOVE = "Retirer cette vidéo"
PROBLEM_TITLE = "Cette vidéo a été écartée"
GONE_BEFORE = "La page s’est absentée un moment, et la vidéo n’a donc pas été conservée. Retirez-la ici et ajoutez-la à nouveau."

# -- before the analysis
PART = "Partie à analyser"
PART_HELP = "En minutes et secondes."
RATE = "Images à analyser par seconde"
RATE_HELP = "Cinq par seconde suivent chaque expression qui dure assez pour être vue. Prendre toutes les images est le plus long."
START = "Analyser"

# -- while it runs
RUNNING = "Analyse"
CANCEL = "Arrêter ici"
WAITING = "Les vidéos d’autres visiteurs passent d’abord ; la vôtre commence dès que l’une d’elles est finie"
CANCEL_HELP = "Ce qui a été analysé jusque-là est gardé."
PREVIEW_ALT = "L’image analysée en dernier, visages encadrés"
BACKGROUND = "Vous pouvez regarder d’autres pages pendant ce temps ; le travail continue."

# -- results
STOPPED = "Vous avez arrêté l’analyse : les résultats sont ceux de la partie qui précède."
CUT_SHORT = (
    "Le fichier finit plus tôt qu’il ne le dit, et le reste n’a donc pas pu être lu. Copiez-le ou téléchargez-le à nouveau s’il "
    "vous le faut."
)
UNEXPECTED = (
    "Il s’est passé quelque chose que Mien n’avait pas prévu ; la raison se trouve dans le journal du serveur. Ce qui a été fait "
    "auparavant est gardé"
)
NOTHING = "Aucune image de cette partie n’a pu être lue."
NO_FACES = (
    "Aucun visage n’a été trouvé dans cette partie. Les visages tournés vers la caméra et bien éclairés se trouvent le mieux."
)
WHO = "Qui"
EVERYONE = "Tout le monde"
OVER_TIME = "Dans le temps"
OVER_TIME_NOTE = (
    "Confiance de chaque expression. Touchez le diagramme, ou déplacez le curseur, pour voir le moment correspondant."
)
MOMENT = "Moment"
MOMENT_GONE = "L’image de ce moment ne peut plus être montrée."
SHARES = "Part du temps visible"
PEAKS = "Moments les plus forts"
GO_THERE = "Le montrer"
CONFIDENCE = "Confiance"
PEAK_ALT = "Le visage à ce moment"
PEOPLE = "Personnes"
EDIT = "Renommer, cacher ou fusionner"
PERSON = "Personne"
NAME = "Nom"
RENAME = "Enregistrer le nom"
HIDE = "Cacher"
SHOW = "Montrer à nouveau"
MERGE = "C’est la même personne"
MERGE_BUTTON = "Fusionner"
MERGE_HELP = "Quelqu’un qui quitte longtemps l’image peut revenir sous un nouveau numéro."
COLUMNS = ("Personne", "Visible", "De", "À", "Semble le plus souvent")
HIDDEN = "cachée"

# -- files
FILES = "Lecteur et fichiers"
DRAW_FRAMES = "Encadrer les visages"
BLUR = "Flouter les visages"
BLUR_HELP = "Dans la vidéo annotée et sur les images du rapport. Les personnes cachées sont floutées aussi."
BLUR_SPARSE = "Avec moins de deux images par seconde, un visage qui bouge vite peut échapper au flou ; analysez à 2 ou plus."
PLAYER_ALT = "La vidéo annotée"
MAKE = "Faire la vidéo annotée"
MAKING = "Écriture de la vidéo annotée"
MAKE_CANCEL = "Arrêter l’écriture"
DOWNLOAD_VIDEO = "Vidéo annotée"
DOWNLOAD_REPORT = "Rapport (HTML)"
AGAIN = "Analyser à nouveau"

# -- labels to compare with
TRUTH = "Comparer avec vos propres étiquettes"
TRUTH_UPLOAD = "Un CSV avec les colonnes start, end, label"
TRUTH_HELP = (
    "Temps en secondes ou sous la forme minutes:secondes ; étiquettes, en anglais : angry, disgust, fear, happy, sad, surprise, "
    "neutral."
)
TRUTH_RULE = (
    "À chaque image analysée d’une partie étiquetée, la réponse pour la personne choisie, ou pour le plus grand visage, est "
    "comparée à votre étiquette, et compte pour le temps que l’image représente. « Pas sûr » est un désaccord ; les images sans "
    "visage sont laissées de côté."
)
TRUTH_REMOVE = "Retirer les étiquettes"
TRUTH_NONE = "Aucune partie étiquetée ne montre de visage, il n’y a donc rien à comparer."
AGREEMENT = "Accord avec les étiquettes"
STRIP_LABELS, STRIP_ANSWERS = "Vos étiquettes", "Perçu"
STRIP_HOVER = "%{customdata[0]}, %{customdata[1]} à %{customdata[2]}"

LEAD_REPORT = "Mien lit quelle expression un visage semble montrer. Les personnes cachées sont laissées de côté."
CURVES_NOTE = "Confiance de chaque expression perçue au fil du temps ; un vide signifie que la personne n’était pas visible."
LIMITS = "Ce que cela ne dit pas"
REPORT_NOTE = (
    "Une expression perçue est une supposition sur une image, non sur ce qu’une personne ressent. Ne jugez personne d’après elle "
    "au travail ou dans l’enseignement."
)


def rate(hertz: float | None) -> str:
    return "Toutes" if hertz is None else _decimal(f"{hertz:g}")


def _decimal(number: str) -> str:
    return number.replace(".", ",")


def facts(duration_s: float | None, size_wh: tuple[int, int], rate_hz: float | None, codec: str, *, sound: bool) -> str:
    parts = [clock(duration_s) if duration_s else "durée inconnue", f"{size_wh[0]} × {size_wh[1]}"]
    parts += [f"{_decimal(f'{rate_hz:.3g}')} images par seconde"] if rate_hz else []
    return " · ".join((*parts, codec.upper(), "avec son" if sound else "sans son"))


def running(at_s: float, remaining_s: float | None) -> str:
    return f"{RUNNING} : {clock(at_s)}{_left(remaining_s)}"


def making(remaining_s: float | None) -> str:
    return f"{MAKING}{_left(remaining_s)}"


def _left(remaining_s: float | None) -> str:
    return "" if remaining_s is None else f" · encore {length(max(1.0, remaining_s))} environ"


def done(pictures: int, people: int, start_s: float, last_s: float) -> str:
    who = "aucune personne" if people == 0 else "1 personne" if people == 1 else f"{people} personnes"
    shown = f"{pictures} image analysée" if pictures < 2 else f"{pictures} images analysées"
    return f"{clock(start_s)} à {clock(last_s)} · {shown} · {who}"


def peak(label: str, time_s: float) -> str:
    return f"Au plus fort à {clock(time_s)} : {word(label)}"


def most(shares: Mapping[str, float]) -> str:
    if not shares:
        return ""
    best = max(shares, key=lambda name: shares[name])
    return f"{word(best)} ({percent(shares[best])})"


def looks_word(name: str) -> str:
    return word(name)


def moment_alt(time_s: float) -> str:
    return f"La vidéo à {clock(time_s)}, visages encadrés"


def seconds(length_s: float) -> str:
    return f"{length_s:.1f} s".replace(".", ",")


def curves_alt(means: Mapping[str, float]) -> str:
    ranked = sorted(means, key=lambda name: -means[name])[:3]
    return "Courbes au fil du temps, en moyenne " + ", ".join(f"{word(name)} {percent(means[name])}" for name in ranked)


def agrees(share: float, labelled_s: float, unseen_s: float) -> str:
    unseen = f" ; personne n’est visible pendant {length(unseen_s)}" if unseen_s >= 1 else ""
    return f"**{percent(share)} d’accord** sur {length(labelled_s)} de vidéo étiquetée{unseen}."


def label_agrees(shares: Mapping[str, float]) -> str:
    return "Par étiquette : " + ", ".join(f"{word(name)} {percent(share)}" for name, share in shares.items())


def exact_clock(seconds: float) -> str:
    return english_exact_clock(seconds).replace(".", ",")
