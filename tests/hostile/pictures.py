"""Photos that mean harm, or were harmed: bombs, loops, cuts, and files of two kinds at once. Made here, the same each time."""

import io
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image

from tests.core.bad_photos import bad_photos, encoded, png_header_only, scene, with_bytes

KINDS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
MARKUP = b"<script>alert(1)</script><img src=x onerror=alert(2)>"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]><svg xmlns='http://www.w3.org/2000/svg'>&j;</svg>"
)


def noise(side=96):
    """Return a picture that hardly compresses: its file has many kilobytes to be cut at."""
    return Image.fromarray(np.random.default_rng(5).integers(0, 255, (side, side, 3), np.uint8))


def cut_at_each_kilobyte():
    """Return every beginning of whole kilobytes of a photo in each format."""
    found = {}
    for kind in KINDS:
        data = encoded(noise(), kind)
        found |= {f"{kind} cut at {size >> 10} KB": data[:size] for size in range(1024, min(len(data), 30 << 10), 1024)}
    return found


def flat_bombs():
    """Return whole pictures of 24 megapixels in a few kilobytes; and one whose size is refused, though it could be unpacked."""
    flat = {kind: Image.new("RGB", (6000, 4000)) for kind in ("PNG", "TIFF", "WEBP")} | {"GIF": Image.new("P", (6000, 4000))}
    options = {"TIFF": {"compression": "tiff_adobe_deflate"}, "WEBP": {"lossless": True, "method": 0}}
    found = {f"flat {kind} of 24 megapixels": encoded(image, kind, **options.get(kind, {})) for kind, image in flat.items()}
    return found | {"flat PNG of 400 megapixels": encoded(Image.new("1", (20000, 20000)), "PNG")}


def chunk(kind, data):
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def chunk_bombs():
    """Return PNGs whose words, colour profile or pixels unpack to far more than is said."""
    png, zeros = encoded(scene(), "PNG"), zlib.compress(bytes(100_000_000), 9)
    extra = {
        "text": chunk(b"zTXt", b"k\0\0" + zeros),
        "many texts": chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(1_000_000))) * 300,
        "international text": chunk(b"iTXt", b"k\0\1\0\0\0" + zeros),
        "profile": chunk(b"iCCP", b"p\0\0" + zeros),
        "markup": chunk(b"tEXt", b"Title\0" + MARKUP),
    }
    found = {f"PNG with a bomb as {name}": png[:33] + data + png[33:] for name, data in extra.items()}
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
    found["PNG of too many pixels inside"] = png[:8] + head + chunk(b"IDAT", zeros) + chunk(b"IEND", b"")
    found["APNG of a million frames"] = png[:33] + chunk(b"acTL", struct.pack(">II", 10**6, 0)) + png[33:]
    return found


def looping_exif():
    """Return EXIF blocks whose tables lead back to themselves, or promise more than there is."""
    head = b"MM\0*\0\0\0\x08"
    tags = {
        "EXIF table": (0x8769, 4, 1, 8),
        "GPS table": (0x8825, 4, 1, 8),
        "interoperability table": (0xA005, 4, 1, 8),
        "huge count": (0x010E, 2, 0xFFFFFFFF, 8),
        "far offset": (0x8769, 4, 1, 0xFFFFFFF0),
        "unknown type": (0x0112, 99, 1, 6 << 16),
        "orientation 9": (0x0112, 3, 1, 9 << 16),
        "maker's note": (0x927C, 7, 0x7FFFFFFF, 8),
    }
    tables = {name: head + struct.pack(">HHHIII", 1, *tag, 8) for name, tag in tags.items()}
    tables["many tags"] = head + struct.pack(">H", 65535) + struct.pack(">HHII", 0x8769, 4, 1, 8) * 5000
    return tables


def with_exif():
    """Return photos with each of those blocks."""
    found = {}
    for name, table in looping_exif().items():
        for kind in ("JPEG", "PNG", "WEBP"):
            block = b"Exif\0\0" + table
            if len(block) < 65500:
                found[f"{kind} with EXIF: {name}"] = encoded(scene(32), kind, exif=block)
    return found


