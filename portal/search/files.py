"""The index folder of a machine: which index is current, who may write, and whether its files are whole.

    DATA_DIR/index/SITE/
        lock          held by the one process of this machine that writes
        current       the name of the index that everybody reads
        damaged       the name of an index that a reader has found broken
        TIME-PID/     an index: tantivy's files, and place.json, up to where the change stream is in it

A place is written after the commit that it speaks of: a crash between the two reads some changes twice,
which changes nothing.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

from portal.errors import PortalError

GRACE_SECONDS = 60.0
"""How long an index that is not current any more stays for readers that are just opening it."""


class BrokenIndex(PortalError):
    """The files of an index cannot be read."""


@contextmanager
def guarded() -> Iterator[None]:
    """Turn what the engine does over broken files, a panic of its Rust code included, into BrokenIndex."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise BrokenIndex(str(error)) from error
    except BaseException as error:
        # PyO3 derives its panics from BaseException, so that nobody catches them unawares.
        if type(error).__name__ != "PanicException":
            raise
        raise BrokenIndex(str(error)) from None


@dataclass(frozen=True, slots=True)
class Place:
    """How far an index follows the change stream.

    stream  id of the last entry that is in it     added  how many entries the stream ever had by then
    generation  of the mirror then                 schema  what it was made by
    """

    schema: int
    stream: str = "0-0"
    added: int = 0
    generation: int = 0


class Folder:
    """The index folder of one site on this machine."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def current(self) -> str:
        """The name of the current index, "" where there is none."""
        return self._word("current")

    def damaged(self) -> str:
        """The name of the index that a reader has reported, or ""."""
        return self._word("damaged")

    def report(self, name: str) -> None:
        """Say that an index is broken; its writer makes a new one."""
        with suppress(OSError):
            self._put("damaged", name)

    def take_over(self, name: str) -> None:
        """Make an index the current one."""
        self._put("current", name)
        (self.path / "damaged").unlink(missing_ok=True)

    def make(self) -> Path:
        """An empty folder for a new index."""
        path = self.path / f"{time.time_ns()}-{os.getpid()}"
        path.mkdir(parents=True)
        return path

    def place(self, name: str) -> Place | None:
        """How far that index is, None where nobody knows."""
        try:
            written = json.loads((self.path / name / "place.json").read_bytes())
            return Place(
                int(written["schema"]),
                str(written["stream"]),
                int(written["added"]),
                int(written["generation"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put_place(self, name: str, place: Place) -> None:
        """Remember how far an index is."""
        self._put(f"{name}/place.json", json.dumps(asdict(place)))

    def tidy(self, now: float) -> None:
        """Remove what no reader opens any more. `now` in epoch seconds."""
        current = self.current()
        for path in self.path.glob("*-*"):
            with suppress(OSError):
                if path.is_dir() and path.name != current and now - path.stat().st_mtime > GRACE_SECONDS:
                    shutil.rmtree(path)

    def _word(self, name: str) -> str:
        try:
            word = (self.path / name).read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return ""
        return word if word.replace("-", "").isdigit() else ""

    def _put(self, name: str, text: str) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        with beside.open("w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)


class Lock:
    """The right to write, held by one open file and whoever inherits it; the kernel frees it with them."""

    def __init__(self, folder: Folder) -> None:
        self._path = folder.path / "lock"
        self._fd = -1

    @property
    def fd(self) -> int:
        """The open file, for a child to inherit."""
        return self._fd

    def take(self) -> bool:
        """Whether this process has it now."""
        if self._fd >= 0:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(fd)
            return False
        self._fd = fd
        return True

    def lost(self) -> bool:
        """Whether the file was deleted under us: another process could lock a new one."""
        try:
            return self._path.stat().st_ino != os.fstat(self._fd).st_ino
        except OSError:
            return True

    def release(self) -> None:
        """Let another have it."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class Soundness(Enum):
    """How the files of an opened index are.

    GONE     deleted: what is open can still be read         NEWER  a commit has come
    CHANGED  written over: what is open must not be touched  (a shortened file under a map kills the process)
    """

    WHOLE = "whole"
    NEWER = "newer"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class _Mark:
    size: int
    changed: int
    inode: int


class Seal:
    """The files of an index as they were when it was opened. An engine's segment files never change."""

    def __init__(self, path: Path) -> None:
        """raises  BrokenIndex where they cannot be listed"""
        self._path = path
        try:
            self._meta = _mark(path / "meta.json")
            written = json.loads((path / "meta.json").read_bytes())
            live = tuple(str(segment["segment_id"]).replace("-", "") for segment in written["segments"])
            names = [entry.name for entry in os.scandir(path) if entry.name.startswith(live)] if live else []
            self._marks = {name: _mark(path / name) for name in names}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BrokenIndex(f"{path}: {error}") from error

    def check(self) -> Soundness:
        """How the files are now."""
        try:
            meta = _mark(self._path / "meta.json")
        except OSError:
            return Soundness.GONE if self._files() is not Soundness.CHANGED else Soundness.CHANGED
        if meta == self._meta:
            return self._files()
        # Merged segments are deleted after a commit: only one that is written over is no good sign.
        return Soundness.CHANGED if self._files() is Soundness.CHANGED else Soundness.NEWER

    def _files(self) -> Soundness:
        state = Soundness.WHOLE
        for name, before in self._marks.items():
            try:
                if _mark(self._path / name) != before:
                    return Soundness.CHANGED
            except OSError:
                state = Soundness.GONE
        return state


def _mark(path: Path) -> _Mark:
    found = path.stat()
    return _Mark(found.st_size, found.st_mtime_ns, found.st_ino)
