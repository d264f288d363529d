"""Pure. The sentences of `fer_app.text_live` in French."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fer_app.languages.fr.text import word
from fer_app.text import percent
from fer_app.text_history import thousands
from fer_app.text_live import length
from fer_core.palette import NOT_SURE

LIVE_PAGE = "Direct"
TITLE = "Voir les expressions en direct"
LEAD = (
    "Appuyez sur **Démarrer** et autorisez la caméra. Mien encadre chaque visage et nomme l’expression qu’il semble montrer, à "
    "mesure qu’elle change."
)
TELL = "Dites à toutes les personnes sur l’image que leur expression est lue. Aucune image n’est gardée."
NEEDS_NOTICE = "Veuillez d’abord confirmer l’avis ci-dessus ; la caméra reste éteinte jusque-là."

# -- the video's own buttons
CAMERA_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "start": "Démarrer",
        "stop": "Arrêter",
        "select_device": "Choisir une caméra",
        "select_camera": "Choisir une caméra",
        "turn_camera_on": "Allumer la caméra",
        "turn_camera_off": "Éteindre la caméra",
        "media_api_not_available": "Ce navigateur n’offre pas de caméra aux pages web.",
        "device_ask_permission": "Veuillez autoriser cette page à utiliser la caméra.",
        "device_not_available": "Cette caméra ne peut pas être utilisée pour le moment.",
        "device_access_denied": "La caméra est bloquée pour cette page.",
    }
)

# -- settings
STYLE = "À côté d’un visage"
STYLE_NAMES: Mapping[str, str] = MappingProxyType({"labels": "Mots", "emoji": "Émojis", "boxes": "Cadres seuls"})
MIRROR = "Image en miroir"
MIRROR_HELP = "Comme dans un miroir. Les mots restent lisibles, et les résultats gardent la vraie gauche et la vraie droite."
SMOOTH = "Calmer la réponse sur"
SMOOTH_HELP = "Plus long est plus calme, plus court est plus vif. 0 montre la réponse propre à chaque image."
MIN_FACE_HELP = "En pixels de l’image. Une taille plus petite trouve des personnes plus éloignées et prend plus de temps."

# -- beside the video
BESIDE_IDLE = (
    "Une fois la vidéo lancée, ce côté montre qui est visible et ce que chaque visage semble montrer, seconde après seconde."
)
BESIDE_WAITING = "Connexion en cours. Autorisez la caméra si votre navigateur le demande."
NOBODY = "Personne n’est visible en ce moment."
MINUTE = "La dernière minute"
EVERYONE = "Tout le monde"
FAULTY = "Certaines images n’ont pas pu être lues et sont montrées telles quelles. La vidéo continue."
IDLE = "Aucune image n’arrive. Si cela dure, appuyez sur Arrêter, puis de nouveau sur Démarrer."

# -- what went wrong, and what to do; a snapshot takes over
SNAPSHOT_NOTE = "D’ici là, une photo fait de même : prenez-en une ici, ou ajoutez-en une sur la page Photo."
PHOTO_NOTE = "D’ici là, une photo fait de même : ajoutez-en une sur la page Photo."
TRY_AGAIN = "Réessayer la vidéo en direct"
PREFER_SNAPSHOT = "Pas de vidéo ? Prendre plutôt une photo"
TROUBLE: Mapping[str, str] = MappingProxyType(
    {
        "insecure": (
            "Les navigateurs n’ouvrent la caméra que sur les pages dont l’adresse commence par https ; veuillez utiliser cette "
            "adresse."
        ),
        "denied": "La caméra est bloquée pour cette page. Autorisez-la par l’icône à côté de l’adresse, puis réessayez.",
        "missing": (
            "Aucune caméra n’a été trouvée. Branchez-en une, ou prenez un téléphone ou un ordinateur qui en a une, puis "
            "réessayez."
        ),
        "busy": "Un autre programme utilise la caméra. Fermez-le, puis réessayez.",
        "failed": "La caméra n’a pas pu être ouverte. Rebranchez-la ou choisissez-en une autre, puis réessayez.",
        "slow": (
            "La vidéo n’a pas pu se connecter en 8 secondes, le plus souvent parce que ce réseau la bloque. Essayez un autre "
            "réseau."
        ),
        "setup": (
            "La vidéo en direct n’est pas bien réglée sur ce serveur ; son exploitant en trouve la raison sur la page de "
            "vérification de la connexion."
        ),
        "chosen": "La vidéo en direct est arrêtée.",
    }
)
LOST = "La connexion a été perdue, et la session est donc terminée. Appuyez sur Démarrer pour en commencer une nouvelle."

# -- after STOP
SESSION = "Votre dernière session"
SHARES = "Part du temps où des visages étaient visibles"
NO_FACES = "Aucun visage n’était visible dans cette session."
DELETE = "Supprimer"


def smooth_seconds(seconds: float) -> str:
    return f"{seconds:g} s".replace(".", ",")


def person(track_id: int) -> str:
    return f"Personne {track_id + 1}"


def looks(shown: str) -> str:
    return word(shown) if shown == NOT_SURE else f"semble : {word(shown)}"


def visible(count: int) -> str:
    return f"{count} personne est visible" if count < 2 else f"{count} personnes sont visibles"


def more_people(count: int) -> str:
    return "et 1 personne de plus" if count == 1 else f"et {count} personnes de plus"


def pace(fps: float, p50_ms: float, p95_ms: float) -> str:
    return f"{fps:.0f} images par seconde ; chacune prend {p50_ms:.0f} ms, 95 sur 100 au plus {p95_ms:.0f} ms"


def counts(analysed: int, dropped: int) -> str:
    read = f"{thousands(analysed)} analysée" if analysed < 2 else f"{thousands(analysed)} analysées"
    return f"{read}, {thousands(dropped)} sautée" if dropped < 2 else f"{read}, {thousands(dropped)} sautées"


def session_facts(seconds: float, pictures: int, people: int) -> str:
    who = f"{people} personne" if people < 2 else f"{people} personnes"
    shown = f"{pictures} image analysée" if pictures < 2 else f"{thousands(pictures)} images analysées"
    return f"{length(seconds)} · {shown} · {who}"


def minute_alt(means: Mapping[str, float]) -> str:
    ranked = sorted(means, key=lambda name: -means[name])[:3]
    return "Courbe de la dernière minute, en moyenne " + ", ".join(f"{word(n)} {percent(means[n])}" for n in ranked)


def shares_alt(shares: Mapping[str, float]) -> str:
    ranked = sorted(shares, key=lambda name: -shares[name])
    return "Diagramme à barres : " + ", ".join(f"{word(name)} {percent(shares[name])}" for name in ranked)
