"""Runs `sam validate --lint` on each template, in one process: the SAM CLI takes longer to start than to validate.

Usage: validate.py TEMPLATE...
"""

import sys

import click
from samcli.cli.main import cli


def is_valid(template):
    """What `sam` itself does with what it is told on its command line, its exit code included."""
    try:
        cli(["validate", "--lint", "--template", template], prog_name="sam", standalone_mode=False)
        return True
    except click.ClickException as error:
        error.show()
    except SystemExit as end:
        return end.code in (0, None)
    return False


if __name__ == "__main__":
    results = [is_valid(template) for template in sys.argv[1:]]
    sys.exit(0 if results and all(results) else 1)
