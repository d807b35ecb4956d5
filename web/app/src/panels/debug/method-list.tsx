import { Badge, cn, Empty, SearchInput, type Tone } from "@/ui";
import { useNarrow } from "@/ui/use-narrow";
import { VirtualRows } from "@/ui/virtual-rows";
import { SearchX } from "lucide-react";
import { useMemo, useState } from "react";
import { found, type Method, type MethodScope, shortScope } from "./methods";

export type MethodListProps = { methods: readonly Method[]; chosen: string; onChoose: (method: string) => void };

/** Every method of the gateway, by name or scope. */
export function MethodList({ methods, chosen, onChoose }: MethodListProps) {
  const [query, setQuery] = useState("");
  const narrow = useNarrow();
  const shown = useMemo(() => found(methods, query), [methods, query]);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="p-3">
        <SearchInput label={`Search ${methods.length} methods`} value={query} onChange={setQuery} />
      </div>
      {shown.length === 0 ? (
        <Empty icon={<SearchX />} title="No method matches">
          By name, or by scope: “admin”, “read”.
        </Empty>
      ) : (
        <VirtualRows
          rows={shown}
          keyOf={(method) => method.name}
          rowHeightPx={narrow ? 44 : 30}
          label="Methods"
          onOpen={(method) => onChoose(method.name)}
          rowProps={(method) => ({ "aria-selected": method.name === chosen })}
        >
          {(method) => (
            <div
              className={cn(
                "flex h-full items-center gap-2 px-3.5 text-xs hover:bg-hover",
                method.name === chosen && "bg-brand-soft hover:bg-brand-soft",
              )}
            >
              <span className="grow truncate font-mono" title={method.name}>
                {method.name}
              </span>
              <ScopeBadge scope={method.scope} />
            </div>
          )}
        </VirtualRows>
      )}
    </div>
  );
}

const TONE: Readonly<Record<string, Tone>> = {
  "operator.read": "outline",
  "operator.write": "info",
  "operator.admin": "danger",
  dynamic: "warning",
};

export function ScopeBadge({ scope, className }: { scope: MethodScope; className?: string }) {
  return (
    <Badge tone={TONE[scope] ?? "neutral"} className={className} title={explain(scope)}>
      {shortScope(scope)}
    </Badge>
  );
}

export function explain(scope: MethodScope): string {
  if (scope === "dynamic") return "The scope depends on the parameters.";
  if (scope === "node") return "For device hosts; the gateway refuses people.";
  return `Needs ${scope}.`;
}
