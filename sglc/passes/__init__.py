"""Graph -> Graph, one file for each pass. PIPELINE is the only place where a pass enrolls.

It holds names: the manager imports `sglc.passes.NAME` when it runs the pass, so that importing sglc.passes.constraints,
which lives below this package and is needed where programs run, does not load networkx.
"""

PIPELINE: tuple[str, ...] = (
    "number_sites",  # before everything that moves, copies or drops a generation: seeds stay what they are
    "inline",
    "fold_constants",  # behind inline, which turns arguments into constants
    "drop_dead",  # drops the constants that were folded, and with them users of contexts
    "fold_text",  # last: it joins only what has no other user
)
"""Passes in the order in which they run."""

REQUIRED = frozenset({"number_sites"})
"""Passes that cannot be switched off, since what a program means rests on them."""
