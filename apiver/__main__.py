"""`python -m apiver` and the console script `apiver`."""

from __future__ import annotations


def main() -> None:
    """Run the command line; ends the process with one of the documented exit codes."""
    from apiver.cli import apiver

    apiver(prog_name="apiver")


if __name__ == "__main__":
    main()
