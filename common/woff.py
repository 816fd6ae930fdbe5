"""Unwraps WOFF 1.0 fonts, as the web has them, into the plain font files that print needs.

The format is a table directory and zlib: https://www.w3.org/TR/WOFF/ (2012). Oslo Sans comes as
WOFF alone; unwrapping it in memory saves a font tool among the requirements.
"""

import struct
import zlib
from typing import NamedTuple

HEADER = struct.Struct(">4sIIHHIHHIIIII")
ENTRY = struct.Struct(">4sIIII")
SFNT_HEADER = struct.Struct(">IHHHH")
SFNT_ENTRY = struct.Struct(">4sIII")


class Table(NamedTuple):
    tag: bytes
    checksum: int
    data: bytes


def unwrap(woff: bytes) -> bytes:
    """The same font as TrueType or OpenType. Raises ValueError for anything but WOFF 1.0."""
    if woff[:4] != b"wOFF":
        raise ValueError("not a WOFF 1.0 font")
    _signature, flavor, _length, count, *_rest = HEADER.unpack_from(woff)
    tables = sorted(_table(woff, HEADER.size + ENTRY.size * place) for place in range(count))
    return _header(flavor, count) + _body(tables)


def _table(woff: bytes, at: int) -> Table:
    tag, offset, packed_length, length, checksum = ENTRY.unpack_from(woff, at)
    packed = woff[offset : offset + packed_length]
    data = zlib.decompress(packed) if packed_length < length else packed
    return Table(tag, checksum, data)


def _header(flavor: int, count: int) -> bytes:
    power = count.bit_length() - 1
    search_range = 16 << power
    return SFNT_HEADER.pack(flavor, count, search_range, power, count * 16 - search_range)


def _body(tables: list[Table]) -> bytes:
    directory, data = b"", b""
    start = SFNT_HEADER.size + SFNT_ENTRY.size * len(tables)
    for table in tables:
        directory += SFNT_ENTRY.pack(table.tag, table.checksum, start + len(data), len(table.data))
        data += table.data + b"\0" * (-len(table.data) % 4)
    return directory + data
