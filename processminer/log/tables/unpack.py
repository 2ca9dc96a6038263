"""Packed files are unpacked into a folder of our own, within bounds: a small file may unpack into a disk full."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import tempfile
import weakref
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, cast

from processminer.engines.arrow import zstd_stream
from processminer.errors import LogError, Place

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from processminer.log.tables.kinds import Kind

GIB = 1 << 30
MOST_BYTES = 16 * GIB
"""All that is unpacked for one log. Ten million events are about one of these sixteen."""

MOST_RATIO = 400
UNSUSPICIOUS = 256 << 20
"""Bytes. Exports of a CRM shrink to a twentieth; what shrinks to a four-hundredth is believed up to this size only."""

MOST_MEMBERS = 10_000
_BLOCK = 1 << 20

DAMAGED = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, RuntimeError)


class BeyondBoundsError(LogError):
    """Something unpacks to more than is read: then nothing of it is, as a part would pass for the whole."""


@dataclass(slots=True)
class Workbench:
    """A folder for unpacked files that vanishes with its owner, and the account of what was put into it."""

    folder: Path
    spent: int = 0
    files: int = field(default=0)

    def copy(self, stream: IO[bytes], file: str, packed: int | None) -> Path:
        """Write a stream to a new file within the bounds; `packed` is its size before, where it was packed.

        Raises LogError where it grows beyond them or is damaged.
        """
        path = self.folder / str(self.files)
        self.files += 1
        written = 0
        with path.open("wb") as out:
            for block in _blocks(stream, file):
                written += len(block)
                self._within_bounds(written, len(block), file, packed)
                out.write(block)
        return path

    def _within_bounds(self, written: int, block: int, file: str, packed: int | None) -> None:
        self.spent += block
        hint = "Unpack it yourself if you trust it, and give the unpacked file or folder."
        if packed is not None and written > max(UNSUSPICIOUS, packed * MOST_RATIO):
            message = f"unpacks to more than {MOST_RATIO} times its size, which no export does."
            raise BeyondBoundsError(message, Place(file), hint)
        free = shutil.disk_usage(self.folder).free
        if self.spent > MOST_BYTES or free < 2 * _BLOCK:
            bound = (
                f"more than {MOST_BYTES // GIB} GiB" if self.spent > MOST_BYTES else "more than the disk has room for"
            )
            message = f"unpacks to {bound}."
            raise BeyondBoundsError(message, Place(file), hint)


def workbench(owner: object) -> Workbench:
    """Return a new workbench that is removed when `owner` is."""
    folder = tempfile.mkdtemp(prefix="processminer-")
    weakref.finalize(owner, shutil.rmtree, folder, ignore_errors=True)
    return Workbench(Path(folder))


def _blocks(stream: IO[bytes], file: str) -> Iterator[bytes]:
    try:
        while block := stream.read(_BLOCK):
            yield block
    except DAMAGED as error:
        message = f"cannot be read; it may be damaged or cut off ({error})."
        raise LogError(message, Place(file), "Copy or export it again.") from error


def unpacked(bench: Workbench, path: Path, file: str, kind: Kind) -> Path:
    """Return the path of the unpacked copy of a file packed on its own (gzip, zstd, bzip2, xz)."""
    with _opened(path, kind) as stream:
        return bench.copy(stream, file, path.stat().st_size)


@contextmanager
def _opened(path: Path, kind: Kind) -> Generator[IO[bytes]]:
    if kind == "zstd":
        with zstd_stream(path) as stream:
            yield stream
        return
    with gzip.open(path) if kind == "gzip" else bz2.open(path) if kind == "bzip2" else lzma.open(path) as stream:
        yield cast("IO[bytes]", stream)


def members(bench: Workbench, path: Path, file: str) -> Iterator[tuple[str, Path | LogError]]:
    """Yield the name of every file in a zip archive, in order of name, with its unpacked copy or why there is none."""
    with zipfile.ZipFile(path) as archive:
        entries = sorted((entry for entry in archive.infolist() if is_kept(entry)), key=lambda entry: entry.filename)
        if len(entries) > MOST_MEMBERS:
            message = f"holds {len(entries):,} files; at most {MOST_MEMBERS:,} are read."
            raise BeyondBoundsError(message, Place(file), "Give the part of it that is the export.")
        for entry in entries:
            said = f"{file}, {entry.filename}"
            if entry.flag_bits & 1:
                message = "is protected by a password."
                yield said, LogError(message, Place(said), "Unpack it, and give the folder.")
                continue
            yield said, _member(bench, archive, entry, said)


def _member(bench: Workbench, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, said: str) -> Path | LogError:
    try:
        with archive.open(entry) as stream:
            return bench.copy(stream, said, max(1, entry.compress_size))
    except DAMAGED as error:
        message = f"cannot be unpacked; it may be damaged ({error})."
        return LogError(message, Place(said), "Copy or export it again.")


def is_kept(entry: zipfile.ZipInfo) -> bool:
    """Tell whether an entry of an archive is a file that a person put there."""
    is_file = bool(entry.filename) and not entry.filename.endswith("/")
    return is_file and all(is_shown(part) for part in PurePosixPath(entry.filename).parts)


def is_shown(name: str) -> bool:
    """Tell whether a file or folder is one that a person would see, and no mark that a program left."""
    marks = (
        "_success",
        "_committed",
        "_started",
        "_metadata",
        "_common_metadata",
        "__macosx",
        "thumbs.db",
        "desktop.ini",
    )
    return not name.startswith((".", "~$")) and not name.lower().startswith(marks)
