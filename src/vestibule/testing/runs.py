"""Chat runs of the simulated gateway: plays scripts as the event sequences of the real one.

Keeps the runs; sessions and transcripts are the world's, sending is the gateway's.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

from vestibule.testing.chatscript import Approval, ChatScript, ToolCall
from vestibule.testing.wire import JSON, RpcError, encode

if TYPE_CHECKING:
    from vestibule.testing.connection import SimulatedConnection
    from vestibule.testing.simulated import SimulatedGateway

PROVIDER, MODEL = "simulated", "sim-1"
_FAILED = "⚠️ {provider}/{model} request failed ({error})."
_FAILED_IN_HISTORY = "⚠️ LLM request failed ({error})."
_FAILED_BEFORE_REPLY = "⚠️ Agent failed before reply: {error}"


class Run:
    """One run of an agent."""

    def __init__(
        self,
        run_id: str,
        session_key: str,
        agent_id: str,
        message: str,
        script: ChatScript,
        sender: SimulatedConnection | None,
        started_at: int,
        *,
        answers: str = "",
    ) -> None:
        self.id = run_id
        self.answers = answers or run_id
        """The run its message was sent for: another one if that was put off."""
        self.session_key = session_key
        self.agent_id = agent_id
        self.message = message
        self.script = script
        self.sender = sender
        self.started_at = started_at
        self.ended_at = 0
        self.text = ""
        self.thinking = ""
        self.seq = 0
        self.status = "running"
        """running, ok, error or aborted."""
        self.error: str | None = None
        self.done = asyncio.Event()
        self.events: list[JSON] = []
        self.delivered = 0
        """Characters of `text` that `chat` deltas have carried."""
        self.merged: list[str] = []
        """Run ids of messages that joined this run."""
        self.task: asyncio.Task[Any] | None = None

    def next_seq(self) -> int:
        """The run's own event number."""
        self.seq += 1
        return self.seq


