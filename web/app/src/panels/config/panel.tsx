import { useGatewayRpc, useGatewayStatus, usePrincipal } from "@vestibule/react";
import { Panel, Resource, seen } from "@/shell";
import { Badge, ErrorNote, Segmented } from "@/ui";
import { CodeEditor } from "@/ui/editor";
import { useEffect, useMemo, useRef, useState } from "react";
import { Editor } from "./editor";
import { masked } from "./secrets";
import type { Snapshot } from "./wire";

type View = "file" | "effect";

/** The gateway's config: the file to edit, and what is in effect. */
export default function Config() {
  const config = useGatewayRpc<Snapshot>("config.get", {});
  const member = usePrincipal()?.member ?? "";
  const [view, setView] = useState<View>("file");
  const state = useGatewayStatus()?.state;
  const isThere = state === "ready" || state === "degraded";
  useComeback(isThere, config.mutate);
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
  // What is shown stays; that it may be old is said above it (W12). While the gateway is away, the banner says so.
  const stale = config.error != null && isThere && !config.isValidating && (
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
      onSaved={(snapshot, { restarts }) => void config.mutate(snapshot, { revalidate: !restarts })}
      reload={() => config.mutate()}
    />
  );
}

/** A gateway that comes back has read its config anew: so do we. */
function useComeback(isThere: boolean, read: () => unknown): void {
  const wasThere = useRef(isThere);
  useEffect(() => {
    if (isThere && !wasThere.current) void read();
    wasThere.current = isThere;
  }, [isThere, read]);
}

function Note({ snapshot }: { snapshot: Snapshot }) {
  const waits = snapshot.appliedConfigHash !== undefined && snapshot.appliedConfigHash !== snapshot.configRevisionHash;
  const path = seen(snapshot.path);
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
      {path !== null && <span className="truncate max-lg:hidden">{path}</span>}
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
