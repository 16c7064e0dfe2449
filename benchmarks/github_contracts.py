"""Two releases of GitHub's REST description (npm package @octokit/openapi), fetched once into a cache."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

CACHE = Path(__file__).parent / ".cache"
PACKAGE = "@octokit/openapi"
RELEASES = ("20.0.0", "23.0.2")
MEMBER = "package/generated/api.github.com.json"


def contracts() -> list[Path]:
    """Both contracts as JSON, fetched with npm where they are not there yet."""
    CACHE.mkdir(exist_ok=True)
    found = []
    for release in RELEASES:
        path = CACHE / f"github-{release}.json"
        if not path.exists():
            print(f"fetching {PACKAGE}@{release} ...", file=sys.stderr)
            packed = run(["npm", "pack", "--silent", f"{PACKAGE}@{release}"], cwd=CACHE)
            with tarfile.open(CACHE / packed.splitlines()[-1]) as archive:
                member = archive.extractfile(MEMBER)
                assert member is not None
                path.write_bytes(member.read())
        found.append(path)
    return found


def run(command: list[str], cwd: Path | None = None) -> str:
    """What a command writes to stdout."""
    return subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.PIPE, text=True).stdout
