import { Button, Confirm, CopyButton, Kbd, Select, Tooltip } from "@/ui";
import { CodeEditor } from "@/ui/editor";
import { Play } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { commandOf } from "./command";
import { explain, ScopeBadge } from "./method-list";
import { isRead, scopeOf, subscribes } from "./methods";
import { issuesOf, readParams } from "@/ui/editor/params";

const TIMEOUTS = [
  { value: "10000", label: "10 s" },
  { value: "30000", label: "30 s" },
  { value: "120000", label: "2 min" },
  { value: "600000", label: "10 min" },
] as const;

/** Reads that answer most first questions. */
const COMMON = [
  "status",
  "health",
  "last-heartbeat",
  "models.list",
  "diagnostics.stability",
  "diagnostics.lanes",
  "audit.list",
];

export type ComposerProps = {
  method: string;
  /** Whether the gateway names this method; a call is possible all the same. */
  offered: boolean;
  methods: ReadonlySet<string>;
  text: string;
  onText: (text: string) => void;
  onCall: (params: unknown, timeoutMs: number) => void;
  onMethod: (method: string) => void;
  picker: ReactNode;
};

/** A call before it is made: its parameters, its scope, how long it may take. What changes something is confirmed. */
export function Composer({ method, offered, methods, text, onText, onCall, onMethod, picker }: ComposerProps) {
  const [timeout, setTimeout] = useState<(typeof TIMEOUTS)[number]["value"]>("30000");
  const [asking, setAsking] = useState(false);
  const params = useMemo(() => readParams(text), [text]);
  const issues = useMemo(() => issuesOf(params), [params]);
  const scope = scopeOf(method);

  const call = () => {
    if (params.at === "ready") onCall(params.params, Number(timeout));
  };
  const submit = () => {
    if (params.at !== "ready") return;
    if (isRead(method)) call();
    else setAsking(true);
  };
  return (
    <section aria-label="Call" className="shrink-0 border-b">
      <div className="flex flex-wrap items-center gap-2 px-4 py-2.5">
        {picker}
        <h2 className="min-w-0 truncate font-mono text-sm font-semibold">{method}</h2>
        <ScopeBadge scope={scope} />
        {!offered && <span className="text-xs text-warning">not named by this gateway</span>}
        <div className="ml-auto flex items-center gap-2">
          <Tooltip text="Copy as a line for the shell">
            <CopyButton
              text={() => commandOf(method, params.at === "ready" ? params.params : undefined)}
              label="Copy for shell"
              disabled={params.at === "broken"}
            >
              <span className="max-lg:hidden">Copy for shell</span>
            </CopyButton>
          </Tooltip>
          <Select aria-label="Timeout" className="w-24" value={timeout} onChange={setTimeout} options={TIMEOUTS} />
          <Button variant="primary" onClick={submit} disabled={params.at === "broken"}>
            <Play />
            Call
            <Kbd
              keys="mod enter"
              className="border-primary-foreground/25 bg-transparent text-primary-foreground/70 max-md:hidden"
            />
          </Button>
        </div>
      </div>
      <div className="h-36 resize-y overflow-hidden border-t">
        <CodeEditor
          label={`Parameters of ${method}`}
          value={text}
          onChange={onText}
          onSubmit={submit}
          issues={issues}
          gutters={false}
          placeholder="Parameters as JSON5, or nothing: { limit: 20 }"
        />
      </div>
      {params.at === "broken" && (
        <p role="alert" className="border-t bg-danger-soft px-4 py-1.5 text-xs text-danger">
          Line {params.line}: {params.message}
        </p>
      )}
      <div className="flex flex-wrap gap-1.5 border-t px-4 py-2" aria-label="Common reads" role="group">
        {COMMON.filter((one) => methods.has(one)).map((one) => (
          <Button key={one} size="sm" variant="ghost" className="font-mono" onClick={() => onMethod(one)}>
            {one}
          </Button>
        ))}
      </div>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={
          <>
            Call <code>{method}</code>?
          </>
        }
        description={`${explain(scope)} ${consequenceOf(method)}`}
        action="Call"
        danger={scope === "operator.admin" || scope === "dynamic"}
        onConfirm={call}
      >
        {text.trim() !== "" && (
          <pre className="max-h-40 overflow-auto rounded-lg bg-muted p-3 text-xs wrap-anywhere whitespace-pre-wrap">
            {text}
          </pre>
        )}
      </Confirm>
    </section>
  );
}

const consequenceOf = (method: string): string =>
  subscribes(method)
    ? `This page then gets more events until it is closed, or until somebody calls ${method.replace(/subscribe$/, "unsubscribe")}.`
    : "It may change something at the gateway, and is not taken back.";