def twisted_tiffs():
    """Return TIFFs whose directories loop, or lie about what they hold."""
    tiff = encoded(scene(32), "TIFF")
    start = struct.unpack_from("<I", tiff, 4)[0]
    count = struct.unpack_from("<H", tiff, start)[0]
    end = start + 2 + 12 * count
    found = {"TIFF whose next page is the first": with_bytes(tiff, end, struct.pack("<I", start))}
    found["TIFF that begins beyond its end"] = with_bytes(tiff, 4, b"\xf0\xff\xff\xff")
    for at in range(start + 2, end, 12):
        tag = struct.unpack_from("<H", tiff, at)[0]
        found[f"TIFF with a huge value at tag {tag}"] = with_bytes(tiff, at + 8, b"\xff\xff\xff\x7f")
        found[f"TIFF with a huge count at tag {tag}"] = with_bytes(tiff, at + 4, b"\xff\xff\xff\xff")
    return found


def sizes():
    """Return headers of extreme sizes."""
    jpeg, gif = encoded(scene(), "JPEG"), encoded(scene(), "GIF")
    place = jpeg.index(b"\xff\xc0") + 5
    found = {f"PNG of {w} x {h}": png_header_only(w, h) for w, h in ((2**31 - 1, 2**31 - 1), (2**31 - 1, 1), (1, 10**8), (0, 5))}
    found |= {
        f"JPEG of {w} x {h}": with_bytes(jpeg, place, struct.pack(">HH", h, w)) for w, h in ((65535, 65535), (65535, 1), (0, 0))
    }
    frame = gif.index(b",") + 5
    return found | {
        "GIF frame beyond its picture": with_bytes(gif, frame, b"\xff\xff\xff\xff"),
        "GIF whose frame has no pixel": with_bytes(gif, frame, bytes(4)),
        "BMP upside down to the limit": with_bytes(encoded(scene(), "BMP"), 22, struct.pack("<i", -(2**31))),
        "WebP of extended size": with_bytes(
            encoded(scene(), "WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"), 24, b"\xff" * 6
        ),
    }


def zip_of(content):
    """Return a zip that holds one file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(zipfile.ZipInfo("session.json"), content)
    return file.getvalue()


def two_kinds():
    """Return files that are two things at once, and files that only call themselves photos."""
    jpeg, png = encoded(scene(), "JPEG"), encoded(scene(), "PNG")
    comment = b"\xff\xfe" + struct.pack(">H", len(MARKUP) + 2) + MARKUP
    return {
        "JPEG and zip": jpeg + zip_of(b"x"),
        "JPEG and page": jpeg + b"<html><body>" + MARKUP,
        "JPEG with markup inside": jpeg[:2] + comment + jpeg[2:],
        "JPEG and program": jpeg + b"\x7fELF" + bytes(500),
        "GIF and script": b"GIF89a/*" + bytes(100) + b"*/=1;alert(1)//",
        "PDF and JPEG": b"%PDF-1.7\n" + jpeg,
        "PNG and script": png + b"<?php system($_GET['c']); ?>",
        "page and PNG": b"<!--" + png + b"--><html>",
        "BMP and script": b"BM/*" + bytes(60) + b"*/=alert(1)",
        "zip": zip_of(bytes(10_000_000)),
        "SVG with a script": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + MARKUP + b"</svg>",
        "SVG that reads files": b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
        "SVG of a billion laughs": LAUGHS,
        "page": b"<!DOCTYPE html>" + MARKUP,
        "script": b"#!/bin/sh\nrm -rf /\n",
        "MVG that reads a URL": b"push graphic-context\nimage over 0,0 0,0 'https://x/'\npop graphic-context",
        "EPS with a command": b"%!PS\n(%pipe%id) (r) file\n",
        "ICO": b"\0\0\1\0\1\0\0\0\0\0\1\0\x20\0\xff\xff\xff\x7f\x16\0\0\0" + bytes(40),
        "HEIC of boxes in boxes": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + struct.pack(">I4s", 2**31 - 1, b"meta") * 2000,
        "HEIC of nothing": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        "AVIF of nothing": b"\0\0\0\x18ftypavif\0\0\0\0mif1avif",
    }


def pictures():
    """Return {name: bytes} of every hostile photo."""
    known = {name: data for name, (data, _) in bad_photos().items()}
    parts = (cut_at_each_kilobyte, flat_bombs, chunk_bombs, with_exif, twisted_tiffs, sizes, two_kinds)
    return known | {name: data for part in parts for name, data in part().items()}
