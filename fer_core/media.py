"""Adapter. Bytes → picture: every photo format that is let in, and a plain refusal for everything else.

Units: bytes and pixels. Nothing but the listed formats is ever handed to a decoder.
"""

from __future__ import annotations

import io
import os
import struct
import threading
import warnings
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy.typing as npt
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from fer_core.errors import InputError, MediaError
from fer_core.pixels import orientation, rgb_array, upright
from fer_core.refusal import PHOTO, damaged, looks_like, too_large

Array = npt.NDArray[Any]
Source = str | Path | bytes | BinaryIO

MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 120_000_000  # a 100-megapixel camera passes; decoding takes about 7 bytes a pixel

_MAX_SIDE_PX = 65_500  # the most that libjpeg writes; a thin strip costs far more than its pixels
_MAX_WEBP_PIXELS = 20_000_000  # its decoder holds the picture five times
_MAX_SCANS = 100  # of a progressive JPEG, usually about 10: a scan of 50 bytes costs a pass over the whole picture

_MOST_BRANDS_BYTES = 256
_SUBFILE_TYPE, _REDUCED, _DNG_VERSION = 254, 1, 50_706  # tags of TIFF, and the bit of a page that is a small copy of another
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")

# What Pillow's decoders and EXIF reader raise on bytes that are not what their header says.
_FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)

# One photo is decoded at a time: that bounds the memory, and `warnings.catch_warnings` is not safe between threads.
_DECODING = threading.Lock()


def read_image(source: Source, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS) -> Array:
    """Return a photo as it is meant to be seen: EXIF orientation applied, transparent parts white, gray and CMYK as RGB.

    Reads JPEG, PNG, WebP, GIF (first frame), BMP, TIFF (first page), HEIC and AVIF. Nothing is decoded before the
    file's size and the size that its header announces have passed the limits.

    Args:
        source: a path, the file's bytes, or an object open for reading bytes (read from where it stands).
        max_bytes: a larger file is refused; no more than one byte beyond is ever read.
        max_pixels: a larger picture is refused from its header.

    Returns:
        (H, W, 3) uint8, RGB.

    Raises:
        MediaError: there is no such file, or it is no photo, damaged, cut off, or over a limit.
        InputError: the source is of another type.
    """
    data = read_bytes(source, max_bytes=max_bytes)
    with _DECODING, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of what is either harmless or refused here
        image = _open(data, max_pixels)
        return _pixels(image)


