import { useDoorSnapshot } from "@vestibule/react";
import { useFacts } from "./facts";
import { Compass } from "lucide-react";
import { type ComponentType, lazy, Suspense } from "react";
import { panels } from "@/panels";
import { Button, Empty, Loading, NeedsScope, NotOffered } from "@/ui";
import { href } from "../route";
import { Boundary } from "./boundary";
import type { PanelDescriptor } from "./descriptor";
import { judge } from "./gate";
import { Panel } from "./panel";

type Entry = { panel: PanelDescriptor; View: ComponentType };
const entries: ReadonlyMap<string, Entry> = new Map(
  panels.map((panel) => [panel.id, { panel, View: lazy(panel.load) }]),
);

/** The panel of an address, gated and fenced. */
export function PanelPage({ id }: { id: string }) {
  const entry = entries.get(id);
  if (!entry) return <NoSuchPage />;
  return (
    <Boundary key={id} what={entry.panel.title}>
      <Gated {...entry} />
    </Boundary>
  );
}

function Gated({ panel, View }: Entry) {
  const { offer, principal } = useDoorSnapshot();
  const verdict = judge(panel.needs, useFacts());
  switch (verdict.at) {
    case "not-offered":
      return (
        <Panel title={panel.title}>
          <NotOffered what={panel.title} methods={verdict.methods} version={offer?.version ?? undefined} />
        </Panel>
      );
    case "needs-scope":
      return (
        <Panel title={panel.title}>
          <NeedsScope what={panel.title} scopes={verdict.scopes} role={principal?.role} />
        </Panel>
      );
    case "allowed":
      return (
        <Suspense
          fallback={
            <Panel title={panel.title}>
              <Loading what={panel.title} />
            </Panel>
          }
        >
          <View />
        </Suspense>
      );
  }
}

function NoSuchPage() {
  return (
    <Empty
      icon={<Compass />}
      title="There is no such page"
      className="pt-24"
      actions={
        <Button asChild>
          <a href={href({ at: "chat" })}>To the chat</a>
        </Button>
      }
    >
      The address may be from another version.
    </Empty>
  );
}
