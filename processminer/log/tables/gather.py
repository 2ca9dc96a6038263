"""Finds the files behind whatever was given: a file, a folder, a pattern, an archive, or standard input."""

from __future__ import annotations

import filecmp
import glob
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from processminer.errors import LogError, Place
from processminer.log.tables.dated_names import moments_of
from processminer.log.tables.kinds import PACKED, Kind, has_foreign_ending, kind_of
from processminer.log.tables.unpack import BeyondBoundsError, Workbench, is_shown, members, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_FILES = 10_000

DEEPEST = 3
"""An archive in an archive in an archive: a person may have packed that; no one packs deeper."""

STANDARD_INPUT = "standard input"


@dataclass(frozen=True, slots=True)
class Given:
    """One file that was given, unpacked."""

    path: Path
    file: str
    """As the user would say it."""
    kind: Kind


@dataclass(frozen=True, slots=True)
class Found:
    """The files that may be tables or event logs, and those that are not."""

    files: tuple[Given, ...]
    passed_over: tuple[tuple[str, LogError], ...]


def gather(bench: Workbench, source: str | Path) -> Found:
    """Return the files behind `source`, unpacked and told apart, in order of name.

    A file that is no table is passed over where others may be. Raises LogError where there is nothing to read.
    """
    files: list[Given] = []
    refused: list[tuple[str, LogError]] = []
    for path, file in _on_disk(bench, source):
        for given in _opened(bench, path, file, DEEPEST):
            if isinstance(given, Given):
                files.append(given)
            else:
                refused.append(given)
    files = list(_without_copies(files, refused))
    if not files:
        if refused:
            raise refused[0][1]
        message = "holds no file that could be a deal log."
        raise LogError(message, Place(str(source)), "Put the export's CSV, XLSX, JSON, Parquet or XES files into it.")
    return Found(tuple(files), tuple(refused))


def _on_disk(bench: Workbench, source: str | Path) -> list[tuple[Path, str]]:
    """Return the files named, with what to call them."""
    if str(source) == "-":
        return [(bench.copy(sys.stdin.buffer, STANDARD_INPUT, None), STANDARD_INPUT)]
    path = Path(source)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        return _matching(str(source), error)
    if stat.S_ISDIR(mode):
        return _in_folder(path)
    if stat.S_ISFIFO(mode):
        with path.open("rb") as stream:
            return [(bench.copy(stream, path.name, None), path.name)]
    if not stat.S_ISREG(mode):
        message = "is no file but a device."
        raise LogError(message, Place(str(source)), "Give a file, a folder or - for standard input.")
    return [(path, path.name)]


def _matching(pattern: str, error: Exception) -> list[tuple[Path, str]]:
    """Return the files that a pattern such as exports/*.csv matches."""
    if isinstance(error, PermissionError):
        raise _forbidden(pattern) from error
    if not glob.has_magic(pattern):
        message = "does not exist."
        hint = "Check the path; a folder of export files works too, and so does a pattern such as 'exports/*.csv'."
        raise LogError(message, Place(pattern), hint) from error
    found = sorted(Path(path) for path in glob.glob(pattern, recursive=True))  # noqa: PTH207 - as a shell reads it
    files = [(path, path.name) for path in found if path.is_file() and is_shown(path.name)]
    if not files:
        message = "matches no file."
        raise LogError(message, Place(pattern), "Check the pattern; * stands for any part of a name.")
    names = [file for _, file in files]
    return files if len(set(names)) == len(names) else [(path, str(path)) for path, _ in files]


def _in_folder(folder: Path) -> list[tuple[Path, str]]:
    """Return the files of a folder and of the folders in it, those that a link names twice once."""
    files: list[tuple[Path, str]] = []
    seen: set[Path] = set()
    for path in _listed(folder, folder):
        for one in [path] if path.is_file() else _listed(path, folder) if path.is_dir() else []:
            if one.is_file() and not has_foreign_ending(one.name) and one.resolve() not in seen:
                seen.add(one.resolve())
                files.append((one, one.relative_to(folder).as_posix()))
        if len(files) > MOST_FILES:
            message = f"holds more than {MOST_FILES:,} files."
            raise LogError(message, Place(str(folder)), "Give the folder that holds the export alone.")
    return files


def _listed(folder: Path, source: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if is_shown(path.name))
    except PermissionError as error:
        raise _forbidden(str(folder)) from error
    except OSError as error:
        message = f"cannot be listed ({error.strerror or error})."
        raise LogError(message, Place(str(source)), "Give the files themselves.") from error


def _forbidden(file: str) -> LogError:
    return LogError("may not be read by you.", Place(file), "Change its permissions, or copy it.")


def _opened(bench: Workbench, path: Path, file: str, deepest: int) -> Iterator[Given | tuple[str, LogError]]:
    """Yield the file itself or, where it is packed, what is in it; or the file's name and why it is not read."""
    try:
        kind = kind_of(path, file)
        if kind in PACKED:
            yield from _unpacked(bench, Given(path, file, kind), deepest)
        else:
            yield Given(path, file, kind)
    except BeyondBoundsError:
        raise
    except LogError as error:
        yield file, error
    except PermissionError:
        yield file, _forbidden(file)
    except OSError as error:
        message = f"cannot be read ({error.strerror or error})."
        yield file, LogError(message, Place(file), "Copy or export it again.")


def _unpacked(bench: Workbench, given: Given, deepest: int) -> Iterator[Given | tuple[str, LogError]]:
    if not deepest:
        message = f"is packed more than {DEEPEST} times over."
        raise LogError(message, Place(given.file), "Unpack it, and give the folder.")
    if given.kind != "zip":
        yield from _opened(bench, unpacked(bench, given.path, given.file, given.kind), given.file, deepest - 1)
        return
    for said, member in members(bench, given.path, given.file):
        if isinstance(member, LogError):
            yield said, member
        elif not has_foreign_ending(said):
            yield from _opened(bench, member, said, deepest - 1)


def _without_copies(files: list[Given], refused: list[tuple[str, LogError]]) -> Iterator[Given]:
    """Yield the files that do not repeat another byte for byte, as a second download does; say which do."""
    by_size: dict[int, list[Given]] = {}
    for given in files:
        alike = by_size.setdefault(given.path.stat().st_size, [])
        first = next((other for other in alike if _is_copy(given, other)), None)
        if first is None:
            alike.append(given)
            yield given
        else:
            message = f"is the same as {first.file}, byte for byte."
            refused.append((given.file, LogError(message, Place(given.file), "Remove one of them.")))


def _is_copy(given: Given, other: Given) -> bool:
    """Tell whether two files hold the same bytes and are not dated apart: a list may be the same a week later."""
    dated_apart = moments_of([other.file, given.file]) is not None
    return not dated_apart and filecmp.cmp(other.path, given.path, shallow=False)
