"""The shown word: steady against flicker, not against change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_core.errors import InputError, StreamError
from fer_core.hold import Holder
from fer_core.labels import FER2013
from fer_core.palette import NOT_SURE
from fer_core.types import Emotions
from tests.factories import make_emotions


def word(holder, time_s, who=0, **chances):
    """Return the word for one face with these probabilities, the rest shared out among the others."""
    rest = (1 - sum(chances.values())) / (7 - len(chances))
    row = [chances.get(name, rest) for name in FER2013.names]
    return holder.update(Emotions(np.array([row])), np.array([who]), time_s=time_s)[0]


def test_a_word_that_leads_only_now_and_then_is_never_shown():
    holder = Holder(hold_s=0.4)
    sides = [{"happy": 0.5, "sad": 0.4}, {"happy": 0.4, "sad": 0.5}]
    assert {word(holder, i / 10, **sides[i % 2]) for i in range(60)} == {"happy"}


@pytest.mark.parametrize("rate_hz", [5, 10, 30])
def test_a_word_that_leads_long_enough_is_shown_whatever_the_rate(rate_hz):
    holder = Holder(hold_s=0.4)
    word(holder, 0.0, happy=0.5, sad=0.4)
    shown = {i / rate_hz: word(holder, i / rate_hz, happy=0.4, sad=0.5) for i in range(1, rate_hz + 1)}
    first_s = 1 / rate_hz
    assert {shown[t] for t in shown if t < first_s + 0.39} == {"happy"}
    assert {shown[t] for t in shown if t > first_s + 0.41} == {"sad"}


def test_a_clear_lead_is_shown_at_once():
    holder = Holder(hold_s=10)
    word(holder, 0.0, happy=0.9)
    assert word(holder, 0.1, happy=0.3, sad=0.6) == "happy"
    assert word(holder, 0.2, happy=0.2, sad=0.7) == "sad"


def test_not_sure_is_held_like_any_other_word():
    holder = Holder(hold_s=0.35, not_sure_below=0.45)
    assert [word(holder, i / 10, happy=chance) for i, chance in enumerate((0.5, 0.44, 0.46, 0.44, 0.5))] == ["happy"] * 5
    assert [word(holder, 1 + i / 10, happy=0.4) for i in range(6)] == ["happy"] * 4 + [NOT_SURE] * 2
    assert word(holder, 1.7, happy=0.46) == NOT_SURE
    assert word(holder, 1.8, happy=0.9) == "happy"


def test_with_no_holding_every_change_is_shown():
    holder = Holder(hold_s=0)
    for i in range(20):
        emotions = make_emotions(3, number=i)
        assert holder.update(emotions, np.arange(3), time_s=float(i)) == emotions.top


def test_people_are_held_apart_and_the_unnumbered_not_at_all():
    holder = Holder(hold_s=9)
    one, other = np.eye(7)[3] * 0.2 + 0.8 / 7, np.eye(7)[4] * 0.2 + 0.8 / 7
    holder.update(Emotions(np.stack([one, other, one])), np.array([0, 1, -1]), time_s=0.0)
    words = holder.update(Emotions(np.stack([one, other, other])), np.array([1, 0, -1]), time_s=0.1)
    assert words == ("sad", "happy", "sad")


@given(st.lists(st.integers(0, 4), min_size=1, max_size=10), st.integers(0, 1000))
def test_each_face_has_a_word_that_is_a_label_or_not_sure(counts, number):
    holder = Holder(not_sure_below=0.4)
    for i, n in enumerate(counts):
        words = holder.update(make_emotions(n, number=number + i), np.arange(n), time_s=i / 5)
        assert len(words) == n
        assert set(words) <= {*FER2013.names, NOT_SURE}


def test_a_person_long_gone_is_forgotten_and_a_reset_forgets_all():
    holder = Holder(hold_s=100)
    for i in range(100):
        word(holder, float(i), who=i, happy=0.5)
    assert len(holder._people) < 5
    holder.reset()
    assert word(holder, 0.0, who=99, sad=0.4) == "sad"


def test_wrong_knobs_ids_and_times_are_refused():
    for knobs in ({"hold_s": -1}, {"hold_s": float("nan")}, {"not_sure_below": 2}):
        with pytest.raises(InputError, match="got"):
            Holder(**knobs)
    holder = Holder()
    with pytest.raises(InputError, match="got 3 for 2"):
        holder.update(make_emotions(2), np.arange(3), time_s=0.0)
    word(holder, 1.0, happy=0.5)
    with pytest.raises(StreamError, match="increase"):
        word(holder, 1.0, happy=0.5)
