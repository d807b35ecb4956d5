import { Badge, Button, cn, Empty, SearchInput, Skeleton } from "@/ui";
import type { Path } from "@/ui/editor";
import { ArrowUpRight, BookOpen, ChevronRight, Plus } from "lucide-react";
import { useState } from "react";
import { type Ask, useLookup } from "./lookup";
import { choicesOf, kindOf, RELOAD, skeletonOf } from "./schema";
import type { Lookup, SchemaChild } from "./wire";

export type HelpProps = {
  ask: Ask;
  path: Path;
  /** The keys that are at a path already. */
  keysAt: (path: Path) => readonly string[];
  onReveal: (path: Path) => void;
  /** Absent: nothing may be changed. */
  onInsert?: (path: Path, key: string, skeleton: string) => void;
};

/** What the schema says of the place of the cursor: meaning, values, what saving it does, what else there is. */
export function Help({ ask, path, keysAt, onReveal, onInsert }: HelpProps) {
  const known = useLookup(ask, path);
  if (known.at === "asking") {
    return (
      <div role="status" className="grid gap-3 p-4">
        <span className="sr-only">Loading help…</span>
        <Skeleton className="h-4 w-2/3" />
        <Skeleton className="h-3.5 w-full" />
        <Skeleton className="h-3.5 w-4/5" />
      </div>
    );
  }
  if (known.at === "unknown") {
    return (
      <Empty icon={<BookOpen />} title="No help here">
        The gateway says nothing of this place.
      </Empty>
    );
  }
  return (
    <div
      className="flex h-full min-h-0 flex-col overflow-y-auto focus-visible:outline-offset-[-2px]"
      tabIndex={0}
      role="region"
      aria-label="Help"
    >
      <Crumbs path={known.path} onReveal={onReveal} />
      <About lookup={known.lookup} exact={known.path.length === path.length} path={known.path} />
      <Children
        key={known.lookup.path}
        lookup={known.lookup}
        present={keysAt(known.path)}
        onReveal={(key) => onReveal([...known.path, key])}
        {...(onInsert === undefined
          ? {}
          : { onInsert: (child: SchemaChild) => onInsert(known.path, child.key, skeletonOf(child)) })}
      />
    </div>
  );
}

function Crumbs({ path, onReveal }: { path: Path; onReveal: (path: Path) => void }) {
  return (
    <nav aria-label="Place in the config" className="flex flex-wrap items-center gap-0.5 px-4 pt-3 font-mono text-xs">
      <Crumb onClick={() => onReveal([])}>config</Crumb>
      {path.map((step, index) => (
        <span key={index} className="inline-flex items-center gap-0.5">
          <ChevronRight aria-hidden className="size-3 text-muted-foreground" />
          <Crumb onClick={() => onReveal(path.slice(0, index + 1))}>{String(step)}</Crumb>
        </span>
      ))}
    </nav>
  );
}

const Crumb = ({ onClick, children }: { onClick: () => void; children: string }) => (
  <button
    type="button"
    onClick={onClick}
    className="rounded-sm px-0.5 text-muted-foreground hover:text-foreground hover:underline max-md:min-h-11"
  >
    {children}
  </button>
);

function About({ lookup, exact, path }: { lookup: Lookup; exact: boolean; path: Path }) {
  const { schema, hint } = lookup;
  const help = hint?.help ?? schema.description;
  const choices = choicesOf(schema);
  const reload = lookup.reloadKind && RELOAD[lookup.reloadKind];
  return (
    <div className="grid gap-2.5 px-4 pt-2 pb-4 text-[0.8125rem]">
      <h2 className="text-sm font-semibold">{hint?.label ?? schema.title ?? String(path.at(-1) ?? "Config")}</h2>
      {!exact && <p className="text-xs text-warning">The schema does not know this key; this is what is above it.</p>}
      <div className="flex flex-wrap gap-1.5">
        {kindOf(schema) !== "" && <Badge tone="outline">{kindOf(schema)}</Badge>}
        {reload && path.length > 0 && (
          <Badge tone={reload.tone} title={reload.says}>
            {reload.word}
          </Badge>
        )}
        {hint?.advanced === true && <Badge>advanced</Badge>}
      </div>
      {help !== undefined && <p className="text-muted-foreground">{help}</p>}
      {choices.length > 1 && (
        <div className="flex flex-wrap gap-1">
          {choices.map((choice) => (
            <code key={String(choice)} className="rounded-md bg-muted px-1.5 py-0.5 text-xs">
              {JSON.stringify(choice)}
            </code>
          ))}
        </div>
      )}
      {schema.default !== undefined && (
        <p className="text-xs text-muted-foreground">
          Default: <code>{JSON.stringify(schema.default)}</code>
        </p>
      )}
      {hint?.docsUrl !== undefined && /^https:/.test(hint.docsUrl) && (
        <a
          href={hint.docsUrl}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1 justify-self-start text-xs underline underline-offset-4"
        >
          Documentation
          <ArrowUpRight aria-hidden className="size-3" />
        </a>
      )}
    </div>
  );
}

type ChildrenProps = {
  lookup: Lookup;
  present: readonly string[];
  onReveal: (key: string) => void;
  onInsert?: (child: SchemaChild) => void;
};

function Children({ lookup, present, onReveal, onInsert }: ChildrenProps) {
  const [query, setQuery] = useState("");
  const named = lookup.children.filter((child) => child.key !== "*");
  if (named.length === 0) return null;
  const wanted = query.toLowerCase();
  const shown = named
    .filter((child) =>
      `${child.key} ${child.hint?.label ?? ""} ${child.hint?.help ?? ""}`.toLowerCase().includes(wanted),
    )
    .sort((a, b) => Number(present.includes(b.key)) - Number(present.includes(a.key)) || rank(a) - rank(b));
  return (
    <section aria-label="What can be inside" className="border-t">
      {named.length > 8 && (
        <div className="p-3 pb-1">
          <SearchInput label={`Search ${named.length} keys`} value={query} onChange={setQuery} />
        </div>
      )}
      <ul className="py-1.5">
        {shown.map((child) => {
          const there = present.includes(child.key);
          return (
            <li key={child.key} className="group flex min-h-7 items-center gap-2 px-4 py-0.5 text-xs">
              <div className="min-w-0 grow">
                <div className="flex items-baseline gap-2">
                  {there ? (
                    <button
                      type="button"
                      onClick={() => onReveal(child.key)}
                      className="truncate rounded-sm font-mono font-medium underline-offset-4 hover:underline"
                    >
                      {child.key}
                    </button>
                  ) : (
                    <span className="truncate font-mono text-muted-foreground">{child.key}</span>
                  )}
                  <span className="shrink-0 text-muted-foreground">
                    {kindOf(child.type === undefined ? {} : { type: child.type })}
                  </span>
                </div>
                {child.hint?.help !== undefined && (
                  <p className={cn("line-clamp-2 text-muted-foreground", there && "line-clamp-1")}>{child.hint.help}</p>
                )}
              </div>
              {!there && onInsert && (
                <Button variant="ghost" size="icon-sm" aria-label={`Add ${child.key}`} onClick={() => onInsert(child)}>
                  <Plus />
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const rank = (child: SchemaChild): number => (child.hint?.advanced === true ? 1 : 0);
