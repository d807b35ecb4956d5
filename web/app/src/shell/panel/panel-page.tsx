import { useConnection, useDoorSnapshot } from "@vestibule/react";
import { useFacts } from "./facts";
import { Compass } from "lucide-react";
import { createElement, Suspense } from "react";
import { panels } from "@/panels";
import { Button, Empty, Loading, NeedsScope, NotOffered } from "@/ui";
import { href } from "../route";
import { Boundary } from "./boundary";
import type { PanelDescriptor } from "./descriptor";
import { judge } from "./gate";
import { Panel } from "./panel";
import { viewOf } from "./view";

const byId: ReadonlyMap<string, PanelDescriptor> = new Map(panels.map((panel) => [panel.id, panel]));

/** The panel of an address, gated and fenced. */
export function PanelPage({ id }: { id: string }) {
  const panel = byId.get(id);
  const { isOpen } = useConnection();
  if (!panel) return <NoSuchPage />;
  return (
    <Boundary key={id} what={panel.title} connected={isOpen}>
      <Gated panel={panel} />
    </Boundary>
  );
}

function Gated({ panel }: { panel: PanelDescriptor }) {
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
          {createElement(viewOf(panel.load))}
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
