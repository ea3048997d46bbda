"""The table of what runs each kind of step."""

from __future__ import annotations

from collections.abc import Mapping

from sglc.backend import plan_steps as steps
from sglc.backend.run_ask import GenRun, SelectRun
from sglc.backend.run_attempt import AttemptRun
from sglc.backend.run_block import StepRun
from sglc.backend.run_control import (
    CallRun,
    EncodeRun,
    ExpectRun,
    FilterRun,
    ForRun,
    IfRun,
    LoopRun,
    MapRun,
    MatchRun,
    TryRun,
    ValueRun,
)  # fmt: skip
from sglc.backend.run_tools import DispatchRun, OpenRun, ToolRun, TurnRun
from sglc.backend.run_values import COMPUTES

STEP_RUNS: Mapping[type[steps.Step], type[StepRun]] = {
    **dict.fromkeys(COMPUTES, ValueRun),
    steps.Gen: GenRun,
    steps.Select: SelectRun,
    steps.Tool: ToolRun,
    steps.Dispatch: DispatchRun,
    steps.Call: CallRun,
    steps.Open: OpenRun,
    steps.Turn: TurnRun,
    steps.Expect: ExpectRun,
    steps.If: IfRun,
    steps.Match: MatchRun,
    steps.Loop: LoopRun,
    steps.For: ForRun,
    steps.Map: MapRun,
    steps.Filter: FilterRun,
    steps.Encode: EncodeRun,
    steps.Try: TryRun,
    steps.Attempt: AttemptRun,
}
