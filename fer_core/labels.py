"""Pure. Label sets: the names of a model's outputs, in the order of its outputs.

A label set travels with its model; everything else (colours, icons, words) is keyed by name.
"""

from __future__ import annotations

from dataclasses import dataclass

from fer_core.errors import InputError, shown


@dataclass(frozen=True, slots=True)
class LabelSet:
    """An ordered set of label names.

    Example:
        >>> FER2013.index("happy")
        3
        >>> len(FERPLUS)
        8
    """

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names) or not self.names:
            raise InputError(f"labels must be distinct names, got {shown(self.names)}; give each output a name of its own")

    def __len__(self) -> int:
        return len(self.names)

    def index(self, name: str) -> int:
        """Return the position of a label.

        Raises:
            InputError: the set has no such label.
        """
        if name not in self.names:
            raise InputError(f"expected one of {', '.join(self.names)}, got {name!r}; check the model's labels")
        return self.names.index(name)


FER2013 = LabelSet(("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"))
"""The seven classes of FER2013 (Goodfellow et al. 2013), in the order of its csv."""

FERPLUS = LabelSet(("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"))
"""The eight classes of FER+ (Barsoum et al. 2016), in the order of its csv."""

FERPLUS_AS_FER2013 = {
    "neutral": "neutral",
    "happiness": "happy",
    "surprise": "surprise",
    "sadness": "sad",
    "anger": "angry",
    "disgust": "disgust",
    "fear": "fear",
}
"""FER+ names in FER2013's words; contempt has no counterpart there."""
