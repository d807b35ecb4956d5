import { usePrincipal } from "@vestibule/react";
import { navigate, Panel, usePanelRest } from "@/shell";
import { Segmented } from "@/ui";
import { useEffect } from "react";
import { CallTab } from "./call-tab";
import { FactsTab } from "./facts-tab";
import { belongTo } from "./session";
import { StreamTab } from "./stream-tab";
import { useStream } from "./use-stream";

const TABS = [
  { value: "call", label: "Call" },
  { value: "events", label: "Events" },
  { value: "frames", label: "Frames" },
  { value: "connection", label: "Connection" },
] as const;
type Tab = (typeof TABS)[number]["value"];

/** Under the bonnet: any call, what is pushed, and how one is connected. */
export default function Debug() {
  const place = usePanelRest()[0];
  const tab: Tab = TABS.find(({ value }) => value === place)?.value ?? "call";
  const stream = useStream();
  const member = usePrincipal()?.member ?? null;
  useEffect(() => belongTo(member), [member]);
  return (
    <Panel
      title="Debug"
      width="full"
      toolbar={
        <Segmented<Tab>
          label="What to look at"
          value={tab}
          onChange={(value) => navigate({ at: "panel", id: "debug", rest: [value] })}
          options={TABS}
        />
      }
    >
      {tab === "call" && <CallTab />}
      {tab === "events" && <StreamTab key="events" kind="events" stream={stream} />}
      {tab === "frames" && <StreamTab key="frames" kind="frames" stream={stream} />}
      {tab === "connection" && <FactsTab />}
    </Panel>
  );
}
