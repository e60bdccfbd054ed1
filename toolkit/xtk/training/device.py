"""Where a model runs and in which precision."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from accelerate import PartialState

from xtk.core.errors import UsageError

Precision = Literal["bf16", "fp32"]


@dataclass(frozen=True)
class Device:
    """A torch device and the precision of matrix products on it."""

    torch_device: torch.device
    precision: Precision

    def autocast(self) -> AbstractContextManager[Any]:
        """Products in bf16 where asked for; sums, norms and losses stay in fp32."""
        if self.precision == "fp32":
            return nullcontext()
        return torch.autocast(self.torch_device.type, dtype=torch.bfloat16)

    @property
    def attention(self) -> str:
        """The fastest attention: plain products beat the fused kernel on CPUs."""
        return "eager" if self.torch_device.type == "cpu" else "sdpa"


def choose_device(precision: Literal["auto", "bf16", "fp32"] = "auto") -> Device:
    """The device that accelerate finds; `auto` is bf16 where the hardware multiplies it."""
    state = PartialState()
    if state.num_processes > 1:
        raise UsageError(
            f"{state.num_processes} processes were launched; a run is trained in one so far: start "
            "xtk without torchrun or accelerate launch."
        )
    device: torch.device = state.device
    if precision == "auto":
        precision = "bf16" if multiplies_bf16(device) else "fp32"
    return Device(device, precision)


def multiplies_bf16(device: torch.device) -> bool:
    """Whether the hardware multiplies bf16, and faster than fp32.

    On processors of AMD it is 2.2 to 2.7 times as fast. Intel's need their matrix unit for that:
    without AMX one of them reached 83 GFLOP/s a core in bf16 and 153 in fp32.
    """
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        has_unit = torch.cpu._is_amx_tile_supported()
        return bool(has_unit or (torch.cpu._is_avx512_bf16_supported() and not _is_intel()))
    return False


def _is_intel() -> bool:
    """By what Linux says of the processor; elsewhere torch knows no bf16 instructions."""
    facts = Path("/proc/cpuinfo")
    return facts.is_file() and "GenuineIntel" in facts.read_text(encoding="utf-8")
