"""Files that are no photo, or no whole one: made here, each with the words its refusal must hold."""

import io
import struct
import zlib

import numpy as np
from PIL import Image


def encoded(image, kind, **options):
    """Return an image as the bytes of a file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def scene(side=64, mode="RGB"):
    """Return a small picture with a smooth and a noisy part."""
    ramp = np.linspace(0, 255, side, dtype=np.uint8)
    rgb = np.stack(np.broadcast_arrays(ramp[:, None], ramp[None, :], np.uint8(90)), axis=-1).copy()
    rgb[: side // 2] ^= np.random.default_rng(0).integers(0, 64, (side // 2, side, 3), dtype=np.uint8)
    return Image.fromarray(rgb).convert(mode)


def png_header_only(width, height):
    """Return a well-formed PNG that promises a size and holds a few bytes."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(1000))),
        (b"IEND", b""),
    ]
    parts = [struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def with_bytes(data, at, new):
    """Return data with a few bytes replaced."""
    return data[:at] + new + data[at + len(new) :]


def bombs():
    """Return files that promise 30,000 x 30,000 pixels (WebP: its most) in a few hundred bytes."""
    jpeg, gif, bmp = (encoded(scene(), kind) for kind in ("JPEG", "GIF", "BMP"))
    tiff, webp = encoded(scene(), "TIFF"), encoded(scene(), "WEBP", lossless=True)
    tags = [tiff.index(struct.pack("<HHI", tag, 4, 1)) + 8 for tag in (256, 257)]
    wide = with_bytes(tiff, tags[0], struct.pack("<I", 30000))
    most = struct.pack("<I", 16382 | 16382 << 14)
    return {
        "jpeg bomb": with_bytes(jpeg, jpeg.index(b"\xff\xc0") + 5, struct.pack(">HH", 30000, 30000)),
        "png bomb": png_header_only(30000, 30000),
        "gif bomb": with_bytes(gif, 6, struct.pack("<HH", 30000, 30000)),
        "bmp bomb": with_bytes(bmp, 18, struct.pack("<ii", 30000, 30000)),
        "tiff bomb": with_bytes(wide, tags[1], struct.pack("<I", 30000)),
        "webp bomb": with_bytes(webp, webp.index(b"VP8L") + 9, most),
    }


def endless_jpeg(scans):
    """Return a progressive JPEG whose last scan comes again and again."""
    jpeg = encoded(scene(), "JPEG", progressive=True)
    last = jpeg[jpeg.rindex(b"\xff\xc4", 0, jpeg.rindex(b"\xff\xda")) : -2]
    return jpeg[:-2] + last * scans + jpeg[-2:]


def bad_photos():
    """Return {name: (bytes, words)}."""
    corpus = {f"truncated {kind}": (encoded(scene(), kind)[:-200], "too early") for kind in ("JPEG", "PNG", "GIF", "BMP", "TIFF")}
    webp, jpeg = encoded(scene(), "WEBP"), encoded(scene(), "JPEG")
    corpus |= {name: (data, "megapixels") for name, data in bombs().items()}
    return corpus | {
        "truncated WebP": (webp[: len(webp) // 2], "WebP"),
        "corrupt JPEG": (jpeg[:20] + bytes(reversed(jpeg[20:])), "JPEG"),
        "corrupt PNG": (with_bytes(encoded(scene(), "PNG"), 20, b"????"), "PNG"),
        "JPEG of many scans": (endless_jpeg(200), "at most 100 scans"),
        "empty": (b"", "empty"),
        "text": (b"Dear diary,\nthis is no photo.\n", "text"),
        "latin-1 text": ("Für dich, mein Schatz".encode("latin-1"), "text"),
        "svg": (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        "html": (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        "mp4": (b"\x00\x00\x00\x18ftypmp42" + bytes(100), "video"),
        "zeros": (bytes(5000), "no format known"),
        "0x0 PNG": (png_header_only(0, 0), "at least one pixel"),
        "0x0 BMP": (with_bytes(encoded(scene(), "BMP"), 18, bytes(8)), "at least one pixel"),
        "PSD": (b"8BPS\x00\x01" + bytes(100), "no format known"),
        "EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "text"),
    }
