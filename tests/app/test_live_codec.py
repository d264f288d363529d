"""What a frame goes through beside the analysis: into a picture, back into a frame, and through the encoder."""

from __future__ import annotations

import asyncio
import re
import time
from fractions import Fraction

import aiortc.codecs
import av
import numpy as np
import pytest
from aiortc import RTCPeerConnection
from aiortc.codecs.vpx import Vp8Decoder, Vp8Encoder, vp8_depayload
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcpeerconnection import find_common_codecs
from aiortc.rtcrtpparameters import RTCRtpCodecParameters

from fer_app.live import codec

VP8 = RTCRtpCodecParameters(mimeType="video/VP8", clockRate=90000)


@pytest.fixture(scope="module")
def noisy():
    """A portrait that moves before a camera whose sensor adds noise, (12, 360, 480, 3)."""
    from skimage.data import astronaut

    noise = np.random.default_rng(0)
    frames = (np.roll(astronaut(), 3 * step, axis=1)[:360, :480] for step in range(12))
    return [(frame + noise.normal(0, 5, frame.shape)).clip(0, 255).astype(np.uint8) for frame in frames]


def usual_codecs():
    """Return what aiortc offers by itself, whatever an earlier test has left of it."""
    offered = {"video": []}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aiortc.codecs, "CODECS", offered)
        aiortc.codecs.init_codecs()
    return offered["video"]


@pytest.fixture
def usual_encoder(monkeypatch):
    monkeypatch.setattr(aiortc.codecs, "Vp8Encoder", Vp8Encoder)
    monkeypatch.setitem(aiortc.codecs.CODECS, "video", [*usual_codecs()])
    for offered in aiortc.codecs.CODECS["video"]:
        monkeypatch.setattr(offered, "parameters", offered.parameters)


def sent(encoder, pictures):
    """Return what arrives, and how far its brightness is from what was sent, in dB of each frame."""
    decoder, quality, bits = Vp8Decoder(), [], 0
    for number, picture in enumerate(pictures):
        frame = codec.frame_of(picture)
        frame.pts, frame.time_base = 3000 * number, Fraction(1, 90000)
        payloads, timestamp = encoder.encode(frame)
        data = b"".join(map(vp8_depayload, payloads))
        bits += 8 * len(data)
        [arrived] = decoder.decode(JitterFrame(data=data, timestamp=timestamp))
        off = arrived.to_ndarray()[: frame.height].astype(float) - frame.to_ndarray()[: frame.height]
        quality.append(10 * np.log10(255**2 / (off**2).mean()))
    return np.array(quality), bits


def test_a_browser_that_would_rather_have_h264_gets_vp8(usual_encoder):
    h264 = {"level-asymmetry-allowed": "1", "packetization-mode": "1", "profile-level-id": "42e01f"}
    wanted = [  # in Safari's order
        RTCRtpCodecParameters(mimeType="video/H264", clockRate=90000, payloadType=98, parameters=h264),
        RTCRtpCodecParameters(mimeType="video/rtx", clockRate=90000, payloadType=99, parameters={"apt": 98}),
        RTCRtpCodecParameters(mimeType="video/VP8", clockRate=90000, payloadType=100),
    ]
    agreed = find_common_codecs(aiortc.codecs.CODECS["video"], wanted)
    assert agreed[0].mimeType == "video/H264"
    codec.encode_lightly()
    assert [one.mimeType for one in find_common_codecs(aiortc.codecs.CODECS["video"], wanted)] == ["video/VP8"]


def test_a_picture_survives_the_way_into_a_frame_and_back(noisy):
    back = codec.picture_of(codec.frame_of(noisy[0]))
    assert back.shape == noisy[0].shape
    assert np.abs(back.mean(axis=2) - noisy[0].mean(axis=2)).mean() < 2  # colours are halved, brightness is not


def test_a_frame_is_what_the_video_library_would_have_made_of_the_picture(noisy):
    theirs = av.VideoFrame.from_ndarray(noisy[0], format="rgb24").reformat(format="yuv420p").to_ndarray()
    ours = codec.frame_of(noisy[0]).to_ndarray()
    off = np.abs(ours.astype(int) - theirs)
    assert off[: len(noisy[0])].max() <= 1
    assert off.mean() < 1


