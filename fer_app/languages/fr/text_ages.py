"""Pure. The sentences of `fer_app.text_ages` in French."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fer_app.text import percent
from fer_app.text_model import count

# -- where a visitor asks for it
TOGGLE = "Estimer les âges"
FOR_NEXT_PHOTOS = (
    "Pour les photos que vous ajouterez ensuite. Une fois le réglage désactivé, les estimations disparaissent de cette page."
)
COLUMN = "Semble avoir (âge estimé)"


def note(years_off: float) -> str:
    return (
        f"Une estimation d’après l’image, avec une erreur moyenne de {_whole(years_off)} ; elle peut être fausse pour n’importe "
        "qui. Elle n’est montrée qu’ici, et ne figure dans aucun téléchargement, aucun fichier de session ni l’historique. Elle "
        "ne doit pas servir à admettre ou à refuser des personnes."
    )


def line(span: str, years: float, years_off: float) -> str:
    return f"Semble avoir {_span(span)} · estimation : {_whole(years)}, erreur moyenne de {_whole(years_off)}"


def in_view(span: str) -> str:
    return f"semble avoir {_span(span)} (estimation)"


def _span(span: str) -> str:
    return f"{span.removesuffix('+')} ans ou plus" if span.endswith("+") else f"{span} ans"


def _whole(years: float) -> str:
    return f"{years:.0f} an" if round(years) < 2 else f"{years:.0f} ans"


# -- on the about screen
TITLE = "Que valent les âges estimés ?"
LEAD = (
    "Un second petit réseau estime quel âge un visage semble avoir. Il n’est interrogé que là où un visiteur le demande, et ce "
    "qu’il dit n’est gardé dans aucun fichier. Ni le genre ni l’origine ethnique ne sont jamais prédits."
)
FIGURES: Mapping[str, str] = MappingProxyType({"years_off": "Erreur moyenne", "within_one_range": "À une tranche près"})
FIGURE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "years_off": "De combien l’estimation s’écarte de l’âge indiqué pour l’image, vers le haut ou vers le bas.",
        "within_one_range": "La tranche montrée est celle de l’âge indiqué, ou une voisine.",
    }
)
AGE, FACES, OFF, OLDER = "Âge", "Visages", "Erreur moyenne", "Semble plus âgé de"
LIMITS = "Limites"
TERMS = "Entraîné sur"


def measured(faces: int, missed: float, guessing: float) -> str:
    return (
        f"Mesuré sur {count(faces)} visages d’UTKFace avec lesquels le réseau n’a pas été entraîné ; sur {percent(missed)} des "
        f"images, aucun visage n’a été trouvé, et elles sont laissées de côté. Dire toujours l’âge médian donnerait une erreur "
        f"moyenne de {years(guessing)}."
    )


def years(value: float) -> str:
    return f"{value:.1f}\N{NO-BREAK SPACE}{'an' if abs(value) < 2 else 'ans'}".replace(".", ",")


def older_by(value: float) -> str:
    sign = "+" if value >= 0 else "\N{MINUS SIGN}"
    return f"{sign}{years(abs(value))}"


def between(low: float, high: float) -> str:
    return f"{low:.1f} à ".replace(".", ",") + years(high)
