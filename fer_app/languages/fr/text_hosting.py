"""Pure. The sentences of `fer_app.text_hosting` in French."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

# -- photos and videos
PHOTO_KINDS = "JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC ou AVIF"


def photo_help(megabytes: int) -> str:
    return f"{PHOTO_KINDS}, jusqu’à {megabytes} Mo chacune."


def too_often(per_minute: int, left_out: int, wait_s: float) -> str:
    rest = "1 photo a été écartée" if left_out == 1 else f"{left_out} photos ont été écartées"
    return f"Ce serveur lit jusqu’à {per_minute} photos ou vidéos par minute et par visiteur : {rest}. {again_in(wait_s)}"


def not_read(count: int) -> str:
    rest, them = ("1 photo n’a pas été lue", "la") if count == 1 else (f"{count} photos n’ont pas été lues", "les")
    return f"{rest}, parce que vous avez quitté la page avant. Ajoutez-{them} à nouveau."


def not_yet(per_minute: int, wait_s: float) -> str:
    return f"Ce serveur lit jusqu’à {per_minute} photos ou vidéos par minute et par visiteur. {again_in(wait_s)}"


def again_in(wait_s: float) -> str:
    whole = max(1, math.ceil(wait_s))
    return f"Réessayez dans {whole} seconde{'' if whole == 1 else 's'}."


def most_faces(count: int) -> str:
    faces = f"{count} visage" if count < 2 else f"{count} visages"
    return f"Ce serveur lit jusqu’à {faces} par image, en commençant par le plus grand. Pour en lire plus, découpez la photo."


def video_too_large(limit_mb: int, came_mb: float) -> str:
    return f"une vidéo d’au plus {limit_mb} Mo était attendue, {came_mb:.0f} Mo sont venus ; coupez-la, ou réduisez-la"


def video_too_long(limit_minutes: float, came_s: float | None = None) -> str:
    came = "elle est plus longue" if came_s is None else f"elle en a {_decimal(f'{came_s / 60:.1f}')}"
    most = _decimal(f"{limit_minutes:g}")
    return f"une vidéo d’au plus {most} minutes était attendue, {came} ; coupez-la, ou utilisez python -m fer_core analyze"


def _decimal(number: str) -> str:
    return number.replace(".", ",")


# -- live video
LIVE_TROUBLE: Mapping[str, str] = MappingProxyType(
    {
        "time_up": (
            "Votre temps de vidéo en direct est écoulé, pour que d’autres aient leur tour. Ce qui a été lu est gardé ci-dessous."
        ),
    }
)
INSTEAD = "Quitter la file et prendre des photos"


def your_turn(left_s: float) -> str:
    whole = max(1, math.ceil(left_s))
    return f"C’est votre tour : appuyez sur Démarrer d’ici {whole} seconde{'' if whole == 1 else 's'}."


def waiting(number: int, seats: int) -> str:
    taken = (
        "La place pour la vidéo en direct est prise" if seats == 1 else f"Les {seats} places pour la vidéo en direct sont prises"
    )
    place = f"Vous avez le numéro {number} dans la file"
    return f"{taken}. {place} ; gardez cette page à l’écran, elle vous dira quand c’est votre tour."


# -- the end of a server
NEWCOMER = (
    "Ce serveur va bientôt redémarrer : la vidéo en direct et les nouvelles vidéos sont fermées. Les photos sont encore lues. "
    "Rechargez cette page dans quelques minutes."
)
CLOSING = (
    "Ce serveur va bientôt redémarrer : aucune vidéo, en direct ou non, ne commence plus. Rechargez cette page dans quelques "
    "minutes."
)
LOST_SESSION = (
    "Votre session est terminée, parce que son serveur s’est arrêté ou que cette page est restée longtemps absente. En voici une "
    "nouvelle : ce que vous aviez analysé n’est plus ici, et ce que vous avez téléchargé peut être rechargé sous Historique."
)
LOST_CLOSE = "Fermer ce message"


def ending(seconds: float) -> str:
    whole = math.ceil(seconds)
    within = f"d’ici {whole} seconde{'' if whole < 2 else 's'} au plus"
    return f"Ce serveur redémarre {within}. Téléchargez maintenant ce que vous voulez garder, et rechargez la page ensuite."


# -- the operator
TITLE = "Exploitant"
CLOSED = (
    "Cette page est fermée, parce qu’aucun jeton n’est réglé. Donnez à `MIEN_OPERATOR_TOKEN`, dans `.streamlit/secrets.toml` ou "
    "dans l’environnement, 16 caractères ou plus que personne ne peut deviner, par exemple par `python -c 'import secrets; "
    "print(secrets.token_urlsafe(24))'`, puis redémarrez Mien."
)
ASK = "Jeton de l’exploitant"
OPEN = "Ouvrir"
WRONG = "Ce n’est pas le jeton de l’exploitant."
NOW = "Maintenant"
SINCE_START = "Depuis le démarrage"
SEATS_TITLE = "Vidéo en direct, place par place"
NO_SEATS = "Aucune vidéo en direct ne tourne."
DRAIN = "Redémarrer après le travail en cours"
DRAIN_HELP = (
    "Plus de nouvelle vidéo, en direct ou non ; celles en cours ont un temps limité, puis le serveur s’arrête et son superviseur "
    "le redémarre."
)
NEVER_PICTURES = "Seulement des nombres et des durées : ni image, ni nom, ni adresse."
FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "sessions": "Sessions ouvertes",
        "seats": "Places en direct prises",
        "waiting": "Dans la file",
        "fps": "Images par seconde, en tout",
        "p95": "Image, 95 sur 100 en",
        "memory": "Mémoire",
    }
)
TOTALS: Mapping[str, str] = MappingProxyType(
    {
        "mien_sessions_total": "Sessions",
        "mien_live_frames_total analysed": "Images analysées",
        "mien_live_frames_total dropped": "Images sautées",
        "mien_live_frames_total faulty": "Images défectueuses",
        "mien_analysis_seconds_count photo": "Photos",
        "mien_analysis_seconds_count video": "Vidéos",
        "mien_analysis_seconds_count models": "Photos comparées",
        "mien_errors_total": "Erreurs",
    }
)
SEAT_COLUMNS = ("Images par seconde", "Image, la moitié en", "95 sur 100 en", "Analysées", "Sautées", "Défectueuses")
WHAT, COUNT, REFUSED = "Quoi", "Nombre", "Refusé"


def of(part: int, whole: int) -> str:
    return f"{part} sur {whole}"


def megabytes(value: float | None) -> str:
    return "inconnue" if value is None else f"{value:.0f} Mo"


def problem(sentence: str) -> str:
    return f"Une limite garde sa valeur par défaut : {sentence}."


def token_problem(sentence: str) -> str:
    return f"Cette page est fermée : {sentence}."
