"""Pure. The sentences of `fer_app.text_about` in French."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ABOUT_TITLE = "Ce que Mien fait, et ce qu’il ne fait pas"
ABOUT_LEAD = (
    "Mien lit des expressions **perçues** : lequel de sept mots un observateur choisirait sans doute pour un visage sur une "
    "image. Il nomme ce qu’un visage semble montrer ; il ne peut pas savoir ce qu’une personne ressent."
)
HOW_TITLE = "Comment naît une réponse"
HOW = (
    "1. **Visages.** MTCNN, une cascade de trois petits réseaux, trouve chaque visage avec ses yeux, son nez et sa bouche.\n"
    "2. **Vignette.** Chaque visage devient 48 × 48 pixels gris ; le réseau ne voit rien d’autre de votre photo.\n"
    "3. **Expression.** Un petit réseau, entraîné sur FER2013 et FER+, donne sept probabilités dont la somme fait 100 %.\n"
    "4. **Réponse.** Le mot le plus probable, ou « pas sûr » quand même celui-là n’est pas assez probable."
)
LIMITS_TITLE = "Limites"
LIMITS = (
    "- Un visage n’est pas un sentiment : on sourit quand on est triste et on fronce les sourcils quand on réfléchit. La "
    "culture, les habitudes, l’âge et la maladie marquent aussi les visages.\n"
    "- Les visages petits, flous, tournés, cachés ou mal éclairés se lisent mal. Mien le dit sur la fiche d’un visage petit ou "
    "flou.\n"
    "- La peur et le dégoût sont rares dans les photos d’entraînement et souvent pris pour autre chose.\n"
    "- Mien ne reconnaît pas qui est quelqu’un, et ne prédit ni le genre ni l’origine ethnique. Il n’estime les âges que "
    "si vous le demandez."
)
PRIVACY_TITLE = "Vos photos et votre caméra"
PRIVACY = (
    "Photos et résultats restent dans la mémoire du serveur qui fait tourner cette page, dans votre seule session, jusqu’à ce "
    "que vous les supprimiez ; environ deux minutes après votre départ, ils ont disparu. Rien n’est enregistré : une grande "
    "photo qui arrive, et une vidéo tant que sa page est ouverte, peuvent se trouver dans un fichier temporaire sans nom du "
    "serveur. De la vidéo en direct, Mien garde ce que les visages d’une session semblaient montrer, en chiffres, et aucune "
    "image ; la vidéo circule chiffrée entre votre navigateur et ce serveur, sur certains réseaux par un relais qui ne peut "
    "pas la lire. Rien n’est envoyé à qui que ce soit d’autre, et aucune statistique d’usage n’est recueillie."
)
LAW_TITLE = "La loi, en mots simples"
LAW = (
    "- Dans l’Union européenne, les systèmes qui déduisent les émotions de personnes **au travail ou dans l’enseignement** sont "
    "interdits, sauf pour des raisons médicales ou de sécurité (règlement sur l’intelligence artificielle, article 5, "
    "paragraphe 1, point f). N’y utilisez pas Mien.\n"
    "- Ailleurs, les personnes exposées à un tel système doivent en être informées (article 50, paragraphe 3). La photo d’une "
    "personne est une donnée à caractère personnel : ayez son consentement, ou une autre bonne raison en droit.\n"
    "- Ceci est une information, non un conseil juridique."
)
ABOUT_SECTIONS = (((HOW_TITLE, HOW), (LIMITS_TITLE, LIMITS)), ((PRIVACY_TITLE, PRIVACY), (LAW_TITLE, LAW)))
MODEL_TITLE = "Que vaut-il ?"
MODEL_LEAD = (
    "Mesuré sur des images avec lesquelles le réseau n’a pas été entraîné ; les chiffres ont été écrits par une commande, non à "
    "la main."
)
MODEL_UNMEASURED = "Ce modèle n’a pas encore été mesuré."


def measured_on(count: int) -> str:
    return f"{count:,} images.".replace(",", "\N{NO-BREAK SPACE}")


def model_name(name: str) -> str:
    return f"Modèle « {name} »"


FIGURES: Mapping[str, str] = MappingProxyType(
    {"test": "FER2013", "votes": "FER+", "answered": "Quand il est sûr", "photos": "Photos du quotidien"}
)
FIGURE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "test": (
            "Le même mot que l’étiquette du test privé ; des personnes qui l’ont réétiqueté ont atteint "
            "environ 65 % (Goodfellow et al. 2013)."
        ),
        "votes": "Le même mot que la plupart des votants sur le test privé, huit classes.",
        "answered": "De même sur le test privé, sans les visages dont Mien dit « pas sûr ».",
        "photos": "Tout le chemin de la photo au mot, face à un annotateur ; un visage manqué compte comme faux.",
    }
)
