import { ChevronLeft, Search } from "lucide-react";
import { type SyntheticEvent, useState } from "react";
import { navigate, Resource } from "@/shell";
import { Badge, Button, Empty, SearchInput, Sheet, SheetContent } from "@/ui";
import { HubDetails } from "./hub-details";
import { useHubSearch } from "./use-hub";
import type { HubResult } from "./wire";

export const HUB = "hub";
export const openHub = () => navigate({ at: "panel", id: "skills", rest: [HUB] });
const close = () => navigate({ at: "panel", id: "skills", rest: [] });

/** Skills that others have published: found, looked at, installed. */
export function HubSheet() {
  const [text, setText] = useState("");
  const [query, setQuery] = useState<string | null>(null);
  const [opened, setOpened] = useState<HubResult | null>(null);
  const found = useHubSearch(query);
  const search = (event: SyntheticEvent) => {
    event.preventDefault();
    setQuery(text.trim());
  };
  return (
    <Sheet open onOpenChange={(open) => !open && close()}>
      <SheetContent
        title={opened ? opened.displayName : "Find skills"}
        description="From ClawHub, where anybody publishes. The gateway asks it, not this page."
      >
        {opened ? (
          <div className="grid gap-4">
            <Button variant="ghost" size="sm" className="justify-self-start" onClick={() => setOpened(null)}>
              <ChevronLeft />
              Results
            </Button>
            <HubDetails result={opened} />
          </div>
        ) : (
          <div className="grid gap-4">
            <form role="search" onSubmit={search} className="flex gap-2">
              <SearchInput label="Search the hub" value={text} onChange={setText} className="grow" autoFocus />
              <Button type="submit" variant="primary" busy={query !== null && found.isLoading}>
                Search
              </Button>
            </form>
            {query === null ? (
              <Empty icon={<Search />} title="What should the agent be able to do?" className="py-8">
                A word is enough: calendar, weather, translate.
              </Empty>
            ) : (
              <Resource
                of={found}
                what="skills of the hub"
                empty={({ results }) => results.length === 0 && <Empty title="No skill by these words" />}
              >
                {({ results }) => <Results results={results} onOpen={setOpened} />}
              </Resource>
            )}
          </div>
        )}
      </SheetContent>
    </Sheet>
  );
}

function Results({ results, onOpen }: { results: readonly HubResult[]; onOpen: (result: HubResult) => void }) {
  return (
    <ul className="divide-y rounded-lg border bg-card" aria-label="Skills of the hub">
      {results.map((result) => (
        <li key={result.installRef ?? result.slug}>
          <button
            type="button"
            onClick={() => onOpen(result)}
            className="grid w-full gap-0.5 px-3 py-2.5 text-left text-[0.8125rem] hover:bg-hover focus-visible:outline-offset-[-2px]"
          >
            <span className="flex flex-wrap items-center gap-2 font-semibold">
              <span className="wrap-anywhere">{result.displayName}</span>
              {result.ownerHandle && <Badge tone="outline">{result.ownerHandle}</Badge>}
              {result.version && <span className="text-xs font-normal text-muted-foreground">{result.version}</span>}
            </span>
            {result.summary && <span className="line-clamp-2 text-xs text-muted-foreground">{result.summary}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
