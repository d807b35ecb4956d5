import { useConnection, useDoorSnapshot } from "@vestibule/react";
import { CirclePause, DoorClosed, PlugZap, Rocket, Unplug } from "lucide-react";
import type { ReactNode } from "react";
import { Button, CopyButton, Empty, formatDuration, Progress } from "@/ui";
import { Slot } from "../layout/slot";
import { PageTitle } from "../panel/panel";
import { conditionOf, sentence } from "./condition";
import { RetryIn } from "./connection";
import { useElapsedMs } from "./elapsed";
import { StartButton } from "./start";

/** A cold start of a gateway takes about this long; the bar is a guess and says so by never getting full. */
const USUAL_START_MS = 20_000;

/**
 * Shows what is behind it once the gateway was ready, and ever after: trouble is a banner then (W12).
 * Before that it says what is missing and how far it is.
 */
export function ContainerGate({ title, children }: { title: string; children: ReactNode }) {
  const { connection, gateway, offer } = useDoorSnapshot();
  if (offer || gateway?.state === "ready" || gateway?.state === "degraded") return children;
  return (
    <div className="grid h-full place-content-center overflow-y-auto">
      <Slot where="topBar">
        <PageTitle>{title}</PageTitle>
      </Slot>
      {connection.at !== "open" || !gateway ? (
        <AtTheDoor />
      ) : (
        <Waiting state={gateway.state} reason={gateway.reason} retryInMs={gateway.retryInMs} />
      )}
    </div>
  );
}

function AtTheDoor() {
  const { connection, gateway } = useDoorSnapshot();
  const { detail, retryAtMs } = conditionOf({ connection, gateway });
  const { reconnectNow } = useConnection();
  return (
    <Empty
      icon={<Unplug />}
      title={connection.at === "connecting" && connection.attempt <= 1 ? "Connecting…" : "The door cannot be reached"}
      actions={
        connection.at === "waiting" || connection.at === "closed" ? (
          <Button variant="primary" onClick={reconnectNow}>
            Reconnect now
          </Button>
        ) : undefined
      }
    >
      {detail} <RetryIn atMs={retryAtMs} />
    </Empty>
  );
}

type WaitingProps = {
  state: "unprovisioned" | "stopped" | "starting" | "connecting" | "down";
  reason: string;
  retryInMs: number | null;
};

function Waiting({ state, reason, retryInMs }: WaitingProps) {
  const elapsedMs = useElapsedMs(state);
  switch (state) {
    case "unprovisioned":
      return (
        <Empty
          icon={<DoorClosed />}
          title="No gateway yet"
          actions={
            <>
              <StartButton>Look again</StartButton>
              <Command text="vestibule gateway add <owner> --url ws://host:18789 --token-stdin" />
            </>
          }
        >
          No OpenClaw gateway belongs to this account. Whoever runs this door can add one; this page goes on by itself
          as soon as it is there.
        </Empty>
      );
    case "starting":
      return (
        <Empty icon={<Rocket />} title="Your gateway is starting">
          <p className="tabular-nums">
            {formatDuration(Math.floor(elapsedMs / 1_000) * 1_000)} so far; a start usually takes 10 to 25 seconds.{" "}
            {sentence(reason)}
          </p>
          <Progress
            value={1 - Math.exp(-elapsedMs / USUAL_START_MS)}
            label="Start of the gateway"
            className="mx-auto mt-4 w-56"
          />
        </Empty>
      );
    case "connecting":
      return (
        <Empty icon={<PlugZap />} title="Connecting to your gateway">
          {elapsedMs < 3_000
            ? "This takes a moment."
            : `Trying for ${formatDuration(Math.floor(elapsedMs / 1_000) * 1_000)}.`}{" "}
          {sentence(reason)}
        </Empty>
      );
    case "stopped":
      return (
        <Empty icon={<CirclePause />} title="Your gateway is stopped" actions={<StartButton>Start it</StartButton>}>
          {sentence(reason)} This page goes on by itself as soon as it is started.
        </Empty>
      );
    case "down":
      return (
        <Empty icon={<Unplug />} title="Your gateway is down" actions={<StartButton>Try now</StartButton>}>
          {sentence(reason) || "It cannot be reached."}{" "}
          {retryInMs === null ? "" : "The door keeps trying, and this page goes on by itself."}
        </Empty>
      );
  }
}

function Command({ text }: { text: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1 rounded-lg border bg-card py-0.5 pr-1 pl-3 text-left shadow-raised">
      <code className="min-w-0 text-xs wrap-anywhere">{text}</code>
      <CopyButton text={text} label="Copy the command" />
    </span>
  );
}
