"""Sound and film, known by their bytes: what others say of a file is not to be trusted."""

import struct

_SOUND_BRANDS = frozenset({b"M4A ", b"M4B "})
_OGG_HEAD = 64
_OPUS_RATE = 48_000


def media_type(data: bytes) -> str:
    """Return the MIME type of Ogg, MP3, MP4, WebM, WAV or FLAC; "" for all else."""
    if data.startswith(b"OggS"):
        head = data[:_OGG_HEAD]
        return "audio/ogg" if b"OpusHead" in head or b"\x01vorbis" in head else ""
    if data[4:8] == b"ftyp":
        return "audio/mp4" if data[8:12] in _SOUND_BRANDS else "video/mp4"
    if data.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in data[:_OGG_HEAD]:
        return "video/webm"
    if data.startswith(b"RIFF") and data[8:12] == b"WAVE":
        return "audio/wav"
    if data.startswith(b"fLaC"):
        return "audio/flac"
    return "audio/mpeg" if data.startswith(b"ID3") or _is_mp3_frame(data) else ""


def _is_mp3_frame(data: bytes) -> bool:
    """Tell whether an MPEG audio frame of layer III begins here, with a bitrate and a sample rate that exist."""
    if len(data) < 4:
        return False
    sync, rates = struct.unpack(">HB", data[:3])
    return bool(sync & 0xFFE6 == 0xFFE2 and rates >> 4 not in {0, 15} and rates >> 2 & 3 != 3)


def seconds(data: bytes) -> int:
    """Return how long an Ogg file plays, rounded up; 0 for every other kind of file.

    Its last page tells the number of samples: https://www.rfc-editor.org/rfc/rfc3533#section-6
    """
    head = data[:_OGG_HEAD]
    opus, vorbis = head.find(b"OpusHead"), head.find(b"\x01vorbis")
    if max(opus, vorbis) < 0:
        return 0
    last = data.rfind(b"OggS")
    try:
        (samples,) = struct.unpack_from("<q", data, last + 6)
        if opus >= 0:
            (skipped,) = struct.unpack_from("<H", data, opus + 10)
            return _rounded_up(samples - skipped, _OPUS_RATE)
        (rate,) = struct.unpack_from("<I", data, vorbis + 12)
        return _rounded_up(samples, rate)
    except struct.error:
        return 0


def _rounded_up(samples: int, rate: int) -> int:
    return -(-samples // rate) if samples > 0 and rate > 0 else 0
