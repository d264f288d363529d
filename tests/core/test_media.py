"""Photos in: every listed format as it is meant to be seen, everything else refused in plain words."""

import contextlib
import io
import os
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fer_core.errors import InputError, MediaError
from fer_core.media import MAX_BYTES, read_image
from tests.core.bad_photos import bad_photos, encoded, endless_jpeg, scene

SCENE = np.asarray(scene())
BAD = bad_photos()


def gap(a, b):
    """Return the mean difference of two pictures, in levels of 255."""
    assert a.shape == b.shape
    return np.abs(a.astype(int) - b.astype(int)).mean()


def heic(image, **options):
    import pillow_heif

    pillow_heif.register_heif_opener()
    return encoded(image, "HEIF", quality=95, **options)


@pytest.mark.parametrize(
    ("kind", "most"), [("JPEG", 9), ("PNG", 0), ("WEBP", 9), ("GIF", 9), ("BMP", 0), ("TIFF", 0), ("AVIF", 9)]
)
def test_each_format_is_read_as_rgb(kind, most):
    image = read_image(encoded(scene(), kind))
    assert image.dtype == np.uint8
    assert gap(image, SCENE) <= most


def test_heic_is_read_upright_as_phones_send_it():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert gap(read_image(heic(scene())), SCENE) < 9
    assert gap(read_image(heic(scene(), exif=exif.tobytes())), np.rot90(SCENE, -1)) < 9


@pytest.mark.parametrize("tags", [{254: 1}, {254: 5}, {50706: b"\x01\x04\x00\x00"}, {254: 0, 50706: b"\x01\x04\x00\x00"}])
def test_a_raw_photo_is_refused_and_not_read_as_its_small_copy(tags):
    with pytest.raises(MediaError, match="got a raw photo; export it as JPEG"):
        read_image(encoded(scene(), "TIFF", tiffinfo=tags))


@pytest.mark.parametrize("tags", [{}, {254: 0}, {254: 2}])
def test_a_page_that_is_no_small_copy_is_read(tags):
    assert gap(read_image(encoded(scene(), "TIFF", tiffinfo=tags)), SCENE) == 0


def test_a_folder_that_cannot_be_read_says_why_and_another_that_it_is_one(tmp_path, monkeypatch):
    with pytest.raises(MediaError, match="got the folder"):
        read_image(tmp_path)

    def scandir(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(MediaError, match="got Permission denied at"):
        read_image(tmp_path)


def test_the_first_picture_of_an_animation_or_a_bundle_is_read():
    second = Image.new("RGB", (64, 64), "red")
    for kind in ("GIF", "TIFF", "PNG", "WEBP", "MPO"):
        both = encoded(scene(), kind, save_all=True, append_images=[second])
        assert gap(read_image(both), SCENE) < 9


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_parts_show_white_and_opaque_ones_do_not(mode):
    image = scene(mode=mode)
    image.putalpha(Image.fromarray(np.repeat([[0, 128, 255, 255]], 64, axis=0).repeat(16, axis=1).astype(np.uint8)))
    opaque = np.asarray(image.convert("LA" if mode == "LA" else "RGBA").convert("RGB"))
    seen = read_image(encoded(image, "PNG"))
    assert (seen[:, :16] == 255).all()
    assert gap(seen[:, 16:32], (opaque[:, 16:32].astype(int) + 255) // 2) < 1.5
    assert np.array_equal(seen[:, 32:], opaque[:, 32:])


def test_a_palette_with_a_transparent_colour_shows_it_white():
    image = Image.fromarray(np.repeat([[0, 1, 2, 3]], 4, axis=0).astype(np.uint8)).convert("P")
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9])
    expected = [[255, 0, 0], [255, 255, 255], [0, 0, 255], [9, 9, 9]]
    for kind in ("PNG", "GIF"):
        assert read_image(encoded(image, kind, transparency=1))[0].tolist() == expected
    assert read_image(encoded(image, "PNG", transparency=bytes([255, 0, 255, 255])))[0].tolist() == expected


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_gray_is_scaled_and_not_clipped(kind):
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (4, 1))
    seen = read_image(encoded(Image.fromarray(ramp), kind))
    assert np.abs(seen[0, :, 0].astype(int) - np.arange(256)).max() <= 1
    assert (seen[..., 0] == seen[..., 2]).all()


