"""A generation's constant options + the values of those that the program computes -> the options of one request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from sglc.backend.plan_steps import Options
from sglc.ir.option_values import option_value


def with_dynamic(options: Options, names: Sequence[str], values: Sequence[Any]) -> Options:
    """None leaves an option as it is. Raises OptionError."""
    given = {name: option_value(name, value) for name, value in zip(names, values, strict=True) if value is not None}
    return msgspec.structs.replace(options, **given) if given else options
