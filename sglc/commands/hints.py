"""What an operator is told to do about a tool -> how the command line does it."""

from __future__ import annotations

EXAMPLE_ENV = frozenset({"SHOP_URL", "TRAVEL_URL", "WIKI_URL"})
"""What the example tools' server answers for; a test compares it with the server."""

_OPTIONS = (
    ("adds the host", "allow the host with `--allow-host HOST`, or with allow-hosts in pyproject.toml"),
    ("lists the module", "allow its folder with `--python-path FOLDER`, or with python-path in pyproject.toml"),
    ("allow private addresses", "allow addresses of this machine and network with `--allow-private`"),
)


def command_hint(message: str, hint: str) -> str:
    """The instruction for someone at a terminal who has seen this message and hint of a tool or a run."""
    if "is not set" in message and any(name in message for name in EXAMPLE_ENV):
        return "add `--example-tools` to start a small server that answers for it, or give it with `--env NAME=VALUE`"
    if "environment variable" in message and "is not set" in message:
        return "set it in the environment, or give it with `--env NAME=VALUE`"
    return next((option for words, option in _OPTIONS if words in hint), hint)