class Runs:
    """The runs of one gateway, those that ended included."""

    def __init__(self, gateway: SimulatedGateway) -> None:
        self._gateway = gateway
        self.all: dict[str, Run] = {}
        self._active: dict[str, Run] = {}
        self._queued: deque[ChatScript] = deque()
        self._by_agent: dict[str | None, ChatScript] = {}
        self._waiting: dict[str, deque[Run]] = {}

    # scripts

    def queue(self, script: ChatScript) -> None:
        """The next run plays this."""
        self._queued.append(script)

    def assign(self, agent_id: str | None, script: ChatScript) -> None:
        """Runs of this agent (None: all others) play this when nothing is queued."""
        self._by_agent[agent_id] = script

    def script_for(self, agent_id: str, message: str) -> ChatScript:
        """What a new run plays."""
        if self._queued:
            return self._queued.popleft()
        script = self._by_agent.get(agent_id, self._by_agent.get(None))
        return script if script is not None else self._gateway.default_script(message)

    # facts

    def active(self, session_key: str) -> Run | None:
        """The run a session is busy with."""
        return self._active.get(session_key)

    def is_idle(self) -> bool:
        """Whether nothing runs."""
        return not self._active

    def in_flight(self, session_key: str) -> JSON | None:
        """`inFlightRun` of `chat.history`."""
        run = self.active(session_key)
        if run is None:
            return None
        return {"runId": run.id, "text": run.text, "startedAt": run.started_at, "events": run.events[-50:]}

    def pending(self, session_key: str) -> list[JSON]:
        """Items of `pendingInputs` of `chat.history`."""
        return [
            {
                "id": f"pending-{run.id}",
                "acceptedAt": run.started_at,
                "state": "queued",
                "message": {"role": "user", "content": run.message, "timestamp": run.started_at},
                "runId": run.answers,
            }
            for run in self._waiting.get(session_key, ())
        ]

    # moves

    def send(
        self,
        session_key: str,
        agent_id: str,
        message: str,
        run_id: str,
        sender: SimulatedConnection | None,
        *,
        queue_mode: str = "steer",
        script: ChatScript | None = None,
    ) -> tuple[Run | None, str]:
        """A message for a session: the run (None if it was put off) and the status to answer.

        While the session is busy it joins the run that is on (`steer`), stops it (`interrupt`), is answered after it
        under another id (`followup`), or under its own (`wait`).
        """
        known = self.all.get(run_id)
        if known is not None:
            return known, "in_flight" if known.status == "running" else "ok"
        busy = self.active(session_key)
        world = self._gateway.world
        if busy is not None and queue_mode == "interrupt":
            self.abort(session_key, busy.id)
            busy = None
        if busy is not None and queue_mode in ("steer", "followup"):
            put_off = Run(run_id, session_key, agent_id, message, ChatScript(text=()), sender, self._gateway.now_ms())
            put_off.status = "ok"
            put_off.done.set()
            self.all[run_id] = put_off
        if busy is not None and queue_mode == "steer":
            busy.merged.append(run_id)
            row = world.append_message(session_key, "user", message, run_id)
            row.get("__openclaw", {})["steerTargetRunId"] = busy.id
            return None, "started"
        script = script if script is not None else self.script_for(agent_id, message)
        follows_up = busy is not None and queue_mode == "followup"
        own_id = self._gateway.new_id() if follows_up else run_id
        run = Run(own_id, session_key, agent_id, message, script, sender, self._gateway.now_ms(), answers=run_id)
        self.all[own_id] = run
        if busy is not None:
            self._waiting.setdefault(session_key, deque()).append(run)
        else:
            self._begin(run)
        return (None if follows_up else run), "started"

    def put_off(self, run_id: str, session_key: str) -> None:
        """The empty `final` of a message that joined a running turn, or will be answered by a run of another id."""
        payload = {"runId": run_id, "sessionKey": session_key, "seq": 1, "state": "final"}
        self._gateway.broadcast_session(session_key, "chat", payload)

    def abort(self, session_key: str, run_id: str | None = None) -> list[str]:
        """Stop a session's run; the ids that were stopped."""
        run = self.active(session_key)
        if run is None or (run_id is not None and run.id != run_id and run_id not in run.merged):
            return []
        if run.task is not None:
            run.task.cancel()
        self._over(run, "aborted")
        payload = self._chat(run, {"state": "aborted", "stopReason": "rpc"})
        if run.text:
            payload["message"] = self._message(run.text)
        self._tell(run, "chat", payload)
        self._agent(run, "lifecycle", {"phase": "end", "status": "cancelled", "aborted": True})
        self._agent(run, "lifecycle", {"phase": "error", "error": "This operation was aborted"})
        if run.text:
            message = self._gateway.world.append_message(session_key, "assistant", run.text, run.id)
            message |= {"stopReason": "stop", "idempotencyKey": f"{run.id}:assistant"}
            message["openclawAbort"] = {"aborted": True, "origin": "rpc", "runId": run.id}
        self._changed(run, reason="agent.input.settled", phase="end")
        return [run.id]

    def abort_all(self) -> None:
        """Stop everything, without telling anybody (the process dies)."""
        for run in tuple(self._active.values()):
            if run.task is not None:
                run.task.cancel()
            self._over(run, "aborted")
        self._waiting.clear()

    def _begin(self, run: Run) -> None:
        self._active[run.session_key] = run
        self._gateway.world.append_message(run.session_key, "user", run.message, run.answers)
        run.task = self._gateway.spawn(self._play(run), f"run:{run.id}")

    def _over(self, run: Run, status: str) -> None:
        run.status = status
        run.ended_at = self._gateway.now_ms()
        if self._active.get(run.session_key) is run:
            del self._active[run.session_key]
        run.done.set()
        waiting = self._waiting.get(run.session_key)
        if waiting:
            self._begin(waiting.popleft())

    # the play

    async def _play(self, run: Run) -> None:
        script, modern = run.script, self._gateway.protocol == 4
        self._changed(run, reason="send")
        self._session_message(run, "user", run.message)
        if modern:
            self._status(run, "preparing_workspace")
            self._status(run, "preparing_context")
        self._agent(run, "lifecycle", {"phase": "start", "startedAt": run.started_at})
        self._changed(run, reason="agent.run.started", phase="start")
        await script.point("start")
        if modern:
            self._status(run, "starting_model")
            self._retry(run, script)
            self._agent(run, "lifecycle", {"phase": "model", "provider": PROVIDER, "model": MODEL})
        for number, piece in enumerate(script.thinking):
            await script.point(f"thinking:{number}")
            await self._pause(script)
            run.thinking += piece
            if modern:
                self._agent(run, "thinking", {"text": run.thinking, "delta": piece})
        for number, tool in enumerate(script.tools):
            await script.point(f"tool:{number}")
            await self._tool(run, tool, number)
        text: list[str] | None = None
        if script.approval is not None:
            text = await self._approval(run, script.approval)
        await self._speak(run, list(script.text) if text is None else text)
        await script.point("final")
        if script.error is not None:
            self._fail(run, script.error)
        else:
            self._finish(run)

    async def _pause(self, script: ChatScript) -> None:
        if script.delay_s > 0:
            await asyncio.sleep(script.delay_s)

    def _retry(self, run: Run, script: ChatScript) -> None:
        for attempt in range(1, script.retries + 1):
            data = {
                "phase": "retrying",
                "message": f"{PROVIDER}/{MODEL} failed (server_error), retrying",
                "retryAttempt": attempt,
                "maxRetries": 8,
                "delayMs": 1000 * attempt,
                "reason": "server_error",
            }
            self._agent(run, "run_status", data)

    async def _speak(self, run: Run, pieces: list[str]) -> None:
        script = run.script
        whole = script.one_delta
        if whole is None:
            whole = bool(script.tools or script.thinking or script.approval)
        if whole and pieces:
            pieces = ["".join(pieces)]
        for number, piece in enumerate(pieces):
            await script.point(f"chunk:{number}")
            await self._pause(script)
            run.text += piece
            self._agent(run, "assistant", {"text": run.text, "delta": piece, "itemId": f"{run.id}:1"})
            if (number + 1) % script.throttle == 0 or number == 0:
                self._delta(run)

    def _delta(self, run: Run) -> None:
        increment = run.text[run.delivered :]
        if not increment:
            return
        run.delivered = len(run.text)
        payload = self._chat(run, {"state": "delta"}, seq=run.seq)
        if self._gateway.protocol == 4:
            payload["deltaText"] = increment
        payload["message"] = self._message(run.text)
        self._tell(run, "chat", payload)

    def _finish(self, run: Run) -> None:
        ended = self._gateway.now_ms()
        if self._gateway.protocol == 4:
            self._agent(run, "usage", {"outputTokens": max(1, len(run.text) // 4)})
            closing = {"stopReason": "stop", "aborted": False}
            self._agent(
                run, "lifecycle", {"phase": "finishing", **closing, "livenessState": "working", "endedAt": ended}
            )
            self._agent(run, "lifecycle", {"phase": "model", "provider": None, "model": None})
            reply = {"disposition": "silent" if run.text.strip() == "NO_REPLY" else "visible", "text": run.text}
            end = {"phase": "end", **closing, "startedAt": run.started_at, "endedAt": ended, "terminalReply": reply}
            self._agent(run, "lifecycle", {**end, "executionSettled": True})
            self._delta(run)
        else:
            self._agent(run, "lifecycle", {"phase": "end", "startedAt": run.started_at, "endedAt": ended})
        final: JSON = {"state": "final"}
        if self._gateway.protocol == 4:
            final["stopReason"] = "stop"
        if run.text.strip() != "NO_REPLY":
            final["message"] = self._message(run.text)
        payload = self._chat(run, final)
        content: list[JSON] = [{"type": "thinking", "thinking": run.thinking}] if run.thinking else []
        content.append({"type": "text", "text": run.text})
        self._gateway.world.append_message(run.session_key, "assistant", content, run.id)
        self._gateway.world.count_usage(run.session_key, len(run.message), len(run.text))
        self._over(run, "ok")
        self._tell(run, "chat", payload)
        self._session_message(run, "assistant", run.text)
        self._changed(run, reason="agent.input.settled", phase="end")

    def _fail(self, run: Run, error: str) -> None:
        run.error = error
        if self._gateway.protocol == 4:
            self._agent(run, "lifecycle", {"phase": "fallback_step", "fallbackStepFinalOutcome": "chain_exhausted"})
        self._agent(run, "lifecycle", {"phase": "error", "error": error, "endedAt": self._gateway.now_ms()})
        first = self._chat(run, {"state": "error"})
        first["errorMessage"] = _FAILED.format(provider=PROVIDER, model=MODEL, error=error)
        first["errorDetail"] = {
            "provider": PROVIDER,
            "model": MODEL,
            "failoverReason": "server_error",
            "providerRuntimeFailureKind": "timeout",
        }
        second = {"runId": run.id, "sessionKey": run.session_key, "seq": 1, "state": "error"}
        second["errorMessage"] = _FAILED_BEFORE_REPLY.format(error=error)
        words = self._write_failure(run, error)
        self._over(run, "error")
        self._gateway.world.session(run.session_key)["lastRunError"] = first["errorMessage"]
        self._tell(run, "chat", first)
        self._tell(run, "chat", second)
        self._changed(run, reason="chat.dispatch-error", phase="end")
        self._session_message(run, "assistant", words)

    def _write_failure(self, run: Run, error: str) -> str:
        """The last row of a failed run: wire 4 ends it with the failure's words, wire 3 notes it at what was said."""
        modern = self._gateway.protocol == 4
        words = _FAILED_IN_HISTORY.format(error=error) if modern else run.text
        row = self._gateway.world.append_message(run.session_key, "assistant", words or [], run.id)
        row |= {"provider": PROVIDER, "model": MODEL, "stopReason": "error"}
        row |= {"idempotencyKey": f"{run.id}:terminal-error"} if modern else {"errorMessage": error}
        return words

    # tools and approvals

    async def _tool(self, run: Run, tool: ToolCall, number: int) -> None:
        call_id = f"call_{run.id[:8]}_{number}"
        self._tool_start(run, tool, call_id, preamble=run.script.preamble if number == 0 else "")
        for update in tool.updates:
            self._tool_event(run, tool, call_id, "update", partialResult=_content(update, status="running"))
            self._command_output(run, tool, call_id, phase="delta", output=update, status="running")
        self._tool_end(run, tool, call_id)

    def _tool_start(self, run: Run, tool: ToolCall, call_id: str, *, preamble: str = "") -> None:
        if self._gateway.protocol == 4:
            if preamble:
                said = {"kind": "preamble", "title": "Preamble", "progressText": preamble, "itemId": f"{run.id}:0"}
                self._agent(run, "item", {**said, "phase": "update"})
                self._agent(run, "item", {**said, "phase": "end"})
            self._agent(run, "item", {**self._item(tool, call_id), "phase": "start", "status": "running"})
        self._tool_event(run, tool, call_id, "start", args=dict(tool.args))

    def _tool_end(self, run: Run, tool: ToolCall, call_id: str) -> None:
        details = {"status": "failed" if tool.is_error else "completed", "exitCode": 1 if tool.is_error else 0}
        details |= {"durationMs": 12, "aggregated": tool.output, "cwd": "/home/openclaw/workspace"}
        result = {"content": [{"type": "text", "text": tool.output}], "details": details}
        self._tool_event(run, tool, call_id, "result", isError=tool.is_error, result=result)
        if self._gateway.protocol == 4:
            ended = {"phase": "end", "status": details["status"], "endedAt": self._gateway.now_ms()}
            self._agent(run, "item", {**self._item(tool, call_id), **ended})
        self._command_output(
            run, tool, call_id, phase="end", output=tool.output, exitCode=details["exitCode"], durationMs=12
        )
        self._gateway.world.append_tool(run.session_key, tool.name, dict(tool.args), tool.output, call_id, run.id)
        if self._gateway.protocol == 4:
            self._agent(run, "lifecycle", {"phase": "model", "provider": PROVIDER, "model": MODEL})

    def _item(self, tool: ToolCall, call_id: str) -> JSON:
        title = str(tool.args.get("command", tool.name))
        return {"itemId": f"tool:{call_id}", "toolCallId": call_id, "name": tool.name, "kind": "tool", "title": title}

    def _command_output(self, run: Run, tool: ToolCall, call_id: str, **data: Any) -> None:
        if self._gateway.protocol == 4 and tool.name == "exec":
            body = {"itemId": f"command:{call_id}", "toolCallId": call_id, "name": tool.name, **data}
            self._agent(run, "command_output", body)

    def _tool_event(self, run: Run, tool: ToolCall, call_id: str, phase: str, **data: Any) -> None:
        if self._gateway.protocol == 3:
            data.pop("result", None)
            data.pop("partialResult", None)
        body = {"phase": phase, "name": tool.name, "toolCallId": call_id, **data}
        payload = self._agent_payload(run, "tool", body)
        run.events.append(payload)
        sender = run.sender
        if sender is not None and sender.is_ready and "tool-events" in sender.caps:
            session = {"session": self._gateway.world.row(run.session_key)} if self._gateway.protocol == 4 else {}
            sender.push_targeted("agent", encode({**payload, **session}))
        if self._gateway.protocol == 4:
            row = {**payload, "session": self._gateway.world.row(run.session_key)}
            self._gateway.broadcast(
                "session.tool", row, to=lambda each: each.sessions_subscribed and each is not sender
            )

    async def _approval(self, run: Run, approval: Approval) -> list[str] | None:
        gateway = self._gateway
        tool = ToolCall("exec", {"command": approval.command}, output=approval.output)
        call_id = f"call_{run.id[:8]}_approval"
        self._tool_start(run, tool, call_id, preamble=run.script.preamble)
        if not gateway.has_reviewer():
            denied = ToolCall(
                "exec", tool.args, output="Exec denied (gateway, no-route): headless runs cannot wait.", is_error=True
            )
            self._tool_end(run, denied, call_id)
            return [approval.denied_text]
        open_approval = gateway.world.approvals.request(
            approval, run.agent_id, run.session_key, run.id, call_id, gateway.new_id()
        )
        gateway.broadcast_reviewers("exec.approval.requested", open_approval.row)
        follow_up = approval.follow_up if approval.follow_up is not None else gateway.protocol == 3
        if follow_up:
            gateway.spawn(self._follow_up(run, approval, open_approval.decided), f"follow-up:{run.id}")
            pending = ToolCall("exec", tool.args, output=f"Approval required (id {open_approval.id[:8]}).")
            self._tool_end(run, pending, call_id)
            return [approval.pending_text]
        if gateway.protocol == 4:
            waiting = {"phase": "waiting-approval", "approvalId": open_approval.id, "toolCallId": call_id}
            self._agent(run, "lifecycle", waiting)
        await run.script.point("approval")
        decision = await open_approval.decided
        if decision == "deny":
            text = f"Exec denied (gateway id={open_approval.id}, user-denied): {approval.command}"
            self._tool_end(run, ToolCall("exec", tool.args, output=text, is_error=True), call_id)
            return [approval.denied_text]
        self._tool_end(run, tool, call_id)
        return None

    async def _follow_up(self, first: Run, approval: Approval, decided: asyncio.Future[str]) -> None:
        decision = await decided
        text = (approval.denied_text,) if decision == "deny" else tuple(first.script.text)
        run_id = f"exec-approval-followup:{self._gateway.new_id()}"
        message = f"[system] exec approval {decision}: {approval.command}"
        await first.done.wait()
        self.send(
            first.session_key,
            first.agent_id,
            message,
            run_id,
            None,
            queue_mode="wait",
            script=ChatScript(text=text),
        )

    # events

    def _chat(self, run: Run, data: JSON, seq: int | None = None) -> JSON:
        number = run.next_seq() if seq is None else seq
        payload: JSON = {"runId": run.id, "sessionKey": run.session_key, "agentId": run.agent_id, "seq": number, **data}
        if self._gateway.protocol == 3:
            del payload["agentId"]
        return payload

    def _agent_payload(self, run: Run, stream: str, data: JSON) -> JSON:
        payload: JSON = {"runId": run.id, "stream": stream, "data": data, "sessionKey": run.session_key}
        if self._gateway.protocol == 4:
            payload["agentId"] = run.agent_id
            payload["sessionId"] = self._gateway.world.session(run.session_key)["sessionId"]
        payload |= {"seq": run.next_seq(), "ts": self._gateway.now_ms()}
        if self._gateway.protocol == 4:
            payload["isHeartbeat"] = False
        return payload

    def _agent(self, run: Run, stream: str, data: JSON) -> None:
        payload = self._agent_payload(run, stream, data)
        if stream not in ("assistant", "thinking"):
            run.events.append(payload)
        self._tell(run, "agent", payload)

    def _status(self, run: Run, phase: str) -> None:
        if run.answers == run.id:
            self._tell(run, "chat", self._chat(run, {"state": "status", "phase": phase}))
        self._agent(run, "run_status", {"phase": phase})

    def _message(self, text: str) -> JSON:
        return {
            "role": "assistant",
            "content": [{"type": "text", "text": text}],
            "timestamp": self._gateway.now_ms(),
        }

    def _tell(self, run: Run, event: str, payload: JSON) -> None:
        self._gateway.broadcast_session(run.session_key, event, payload)

    def _changed(self, run: Run, **why: str) -> None:
        self._gateway.session_changed(run.session_key, **why)

    def _session_message(self, run: Run, role: str, text: str) -> None:
        if self._gateway.protocol == 3 or not text:
            return
        transcript = self._gateway.world.transcript(run.session_key)
        message = transcript[-1] if transcript else {"role": role, "content": text}
        payload = {
            "sessionKey": run.session_key,
            "agentId": run.agent_id,
            "message": message,
            "messageId": f"{run.id}:{role}",
            "messageSeq": len(transcript),
            "session": self._gateway.world.row(run.session_key),
        }
        self._gateway.broadcast(
            "session.message",
            payload,
            to=lambda each: each.sessions_subscribed or run.session_key in each.message_keys,
        )


def _content(text: str, **details: Any) -> JSON:
    return {"content": [{"type": "text", "text": text}], "details": {**details, "tail": text}}


def agent_of(session_key: str) -> str:
    """The agent id inside `agent:<id>:…`; `main` for anything else."""
    parts = session_key.split(":")
    return parts[1] if len(parts) > 2 and parts[0] == "agent" and parts[1] else "main"


def bad_session(session_key: object) -> RpcError:
    """The refusal of a session key that is no text."""
    return RpcError(f"invalid session key: {session_key!r}")