def test_odd_sides_lose_one_row_or_column_and_no_more(noisy):
    frame = codec.frame_of(noisy[0][:359, :477])
    assert (frame.width, frame.height) == (476, 358)


def test_the_light_encoder_costs_less_than_1_dB_on_a_noisy_camera_and_no_more_bits(noisy):
    usual, usual_bits = sent(Vp8Encoder(), noisy)
    light, light_bits = sent(codec.LightVp8Encoder(), noisy)
    assert light.mean() > usual.mean() - 1
    assert light_bits < 1.1 * usual_bits


def test_the_light_options_are_taken_by_every_codec_that_is_opened_also_after_a_change_of_size(noisy):
    small = [picture[:180, :240] for picture in noisy]
    encoder, usual = codec.LightVp8Encoder(), Vp8Encoder()
    for pictures in (noisy, small):
        assert sent(encoder, pictures)[1] != sent(usual, pictures)[1]
        assert encoder.codec.is_open
        assert not codec.LIGHT.keys() & encoder.codec.options.keys()  # what is left there was not understood
    assert "partitions" in encoder.codec.options


def test_connections_encode_lightly_once_told_so_and_not_before(usual_encoder):
    assert not isinstance(aiortc.codecs.get_encoder(VP8), codec.LightVp8Encoder)
    codec.encode_lightly()
    assert isinstance(aiortc.codecs.get_encoder(VP8), codec.LightVp8Encoder)


def test_the_answer_to_a_browser_asks_for_a_rate_at_which_faces_can_be_read(usual_encoder):
    async def answer():
        browser, server = RTCPeerConnection(), RTCPeerConnection()
        browser.addTransceiver("video")
        await browser.setLocalDescription(await browser.createOffer())
        await server.setRemoteDescription(browser.localDescription)
        sdp = (await server.createAnswer()).sdp
        await browser.close()
        await server.close()
        return sdp

    codec.encode_lightly()
    sdp = asyncio.run(answer())
    number = re.search(r"a=rtpmap:(\d+) VP8/90000", sdp)[1]
    assert f"a=fmtp:{number} x-google-min-bitrate=250;x-google-start-bitrate=1000" in sdp


def whole_picture(payloads):
    return not vp8_depayload(payloads[0])[0] & 1


def test_a_frame_that_is_handed_on_again_is_encoded_once_and_a_whole_picture_asked_for_meanwhile_comes_next(noisy):
    encoder, frames = codec.LightVp8Encoder(), [codec.frame_of(picture) for picture in noisy[:3]]
    for number, frame in enumerate(frames):
        frame.pts, frame.time_base = 3000 * number, Fraction(1, 90000)
    assert whole_picture(encoder.encode(frames[0])[0])
    assert not whole_picture(encoder.encode(frames[1])[0])
    assert encoder.encode(frames[1], force_keyframe=True)[0] == []
    assert whole_picture(encoder.encode(frames[2])[0])


@pytest.mark.parametrize("size_hw", [(360, 480), (359, 479)])
def test_the_encoder_leaves_a_frame_as_it_is_for_the_stream_may_be_changing_it_at_the_same_time(noisy, size_hw):
    frame = av.VideoFrame.from_ndarray(noisy[0][: size_hw[0], : size_hw[1]].copy(), format="rgb24")
    frame.pts, frame.time_base = 4500, Fraction(1, 90000)
    payloads, _ = codec.LightVp8Encoder().encode(frame)
    assert whole_picture(payloads)
    assert (frame.pts, frame.time_base) == (4500, Fraction(1, 90000))


def test_frames_leave_under_the_time_at_which_they_leave(noisy):
    encoder, times, before, after = codec.LightVp8Encoder(), [], [], []
    for number, pause_s in enumerate((0, 0.05, 0.2)):
        frame = codec.frame_of(noisy[number])
        frame.pts, frame.time_base = 3000 * number, Fraction(1, 90000)
        time.sleep(pause_s)
        before.append(time.monotonic())
        times.append(encoder.encode(frame)[1] / codec.CLOCK_HZ)
        after.append(time.monotonic())
    passed_s = np.diff(times)
    assert (passed_s >= np.array(before[1:]) - np.array(after[:-1]) - 0.001).all()
    assert (passed_s <= np.array(after[1:]) - np.array(before[:-1]) + 0.001).all()
