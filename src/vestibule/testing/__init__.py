"""The test kit: a simulated OpenClaw gateway, a fault proxy and a demo model, all on real sockets.

Shipped for people who build on Vestibule; nothing in the running door imports it.
"""

from vestibule.testing.admission import TrustedProxy
from vestibule.testing.chatscript import Approval, ChatScript, Gate, ToolCall
from vestibule.testing.connection import SimulatedConnection
from vestibule.testing.demo import Reply, demo_reply, demo_script
from vestibule.testing.door import FakeDoor
from vestibule.testing.faults import HELP, Fault, FaultPlan
from vestibule.testing.methods import Call
from vestibule.testing.model import DemoModel
from vestibule.testing.proxy import Direction, FaultProxy
from vestibule.testing.simulate import Simulation, simulate
from vestibule.testing.simulated import Recorded, SimulatedGateway
from vestibule.testing.tls import self_signed
from vestibule.testing.wire import RpcError

__all__ = [
    "HELP",
    "Approval",
    "Call",
    "ChatScript",
    "DemoModel",
    "Direction",
    "FakeDoor",
    "Fault",
    "FaultPlan",
    "FaultProxy",
    "Gate",
    "Recorded",
    "Reply",
    "RpcError",
    "SimulatedConnection",
    "SimulatedGateway",
    "Simulation",
    "ToolCall",
    "TrustedProxy",
    "demo_reply",
    "demo_script",
    "self_signed",
    "simulate",
]