def read_bytes(source: Source, *, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the bytes of a path, of bytes, or of an open file, and read at most one byte more than allowed.

    Raises:
        MediaError: there is no such file, it is empty, or it is over the limit.
        InputError: the source is of another type.
    """
    if isinstance(source, str | Path):
        data = _read_path(Path(source), max_bytes)
    elif isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source[: max_bytes + 1])
    elif hasattr(source, "read"):
        data = _read_open(source, max_bytes)
    else:
        raise InputError(f"source must be a path, bytes or an open file, got {type(source).__name__}; see fer_core.read_image")
    if not data:
        raise MediaError(f"expected {PHOTO}, got an empty file; save or download it again")
    if len(data) > max_bytes:
        raise MediaError(f"expected at most {max_bytes / 2**20:g} MB, got a larger file; save the photo smaller")
    return data


def _read_path(path: Path, max_bytes: int) -> bytes:
    try:
        if path.is_dir():
            os.scandir(path).close()  # one that cannot be read says why
            raise MediaError(f"expected a file, got the folder {str(path)!r}; name one photo in it")
        if not path.is_file():
            raise MediaError(f"expected a file, got nothing at {str(path)!r}; check the path")
        with path.open("rb") as file:
            return _read_open(file, max_bytes)
    except OSError as fault:
        raise MediaError(f"expected a readable file, got {fault.strerror or fault} at {str(path)!r}; check the path") from fault


def _read_open(file: BinaryIO, max_bytes: int) -> bytes:
    """Read to the end or to one byte beyond the limit; raw files may give less than asked for at a time."""
    data = bytearray()
    while len(data) <= max_bytes and (part := file.read(max_bytes + 1 - len(data))):
        if not isinstance(part, bytes):
            raise InputError("an open file must give bytes, got text; open it with mode 'rb'")
        data += part
    return bytes(data)


def _open(data: bytes, max_pixels: int) -> Image.Image:
    """Return the image behind its header, not yet decoded."""
    kind = _kind(data)
    try:
        image = Image.OPEN[kind][0](io.BytesIO(data), "")
        if isinstance(image, TiffImageFile):
            _need_developed(image)
    except Image.DecompressionBombError as fault:
        raise MediaError(too_large(max_pixels, "far more in its header")) from fault
    except _FAULTS as fault:
        raise damaged(kind, fault) from fault
    _need_size(image, min(max_pixels, _MAX_WEBP_PIXELS) if kind == "WEBP" else max_pixels)
    if image.info.get("progressive") and data.count(b"\xff\xda") > _MAX_SCANS:
        raise MediaError(f"expected a JPEG of at most {_MAX_SCANS} scans, got more; save the photo again")
    return image


def _need_developed(image: TiffImageFile) -> None:
    """Refuse a camera's raw photo: a DNG, or a TIFF that begins with a small copy of a picture that is still to be developed."""
    if _DNG_VERSION in image.tag_v2 or int(image.tag_v2.get(_SUBFILE_TYPE, 0)) & _REDUCED:
        raise MediaError(f"expected {PHOTO}, got a raw photo; export it as JPEG")


def _need_size(image: Image.Image, max_pixels: int) -> None:
    came = f"{image.width} x {image.height} = {image.width * image.height / 1e6:.0f} megapixels"
    if image.width * image.height > max_pixels:
        raise MediaError(too_large(max_pixels, came))
    if max(image.size) > _MAX_SIDE_PX:
        raise MediaError(f"expected at most {_MAX_SIDE_PX} pixels a side, got {came}; make the picture smaller")


def _pixels(image: Image.Image) -> Array:
    """Decode, convert and turn; the compressed image is let go before it is turned."""
    kind = image.format or "photo"
    try:
        image.load()
        rgb = rgb_array(image)
    except Image.DecompressionBombError as fault:
        raise MediaError("expected frames no larger than the picture, got far larger ones; save the photo again") from fault
    except _FAULTS as fault:
        raise damaged(kind, fault) from fault
    try:
        turn = orientation(image)
    except _FAULTS:  # a whole picture with damaged EXIF is shown as it lies
        turn = 1
    image.close()
    return upright(rgb, turn)


def is_photo(head: bytes) -> bool:
    """Return whether a file that begins so is of a photo format that is read here, whatever its name says.

    Args:
        head: the file's first bytes, some thousand.

    Example:
        >>> is_photo(b"GIF89a"), is_photo(b"a letter")
        (True, False)
    """
    try:
        _kind(head)
    except MediaError:
        return False
    return True


def _names_avif(data: bytes) -> bool:
    """Return whether a file of ISO's base format names AVIF among its brands; HEIC photos may share the first of them."""
    size = int.from_bytes(data[:4], "big")
    brands = data[8:12] + data[16 : min(size, _MOST_BRANDS_BYTES)]
    return any(brands[at : at + 4] in (b"avif", b"avis") for at in range(0, len(brands), 4))


def _kind(data: bytes) -> str:
    """Return the name under which Pillow knows the format of these bytes.

    Raises:
        MediaError: the bytes are not of a listed format; it says what they look like.
    """
    Image.init()
    if data[4:8] == b"ftyp" and "HEIF" not in Image.OPEN:
        import pillow_heif  # here, because few photos need it and it loads slowly

        pillow_heif.register_heif_opener()
    for kind in _FORMATS:
        _, accept = Image.OPEN.get(kind, (None, None))
        if accept is not None and accept(data[:16]) is True and (kind != "AVIF" or _names_avif(data)):
            return kind
    raise MediaError(f"expected {PHOTO}, got {looks_like(data)}")
