"""Pure. The words for photos that are refused: what was expected, what came, what to do."""

from __future__ import annotations

from fer_core.errors import MediaError

PHOTO = "a photo (JPEG, PNG, WebP, GIF, BMP, TIFF, HEIC or AVIF)"


def too_large(max_pixels: int, came: str) -> str:
    """Return the sentence for a picture of too many pixels."""
    return f"expected at most {max_pixels / 1e6:g} megapixels, got {came}; make the picture smaller"


def looks_like(data: bytes) -> str:
    """Return what bytes of no listed format are, and what to do."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<svg") or (head.startswith(b"<?xml") and b"<svg" in head):
        return "an SVG drawing; export it as PNG"
    if head.startswith((b"<!doctype html", b"<html")):
        return "a web page; save the picture itself, not the page around it"
    if head.startswith(b"%pdf"):
        return "a PDF; export its page as JPEG or PNG"
    if data[4:8] == b"ftyp" or data.startswith(b"\x1a\x45\xdf\xa3") or data[8:12] == b"AVI ":
        return "a video; open it as a video"
    if not any(byte < 9 or 13 < byte < 32 for byte in data[:4096]):
        return "text; choose a photo, a file name alone does not make one"
    return "bytes of no format known here; save it as JPEG or PNG"


def damaged(kind: str, fault: BaseException) -> MediaError:
    """Return the error for a photo whose decoder gave up, by the reason it gave."""
    name = {"WEBP": "WebP", "HEIF": "HEIC", "MPO": "JPEG"}.get(kind, kind)
    reason = str(fault).lower()
    if isinstance(fault, MemoryError):
        return MediaError(f"expected a {name} that fits into memory, got a larger one; make the photo smaller")
    if "not identified by this driver" in reason:
        return MediaError(f"expected a {name} of at least one pixel, got one whose header gives no size; save it again")
    if "truncated" in reason or "end of file" in reason or isinstance(fault, EOFError):
        return MediaError(f"expected a whole {name}, got one that ends too early; copy or download it again")
    if "unknown pixel mode" in reason or "not supported" in reason or "unsupported" in reason:
        return MediaError(f"expected a common kind of {name}, got a rare one; save it as JPEG or PNG")
    return MediaError(f"expected an intact {name}, got a damaged one; save or download it again")
