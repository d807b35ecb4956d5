import { Bell, Inbox } from "lucide-react";
import { Badge, Button, Popover, PopoverContent, PopoverTrigger, RelativeTime, Tooltip } from "@/ui";
import { clearNotices, markNoticesSeen, useNotices } from "./store";

/** The bell: what went wrong beside the page, newest first. It is there only when there is something. */
export function NoticeCentre() {
  const notices = useNotices();
  const fresh = notices.filter((notice) => !notice.seen).length;
  if (notices.length === 0) return null;
  return (
    <Popover onOpenChange={(open) => !open && markNoticesSeen()}>
      <Tooltip text="Notices">
        <PopoverTrigger asChild>
          <Button
            variant="ghost"
            size="icon"
            aria-label={fresh > 0 ? `Notices, ${fresh} new` : "Notices"}
            className="relative"
          >
            <Bell />
            {fresh > 0 && (
              <span
                aria-hidden
                className="absolute top-1.5 right-1.5 size-2 rounded-full bg-danger ring-2 ring-background"
              />
            )}
          </Button>
        </PopoverTrigger>
      </Tooltip>
      <PopoverContent aria-label="Notices" className="w-96 p-0">
        <div className="flex h-11 items-center justify-between border-b pr-2 pl-4">
          <h2 className="text-[0.8125rem] font-semibold">Notices</h2>
          <Button variant="ghost" size="sm" onClick={clearNotices}>
            <Inbox />
            Clear
          </Button>
        </div>
        <ul className="max-h-96 divide-y overflow-y-auto">
          {notices.map((notice) => (
            <li key={notice.id} className="px-4 py-3 text-[0.8125rem]">
              <div className="flex items-baseline gap-2">
                <p className="min-w-0 grow font-medium">{notice.title}</p>
                <RelativeTime atMs={notice.atMs} className="shrink-0 text-xs text-muted-foreground" />
              </div>
              {notice.description && <p className="mt-0.5 wrap-anywhere text-muted-foreground">{notice.description}</p>}
              {notice.code && <Badge className="mt-1.5 font-mono">{notice.code}</Badge>}
            </li>
          ))}
        </ul>
      </PopoverContent>
    </Popover>
  );
}
