"""Pure. The sentences of `fer_app.text_operator` in French."""

from __future__ import annotations

from collections.abc import Sequence

OPERATOR_PAGE = "Vérification de la connexion"
TITLE = "La vidéo en direct marche-t-elle de partout ?"
LEAD = (
    "La vidéo en direct circule entre le navigateur du visiteur et ce serveur. Sur une même machine ou un même réseau, ils se "
    "trouvent sans aide. À travers les pare-feu et les réseaux téléphoniques, il leur faut un serveur TURN, qui relaie la vidéo."
)
HOW = (
    "Donnez l’un de ces réglages dans `.streamlit/secrets.toml` ou dans l’environnement, puis redémarrez Mien :\n\n"
    "- votre propre serveur TURN : `MIEN_TURN_URLS` (plusieurs avec des virgules, par exemple "
    "`turns:turn.example.org:443?transport=tcp`), avec `MIEN_TURN_SECRET` (le `static-auth-secret` de coturn) ou "
    "`MIEN_TURN_USERNAME` et `MIEN_TURN_PASSWORD`\n"
    "- Cloudflare : `CLOUDFLARE_TURN_KEY_ID` et `CLOUDFLARE_TURN_KEY_API_TOKEN`\n"
    "- Twilio : `TWILIO_ACCOUNT_SID` et `TWILIO_AUTH_TOKEN`\n"
    '- `MIEN_UDP = "closed"` si le réseau de ce serveur ne laisse pas sortir UDP : TLS et TCP sont alors essayés d’abord\n'
    "- `MIEN_STUN_URLS` si le serveur se trouve derrière un NAT et qu’UDP est ouvert"
)
NONE_SET = (
    "Aucun serveur TURN n’est réglé. La vidéo en direct marche sur cette machine et sur les réseaux sans barrières, mais pas de "
    "partout."
)
CHECK = "Vérifier maintenant"
SERVER_SIDE = "Depuis ce serveur"
BROWSER_SIDE = "Depuis ce navigateur"
BROWSER_NONE = "Ce navigateur n’a pas obtenu de relais. Voyez les identifiants, et les ports que son réseau laisse passer."
BROWSER_WAITING = "Demande depuis ce navigateur …"
ADDRESS = "Serveur TURN"
ANSWER = "Réponse"
TIME = "Temps"
FIRST_COUNTS = "Le serveur n’utilise que la première adresse de la liste ; les navigateurs, n’importe laquelle."
ALL_WORK = "Chaque serveur TURN donne un relais."
FIRST_FAILS = (
    "Le premier serveur TURN ne donne pas de relais, et ce serveur n’en utilise pas d’autre : mettez-en d’abord un qui marche."
)
SOME_FAIL = "Certains serveurs TURN ne donnent pas de relais."


def problem(sentence: str) -> str:
    return f"La vidéo en direct est désactivée : {sentence}."


def verdict(works: Sequence[bool]) -> str:
    return ALL_WORK if all(works) else SOME_FAIL if works[0] else FIRST_FAILS


def answer(works: bool, said: str) -> str:
    return f"Donne un relais ({said})" if works else f"Pas de relais : {said}"


def browser_relays(protocols: Sequence[str]) -> str:
    return f"Ce navigateur a obtenu un relais par {', '.join(sorted(protocols)).upper()}." if protocols else BROWSER_NONE
