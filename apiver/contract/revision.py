"""Files of a git revision, read out of the repository without touching its working tree or index."""

from __future__ import annotations

import os
import posixpath
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from apiver.contract.location import LARGEST
from apiver.errors import InputError

if TYPE_CHECKING:
    from apiver.contract.location import Location, Reach

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:").match
_LINK, _SUBMODULE = "120000", "160000"
_MOST_LINKS = 40


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository as seen from the working directory.

    `directory` is where git keeps it, `top` the top of the working tree (None in a bare repository), `prefix`
    the way from there to the working directory (`""` or `services/shop/`).
    """

    directory: str
    top: str | None
    prefix: str

    @classmethod
    def around(cls, revision: str) -> Repository:
        """The repository around the working directory; raises InputError where there is none."""
        where = f"looked for {revision} from {Path.cwd()}"
        try:
            done = subprocess.run(
                ["git", "rev-parse", "--git-common-dir", "--show-prefix"],
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            raise InputError("git is not installed", where=where, remedy="name a file instead") from None
        if done.returncode:
            reason = done.stderr.strip().partition("\n")[0].removeprefix("fatal: ")
            raise InputError(
                f"git finds no repository here: {reason}",
                where=where,
                remedy="change into the repository first, or name a file",
            )
        directory, prefix, *_ = [*done.stdout.split("\n"), ""]
        top = subprocess.run(
            ["git", "rev-parse", "--show-toplevel"], capture_output=True, text=True, check=False
        )
        return cls(str((Path.cwd() / directory).resolve()), top.stdout.strip("\n") or None, prefix)

    def git(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run git on this repository. A hook's own idea of index and working tree is left out of account."""
        return subprocess.run(
            ["git", f"--git-dir={self.directory}", *arguments],
            capture_output=True,
            check=False,
            env=bare_environment(),
        )

    def commit(self, revision: str) -> str:
        """The id of the commit that a revision (gitrevisions(7)) names; raises InputError for any other."""
        if revision and not revision.startswith("-") and revision.isprintable():
            done = self.git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
            if not done.returncode:
                return done.stdout.decode().strip()
        raise InputError(
            f"there is no revision {revision!r} in this repository",
            where=self.top or self.directory,
            remedy=self._like(revision),
        )

    def _like(self, revision: str) -> str:
        import difflib

        done = self.git("for-each-ref", "--format=%(refname:short)", "--count=500", "--sort=-committerdate")
        names = done.stdout.decode(errors="replace").split()
        close = difflib.get_close_matches(revision, names, n=3) or names[:3]
        known = f"did you mean {' or '.join(close)}?\n" if close else ""
        return f"{known}if it is not here yet, fetch it:  git fetch origin"


def bare_environment() -> dict[str, str]:
    """The environment without what git sets for a hook (`git rev-parse --local-env-vars`)."""
    own = (
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"),
        *("GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_INTERNAL_SUPER_PREFIX"),
        *("GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE", "GIT_NO_REPLACE_OBJECTS", "GIT_SHALLOW_FILE"),
    )
    return {
        **{name: value for name, value in os.environ.items() if name not in own},
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }


