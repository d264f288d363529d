"""Mien in French. Its answers are nouns, "Semble : joie", which agree with whoever is in the picture."""

NAME = "Français"