@pytest.mark.parametrize(
    ("white", "mode"), [(1.0, "F"), (255.0, "F"), (65535.0, "F"), (255, "I"), (65535, "I"), (2_000_000, "I")]
)
def test_wide_tiff_samples_are_scaled_by_the_range_that_holds_them(white, mode):
    ramp = np.tile(np.linspace(0, white, 256), (4, 1)).astype(np.float32 if mode == "F" else np.int32)
    seen = read_image(encoded(Image.fromarray(ramp), "TIFF"))
    assert np.abs(seen[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_a_float_tiff_with_missing_values_shows_them_black():
    ramp = np.array([[0.0, np.nan, 1.0, -np.inf]], np.float32)
    assert read_image(encoded(Image.fromarray(ramp), "TIFF"))[0, :, 0].tolist() == [0, 0, 255, 0]


@pytest.mark.parametrize(
    ("mode", "kind"), [("L", "JPEG"), ("L", "PNG"), ("1", "PNG"), ("CMYK", "TIFF"), ("CMYK", "JPEG"), ("P", "BMP")]
)
def test_gray_cmyk_and_palette_become_rgb_with_their_own_colours(mode, kind):
    assert gap(read_image(encoded(scene(mode=mode), kind)), np.asarray(scene(mode=mode).convert("RGB"))) < 9


def test_an_inverted_adobe_cmyk_jpeg_does_not_come_out_as_its_negative():
    red = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    data = encoded(red, "JPEG", quality=95)
    assert b"Adobe" in data
    red_now = read_image(data)[8, 8].astype(int)
    assert red_now[0] > 220
    assert red_now[1:].max() < 40


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_orientation_is_applied_as_pillow_defines_it(orientation, kind):
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(scene(96).crop((0, 0, 96, 64)), kind, exif=exif)
    with Image.open(io.BytesIO(data)) as stored:
        assert np.array_equal(read_image(data), np.asarray(ImageOps.exif_transpose(stored).convert("RGB")))
    assert read_image(data).shape == ((64, 96, 3) if orientation < 5 else (96, 64, 3))


def test_damaged_exif_does_not_cost_the_photo():
    data = encoded(scene(), "JPEG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff" + bytes(9))
    assert gap(read_image(data), SCENE) < 9


@pytest.mark.parametrize("name", BAD)
def test_a_bad_photo_is_one_clear_error_at_once_and_in_little_memory(name):
    import tracemalloc

    data, words = BAD[name]
    tracemalloc.start()
    began = time.process_time()  # of this process: the machine may be busy with more
    try:
        with pytest.raises(MediaError, match=words) as caught:
            read_image(data)
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    finally:
        tracemalloc.stop()
    assert time.process_time() - began < 1.0
    said = str(caught.value)
    assert said.startswith("expected")
    assert " got " in said
    assert ";" in said
    assert "\n" not in said


def test_a_progressive_jpeg_of_ordinary_length_is_let_in():
    assert gap(read_image(encoded(scene(), "JPEG", progressive=True)), SCENE) < 9
    assert read_image(endless_jpeg(20)).shape == SCENE.shape


def test_different_faults_do_not_share_one_sentence():
    said = set()
    for name in ("truncated PNG", "empty", "text", "svg", "html", "zeros", "0x0 PNG", "png bomb", "mp4", "corrupt PNG"):
        with pytest.raises(MediaError) as caught:
            read_image(BAD[name][0])
        said.add(str(caught.value))
    assert len(said) == 10


def test_a_heic_bomb_and_a_cut_heic_are_refused():
    data = heic(scene())
    at = data.index(b"ispe") + 8
    with pytest.raises(MediaError, match="megapixels"):
        read_image(data[:at] + (30000).to_bytes(4, "big") * 2 + data[at + 8 :])
    with pytest.raises(MediaError, match="HEIC"):
        read_image(data[: len(data) // 2])


def test_bombs_cost_the_process_no_memory():
    code = (
        "import resource, sys; from tests.core.bad_photos import bombs; from fer_core.media import read_image, MediaError\n"
        "data = bombs(); before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for bomb in data.values():\n"
        "    try: read_image(bomb)\n"
        "    except MediaError: continue\n"
        "    sys.exit('let in')\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 30_000, "kilobytes"


class Counting(io.BytesIO):
    """A file that knows how much was read of it, a little at a time."""

    taken = 0

    def read(self, size=-1):
        part = super().read(min(size, 7000))
        self.taken += len(part)
        return part


def test_a_file_over_the_limit_is_read_no_further_than_one_byte_beyond():
    file = Counting(bytes(100_000))
    with pytest.raises(MediaError, match="MB"):
        read_image(file, max_bytes=20_000)
    assert file.taken == 20_001


def test_the_default_limit_is_25_mb_to_the_byte():
    data = encoded(scene(), "PNG")
    assert read_image(data + bytes(MAX_BYTES - len(data))).shape == (64, 64, 3)
    with pytest.raises(MediaError, match="at most 25 MB"):
        read_image(data + bytes(MAX_BYTES - len(data) + 1))


def test_max_pixels_refuses_one_pixel_too_many_and_lets_the_rest_in():
    assert read_image(encoded(scene(), "PNG"), max_pixels=64 * 64).shape == (64, 64, 3)
    with pytest.raises(MediaError, match="64 x 64"):
        read_image(encoded(scene(), "PNG"), max_pixels=64 * 64 - 1)


def test_a_path_text_or_not_and_an_open_file_give_the_same(tmp_path):
    path = tmp_path / "föto.png"
    path.write_bytes(encoded(scene(), "PNG"))
    with path.open("rb") as file:
        images = [read_image(source) for source in (path, str(path), path.read_bytes(), file)]
    assert all(np.array_equal(image, SCENE) for image in images)


@pytest.mark.parametrize(
    ("name", "words"), [("nothing.jpg", "got nothing at"), ("", "folder"), ("x" * 300 + ".jpg", "check the path")]
)
def test_a_missing_file_and_a_folder_are_media_errors(tmp_path, name, words):
    with pytest.raises(MediaError, match=words):
        read_image(tmp_path / name)


@pytest.mark.parametrize("source", [None, 5, SCENE, io.StringIO("text")])
def test_a_source_of_another_type_is_an_input_error(source):
    with pytest.raises(InputError):
        read_image(source)


def test_an_array_is_returned_that_may_be_written():
    image = read_image(encoded(scene(), "JPEG"))
    image[0, 0] = 1
    assert image.flags["C_CONTIGUOUS"]


def test_pillow_warnings_do_not_leak_from_large_or_odd_photos():
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        large = encoded(Image.new("L", (12000, 9000), 77), "PNG", compress_level=1)
        assert read_image(large)[8999, 11999].tolist() == [77, 77, 77]
        read_image(encoded(scene(mode="P"), "PNG", transparency=bytes(range(200))))
    assert not seen


def test_many_threads_may_read_at_once():
    data, found = encoded(scene(), "PNG"), []
    threads = [threading.Thread(target=lambda: found.append(read_image(data))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(np.array_equal(image, SCENE) for image in found)


def test_reading_a_jpeg_does_not_load_the_heic_decoder():
    code = (
        "import sys; from tests.core.bad_photos import encoded, scene; from fer_core.media import read_image\n"
        "read_image(encoded(scene(), 'JPEG')); sys.exit('pillow_heif' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0


@given(st.binary(max_size=2000))
def test_arbitrary_bytes_give_an_image_or_a_media_error(data):
    try:
        image = read_image(data)
    except MediaError:
        return
    assert image.dtype == np.uint8
    assert image.shape[2] == 3


WHOLE = [encoded(scene(24), kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")] + [heic(scene(24))]


@settings(max_examples=300)
@given(
    st.sampled_from(WHOLE), st.lists(st.tuples(st.integers(0, 3000), st.binary(min_size=0, max_size=6)), min_size=1, max_size=5)
)
def test_damaged_photos_give_an_image_or_a_media_error(data, changes):
    for at, new in changes:
        data = data[: at % (len(data) + 1)] + new + data[at % (len(data) + 1) + max(1, len(new)) :]
    with contextlib.suppress(MediaError):
        assert read_image(data, max_pixels=10**6).dtype == np.uint8


@pytest.mark.data
def test_real_photos_are_read(media_folder):
    photos = sorted((media_folder / "photos").iterdir())
    assert photos
    for path in photos:
        assert min(read_image(path).shape[:2]) > 50


@pytest.mark.parametrize("brand", [b"mif1", b"msf1", b"heic"])
def test_a_heic_is_told_from_an_avif_whatever_its_first_brand_is(brand):
    data = heic(scene())
    assert gap(read_image(data[:8] + brand + data[12:]), SCENE) < 9
    assert gap(read_image(encoded(scene(), "AVIF")), SCENE) < 12
