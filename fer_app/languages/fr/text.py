"""Pure. The sentences of `fer_app.text` in French."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fer_app.text import percent
from fer_core.palette import NOT_SURE

LANGUAGE_TAG = "fr"
SEPARATORS = ",\N{NARROW NO-BREAK SPACE}"
LANGUAGE = "Langue"
PHOTO_PAGE = "Photo"
ABOUT_PAGE = "À propos"

# -- the photo screen
TITLE = "Lire les expressions sur une photo"
LEAD = (
    "Ajoutez des photos d’une ou de plusieurs personnes. Mien encadre chaque visage et dit laquelle de sept expressions il "
    "semble montrer, avec quelle confiance, et quand il n’est pas sûr."
)
LEAD_AGAIN = "Ajoutez d’autres photos, ou regardez les résultats ci-dessous."
UPLOAD = "Choisissez des photos, ou déposez-les ici"
CAMERA_OPEN = "Prendre une photo"
CAMERA_CLOSE = "Fermer la caméra"
CAMERA_NAME = "Photo de la caméra.jpg"
CAMERA_LABEL = "Regardez la caméra et prenez la photo"
CAMERA_BLOCKED = (
    "Pas d’image ci-dessus ? Votre navigateur ou votre appareil bloque la caméra. Autorisez-la par l’icône à côté de l’adresse "
    "de la page et rouvrez la caméra, ou ajoutez une photo de votre appareil."
)
CAMERA_NEEDS_NOTICE = "Veuillez d’abord confirmer l’avis ci-dessus ; la caméra reste éteinte jusque-là."
SAMPLES = "Pas de photo sous la main ? Un clic sur un exemple montre tout le résultat."
SAMPLES_BUTTON = "Exemples"
SAMPLE_TITLES: Mapping[str, str] = MappingProxyType({"astronaut.jpg": "Un portrait", "four_ways.jpg": "Un visage, quatre façons"})
SAMPLE_ALTS: Mapping[str, str] = MappingProxyType(
    {
        "astronaut.jpg": "Portrait d’une astronaute souriante en combinaison orange",
        "four_ways.jpg": "Le même portrait quatre fois : tel quel, sombre, flou et petit",
    }
)
SAMPLE_CREDIT = "Exemple : Eileen Collins, NASA, domaine public."
READING = "Lecture des photos"
LOADING = "Chargement des réseaux, une seule fois"
MODEL_MISSING = (
    "Mien n’a pas pu démarrer ses réseaux et ne peut donc pas lire de photos pour le moment. La raison se trouve dans le journal "
    "du serveur."
)


def of(what: str, whom: str) -> str:
    return f"{what} : {whom}"


def reading(position: int, total: int) -> str:
    return READING if total == 1 else f"{READING} : {position} sur {total}"


# -- the notice
NOTICE_TITLE = "Avant de commencer"
NOTICE = (
    "Mien cherche des visages dans les photos et les vidéos que vous lui montrez et calcule quelle expression chacun **semble** "
    "montrer. C’est une supposition sur une image, non sur ce qu’une personne ressent. Rien n’est enregistré ni transmis : "
    "photos et résultats restent dans la mémoire de ce serveur, dans votre seule session, et une vidéo dans un fichier "
    "temporaire sans nom, jusqu’à ce que vous les supprimiez ou partiez ; de la vidéo en direct, aucune image n’est gardée. "
    "L’âge n’est estimé que si vous le demandez ; il est montré sur la page et n’est gardé dans aucun fichier. **Prévenez les "
    "personnes sur vos images, et ne jugez personne d’après cela, surtout pas au travail ni dans l’enseignement : la loi l’y "
    "interdit.**"
)
NOTICE_CONFIRM = "J’ai compris"

# -- settings
SETTINGS = "Réglages"
LANDMARKS = "Marquer les yeux, le nez et la bouche"
MIN_FACE = "Plus petit visage à chercher"
MIN_FACE_HELP = (
    "En pixels de la photo. Une taille plus petite trouve des visages plus éloignés et prend plus de temps. Pour les photos que "
    "vous ajouterez ensuite."
)
ENGINE = "Moteur"
ENGINE_HELP = (
    "Rapide exécute les réseaux avec LiteRT. Référence exécute le paquet mtcnn et Keras avec TensorFlow : plus lent, pour "
    "comparer. Cascade de Haar trouve les visages comme les appareils photo d’il y a vingt ans, également pour comparer. Pour "
    "les photos que vous ajouterez ensuite."
)
ENGINE_NAMES: Mapping[str, str] = MappingProxyType({"fast": "Rapide", "reference": "Référence", "haar": "Cascade de Haar"})
HAAR_NOTE = (
    "Trouvé par la cascade de Haar : ses cadres sont plus larges que ceux que Mien a appris à lire, elle ne situe ni les yeux, "
    "ni le nez, ni la bouche, et ne peut pas dire à quel point elle est sûre d’un visage."
)


def min_face(pixels: int) -> str:
    size = {20: "Petit", 40: "Moyen", 80: "Grand"}.get(pixels, "Habituel")
    return f"{size} · {pixels} px"


# -- results
RESULTS = "Résultats"
DOWNLOAD_PICTURE = "Image"
DOWNLOAD_BLURRED = "Visages floutés"
BLURRED_NOTE = "Seuls les visages trouvés sont floutés : regardez l’image avant de la partager."
DOWNLOAD_ALL_CSV = "Tout en CSV"
DOWNLOAD_ALL_JSON = "Tout en JSON"
DELETE_ONE = "Supprimer"
DELETE_ALL = "Tout supprimer"
NO_FACE = "Aucun visage trouvé sur cette photo"
NO_FACE_ADVICE = (
    "Mien voit mieux un visage tourné vers la caméra, bien éclairé, et que ne cachent ni main, ni masque, ni lunettes sombres. "
    "Pour des visages éloignés, choisissez un visage plus petit dans les réglages et ajoutez la photo à nouveau, ou recadrez-la "
    "de plus près."
)
CHIP_NOTE = "À gauche : le visage sur votre photo. À droite : les 48 × 48 pixels gris que le réseau a vus."
NUMBERS = "Les chiffres"
EXPRESSION = "Expression"
PROBABILITY = "Probabilité"
LEFT_OUT_TITLE = "Certains fichiers ont été écartés"
LEFT_OUT_CLOSE = "Fermer ce message"


def photos_kept(count: int) -> str:
    return f"{count} photo" if count < 2 else f"{count} photos"


def faces_found(count: int) -> str:
    return "Aucun visage" if count == 0 else "1 visage" if count == 1 else f"{count} visages"


def cost(milliseconds: float, engine: str) -> str:
    where = "avec la cascade de Haar" if engine == "haar" else f"avec le moteur {ENGINE_NAMES.get(engine, engine).lower()}"
    return f"{milliseconds:.0f} ms {where}"


def unreadable(reason: str) -> str:
    return f"Lecture impossible : {reason}."


def photos_read(photos: int, faces: int) -> str:
    read = "lue" if photos < 2 else "lues"
    found = "trouvé" if faces < 2 else "trouvés"
    return f"{photos_kept(photos)} {read}, {faces_found(faces).lower()} {found}. Les résultats sont ci-dessous."


def too_many(limit: int, left_out: int) -> str:
    rest = "1 photo a été écartée" if left_out == 1 else f"{left_out} photos ont été écartées"
    return f"Mien garde jusqu’à {limit} photos à la fois : {rest}. Supprimez-en quelques-unes et ajoutez le reste à nouveau."


def more_faces(hidden: int) -> str:
    return "Montrer 1 visage de plus" if hidden == 1 else f"Montrer {hidden} visages de plus"


# -- what a face looks like: nouns, which agree with everybody
LOOKS: Mapping[str, str] = MappingProxyType(
    {
        "angry": "colère",
        "disgust": "dégoût",
        "fear": "peur",
        "happy": "joie",
        "sad": "tristesse",
        "surprise": "surprise",
        "neutral": "neutre",
    }
)
WORDS: Mapping[str, str] = MappingProxyType({**LOOKS, NOT_SURE: "pas sûr"})


def word(name: str) -> str:
    return WORDS.get(name, name)


def looks_like(label: str, confidence: float, threshold: float) -> str:
    return "Pas sûr" if confidence < threshold else f"Semble : {LOOKS.get(label, label)}"


def how_sure(probabilities: Mapping[str, float], threshold: float) -> str:
    best, second = sorted(probabilities, key=lambda name: -probabilities[name])[:2]
    if probabilities[best] >= threshold:
        return f"Confiance {percent(probabilities[best])}"
    first, other = (f"{LOOKS.get(n, n)} ({percent(probabilities[n])})" for n in (best, second))
    return f"Peut-être {first} ou {other} ; aucune des deux réponses n’est assez probable pour le dire."


def rule(threshold: float) -> str:
    return f"Mien dit « pas sûr » quand sa meilleure supposition est inférieure à {percent(threshold)} (la ligne pointillée)."


def picture_alt(answers: list[str]) -> str:
    if not answers:
        return "Votre photo, sans visage encadré"
    framed = "encadré" if len(answers) == 1 else "encadrés"
    return f"Votre photo, {faces_found(len(answers))} {framed} – {', '.join(answers)}"


def chart_alt(probabilities: Mapping[str, float]) -> str:
    ranked = sorted(probabilities, key=lambda name: -probabilities[name])
    return "Diagramme à barres : " + ", ".join(f"{LOOKS.get(name, name)} {percent(probabilities[name])}" for name in ranked)


ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "small": "Ce visage est petit sur la photo : la réponse est plus incertaine. Une photo de plus près aide.",
        "blurred": "Ce visage est flou : la réponse est plus incertaine. Une photo plus nette aide.",
    }
)
FACE_ALT = "Le visage sur votre photo"
CHIP_ALT = "Le même visage en 48 × 48 pixels gris"
