"""The table of what runs each kind of step."""

from __future__ import annotations

from collections.abc import Mapping

from sglc.backend import plan
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

STEP_RUNS: Mapping[type[plan.Step], type[StepRun]] = {
    **dict.fromkeys(COMPUTES, ValueRun),
    plan.Gen: GenRun,
    plan.Select: SelectRun,
    plan.Tool: ToolRun,
    plan.Dispatch: DispatchRun,
    plan.Call: CallRun,
    plan.Open: OpenRun,
    plan.Turn: TurnRun,
    plan.Expect: ExpectRun,
    plan.If: IfRun,
    plan.Match: MatchRun,
    plan.Loop: LoopRun,
    plan.For: ForRun,
    plan.Map: MapRun,
    plan.Filter: FilterRun,
    plan.Encode: EncodeRun,
    plan.Try: TryRun,
    plan.Attempt: AttemptRun,
}