class Objects:
    """What the objects of a repository hold, asked of one git that answers until nobody asks any more."""

    def __init__(self, repository: Repository) -> None:
        self._process = subprocess.Popen(
            ["git", f"--git-dir={repository.directory}", "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=bare_environment(),
        )

    def text(self, name: str) -> bytes | None:
        """What the object of that id holds; None where git cannot give it."""
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        try:
            asked.write(name.encode() + b"\n")
            asked.flush()
            size = answered.readline().split()[-1:]
            if not size or not size[0].isdigit():
                return None
            return answered.read(int(size[0]) + 1)[:-1]
        except OSError:
            return None

    def __del__(self) -> None:
        process = getattr(self, "_process", None)
        if process is not None:
            for pipe in (process.stdin, process.stdout):
                pipe.close()
            process.wait()


class Entry(NamedTuple):
    """A file of a commit: its mode, the id of the object that holds it, and how many bytes that has."""

    mode: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of one commit: `entries` has them by their paths from the top."""

    repository: Repository
    revision: str
    entries: dict[str, Entry] = field(repr=False)
    objects: Objects = field(repr=False)

    @classmethod
    def at(cls, revision: str) -> Tree:
        """The tree of a revision. Raises InputError where there is no such revision or no repository."""
        repository = Repository.around(revision)
        commit = repository.commit(revision)
        done = repository.git("ls-tree", "-r", "-l", "-z", "--full-tree", commit)
        if done.returncode:
            reason = done.stderr.decode(errors="replace").strip()
            raise InputError(f"git cannot list the files of {revision}: {reason}")
        entries = {}
        for line in done.stdout.split(b"\0"):
            if line:
                described, _, path = line.partition(b"\t")
                mode, _, name, size = described.decode().split()
                entries[os.fsdecode(path)] = Entry(mode, name, int(size) if size.isdigit() else 0)
        return cls(repository, revision, entries, Objects(repository))

    def text(self, path: str) -> bytes:
        """What the file at `path` holds; links within the tree are followed."""
        where = f"{self.revision}:{path}"
        for _ in range(_MOST_LINKS):
            if path not in self.entries:
                raise InputError(
                    f"there is no file {path} at {self.revision}", where=where, remedy=self._like(path)
                )
            mode, name, size = self.entries[path]
            if mode == _SUBMODULE:
                raise InputError(f"{path} is a submodule, which is not read", where=where)
            if size > LARGEST:
                raise InputError(f"the file has more than {LARGEST // 1_000_000} MB", where=where)
            text = self.objects.text(name)
            if text is None:
                raise InputError(f"git cannot read {path} at {self.revision}", where=where)
            if mode != _LINK:
                return text
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), os.fsdecode(text)))
        raise InputError(f"the links of {where} go round in a circle", where=where)

    def find(self, path: str) -> str:
        """The path from the top for one as the user gives it: from the top, or from here with `./`."""
        if path.startswith(("./", "../")) or path in (".", ".."):
            return posixpath.normpath(posixpath.join(self.repository.prefix, path))
        return posixpath.normpath(path)

    def below(self, directory: str) -> list[str]:
        """The paths of all files below a directory, `.` for the top."""
        start = "" if directory == "." else f"{directory}/"
        return sorted(path for path in self.entries if path.startswith(start))

    def _like(self, path: str) -> str | None:
        import difflib

        here = posixpath.join(self.repository.prefix, path)
        if here in self.entries:
            return f"paths begin at the top of the repository; say {self.revision}:./{path} or {here}"
        name = posixpath.basename(path)
        same = sorted(each for each in self.entries if posixpath.basename(each) == name)
        close = same or difflib.get_close_matches(path, list(self.entries), n=3)
        return f"did you mean {self.revision}:{close[0]}?" if close else None


@dataclass(frozen=True, slots=True)
class TreeLocation:
    """A file of a git revision. Its references are read from the same revision."""

    tree: Tree
    path: str
    reach: Reach

    @property
    def name(self) -> str:
        """As git names it: `main:specs/v1.yaml`."""
        return f"{self.tree.revision}:{self.path}"

    def read(self) -> bytes:
        """What the file held at that revision."""
        return self.tree.text(self.path)

    def beside(self, reference: str) -> Location:
        """The file at a path from this one, in the same revision; or what a URL names, if that is allowed."""
        if _SCHEME(reference):
            from apiver.contract.web import WebLocation

            return WebLocation.of(reference, self.reach)
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), unquote(reference)))
        if path.startswith(("../", "/")) or path == "..":
            raise InputError(f"{reference} leads out of the repository")
        return TreeLocation(self.tree, path, self.reach)
