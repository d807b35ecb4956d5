import { useApprovals, useDoorSnapshot, useQuestions } from "@vestibule/react";
import { useFacts } from "../panel/facts";
import { Lock, type LucideIcon, MessageCircle, Minus, Search } from "lucide-react";
import { panels } from "@/panels";
import { Badge, cn, Kbd } from "@/ui";
import { openPalette } from "../palette/open";
import { type Facts, judge, type Verdict } from "../panel/gate";
import { PANEL_GROUPS, type PanelDescriptor } from "../panel/descriptor";
import { href, useRoute } from "../route";
import { Logo } from "./logo";
import { Place } from "./slot";

/** The way about; the same in the left column and in the sheet of a phone. */
export function Sidebar({ onNavigate }: { onNavigate?: () => void }) {
  const route = useRoute();
  const facts = useFacts();
  const { gateway } = useDoorSnapshot();
  const waiting = useApprovals().pending.length + useQuestions().pending.length;
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-13 shrink-0 items-center gap-2.5 px-4">
        <Logo className="size-6" />
        <span className="text-[0.9375rem] font-semibold tracking-[-0.02em]">Vestibule</span>
      </div>
      <div className="px-2.5 pb-2">
        <button
          type="button"
          onClick={openPalette}
          className="flex h-8 w-full items-center gap-2 rounded-md border bg-background px-2.5 text-[0.8125rem] text-muted-foreground shadow-raised transition-colors hover:border-input hover:text-foreground max-md:h-11"
        >
          <Search className="size-3.5" aria-hidden />
          <span className="grow text-left">Go to…</span>
          <span className="max-md:hidden">
            <Kbd keys="mod k" />
          </span>
        </button>
      </div>
      <nav
        aria-label="Pages"
        className="min-h-0 grow overflow-y-auto px-2.5 pb-4"
        onClick={(event) => event.target instanceof Element && event.target.closest("a") && onNavigate?.()}
      >
        <Entry
          to={href({ at: "chat" })}
          icon={MessageCircle}
          title="Chat"
          current={route.at === "chat"}
          waiting={waiting}
        />
        <Place where="sidebar" className="empty:hidden" />
        {PANEL_GROUPS.map((group) => (
          <div key={group} role="group" aria-labelledby={`group-${group}`} className="mt-4">
            <h2 id={`group-${group}`} className="px-2.5 pb-1 text-xs font-medium text-muted-foreground">
              {group}
            </h2>
            {panels
              .filter((panel) => panel.group === group)
              .map((panel) => (
                <PanelEntry
                  key={panel.id}
                  panel={panel}
                  facts={facts}
                  current={route.at === "panel" && route.id === panel.id}
                />
              ))}
          </div>
        ))}
      </nav>
      {gateway?.version && (
        <p className="shrink-0 border-t px-5 py-3 text-xs text-muted-foreground">OpenClaw {gateway.version}</p>
      )}
    </div>
  );
}

function PanelEntry({ panel, facts, current }: { panel: PanelDescriptor; facts: Facts; current: boolean }) {
  const verdict = judge(panel.needs, facts);
  return (
    <Entry
      to={href({ at: "panel", id: panel.id, rest: [] })}
      icon={panel.icon}
      title={panel.title}
      current={current}
      lacking={verdict.at === "allowed" ? null : verdict}
    />
  );
}

type EntryProps = {
  to: string;
  icon: LucideIcon;
  title: string;
  current: boolean;
  /** Why it cannot be used with this gateway or role. */
  lacking?: Exclude<Verdict, { at: "allowed" }> | null;
  /** How much there waits for the person. */
  waiting?: number;
};

function Entry({ to, icon: Icon, title, current, lacking = null, waiting = 0 }: EntryProps) {
  return (
    <a
      href={to}
      aria-current={current ? "page" : undefined}
      className={cn(
        "flex h-8 items-center gap-2.5 rounded-md px-2.5 text-[0.8125rem] text-muted-foreground transition-colors hover:bg-hover hover:text-foreground max-md:h-11 max-md:text-[0.9375rem]",
        "aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-foreground",
      )}
    >
      <Icon className={cn("size-4 shrink-0", current && "text-brand")} strokeWidth={1.75} aria-hidden />
      <span className="truncate">{title}</span>
      {waiting > 0 && (
        <Badge tone="warning" className="ml-auto tabular-nums">
          {waiting}
          <span className="sr-only">{waiting === 1 ? " waits for you" : " wait for you"}</span>
        </Badge>
      )}
      {lacking && (
        <span title={lacking.reason} className="ml-auto">
          {lacking.at === "needs-scope" ? (
            <Lock className="size-3" aria-hidden />
          ) : (
            <Minus className="size-3" aria-hidden />
          )}
          <span className="sr-only">
            , {lacking.at === "needs-scope" ? "not in your role" : "not offered by this gateway"}
          </span>
        </span>
      )}
    </a>
  );
}
