import { useGatewayRpc, usePrincipal } from "@vestibule/react";
import { Panel, Resource } from "@/shell";
import { Badge, ErrorNote, Segmented } from "@/ui";
import { CodeEditor } from "@/ui/editor";
import { useMemo, useState } from "react";
import { Editor } from "./editor";
import { masked } from "./secrets";
import type { Snapshot } from "./wire";

type View = "file" | "effect";

/** The gateway's config: the file to edit, and what is in effect. */
export default function Config() {
  const config = useGatewayRpc<Snapshot>("config.get", {});
  const member = usePrincipal()?.member ?? "";
  const [view, setView] = useState<View>("file");
  const views = (
    <Segmented<View>
      label="What to look at"
      value={view}
      onChange={setView}
      options={[
        { value: "file", label: "File" },
        { value: "effect", label: "In effect" },
      ]}
    />
  );
  if (config.data === undefined) {
    return (
      <Panel title="Config" toolbar={views}>
        <Resource of={config} what="config">
          {() => null}
        </Resource>
      </Panel>
    );
  }
  // What is shown stays; that it may be old is said above it (W12).
  const stale = config.error != null && (
    <ErrorNote
      error={config.error}
      doing="Reading the config again"
      onRetry={() => void config.mutate()}
      className="m-3"
    />
  );
  if (view === "effect") {
    return (
      <Panel title="Config" width="full" note={<Note snapshot={config.data} />} toolbar={views}>
        <div className="flex h-full min-h-0 flex-col">
          {stale}
          <div className="min-h-0 grow">
            <InEffect snapshot={config.data} />
          </div>
        </div>
      </Panel>
    );
  }
  return (
    <Editor
      key={member}
      latest={config.data}
      views={views}
      note={<Note snapshot={config.data} />}
      stale={stale}
      onSaved={(snapshot) => void config.mutate(snapshot, { revalidate: true })}
      reload={() => config.mutate()}
    />
  );
}

function Note({ snapshot }: { snapshot: Snapshot }) {
  const waits = snapshot.appliedConfigHash !== undefined && snapshot.appliedConfigHash !== snapshot.configRevisionHash;
  return (
    <span className="inline-flex items-center gap-2">
      {!snapshot.exists ? (
        <Badge tone="outline">no file yet</Badge>
      ) : snapshot.valid ? (
        <Badge tone="success">valid</Badge>
      ) : (
        <Badge tone="danger">not valid</Badge>
      )}
      {waits && <Badge tone="warning">waits for a restart</Badge>}
      {snapshot.path !== undefined && <span className="truncate max-lg:hidden">{snapshot.path}</span>}
    </span>
  );
}

/** With the defaults the gateway adds, as it runs. */
function InEffect({ snapshot }: { snapshot: Snapshot }) {
  const text = useMemo(
    () => masked(JSON.stringify(snapshot.runtimeConfig ?? snapshot.config ?? {}, null, 2)),
    [snapshot.runtimeConfig, snapshot.config],
  );
  return <CodeEditor label="The config in effect" value={text} readOnly />;
}
