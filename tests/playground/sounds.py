"""The smallest sound and film that a server can tell apart."""

import struct


def opus(seconds: float) -> bytes:
    """Return an Ogg file with Opus of this length: the first page with its head, and a last page."""
    skipped = 312
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, skipped, 48_000, 0, 0)
    return _page(2, 0, head) + _page(4, int(seconds * 48_000) + skipped, b"\0")


def vorbis(seconds: float, rate: int = 44_100) -> bytes:
    """Return an Ogg file with Vorbis of this length."""
    head = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 1, rate, 0, 0, 0, 0, 1)
    return _page(2, 0, head) + _page(4, int(seconds * rate), b"\0")


def _page(flags: int, samples: int, content: bytes) -> bytes:
    return b"OggS" + struct.pack("<BBqIII", 0, flags, samples, 7, 0, 0) + bytes([1, len(content)]) + content


OGG = opus(1.5)
MP3 = b"\xff\xfb\x90\x00" + b"\0" * 413
MP4 = struct.pack(">I", 20) + b"ftypisom" + b"\0\0\2\0" + b"mp42"
M4A = struct.pack(">I", 20) + b"ftypM4A " + b"\0\0\2\0" + b"mp42"
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm"
WAV = b"RIFF\x24\0\0\0WAVEfmt "
FLAC = b"fLaC\0\0\0\x22"
