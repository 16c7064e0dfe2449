#!/usr/bin/env bash
# The tests on every Python from 3.10 to 3.13 that this machine has, each in an environment of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

python_of() {
  local version=$1 found
  for found in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version".*/bin/python; do
    if "$found" -c "import sys; sys.exit(sys.version_info[:2] != (3, ${version#3.}))" 2>/dev/null; then
      echo "$found"
      return
    fi
  done
}

tested=0
for version in 3.10 3.11 3.12 3.13; do
  python=$(python_of "$version")
  if [ -z "$python" ]; then
    echo "python $version: not on this machine"
    continue
  fi
  environment=.venv-$version
  if [ ! -f "$environment/.ready" ] || [ pyproject.toml -nt "$environment/.ready" ]; then
    "$python" -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
    touch "$environment/.ready"
  fi
  echo "python $version"
  "$environment/bin/python" -m pytest -q -n auto -p no:cacheprovider "$@"
  tested=$((tested + 1))
done
[ "$tested" -gt 0 ]
