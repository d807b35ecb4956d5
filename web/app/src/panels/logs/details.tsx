import { Badge, CopyButton, formatDateTime, KeyValue, Sheet, SheetContent } from "@/ui";
import { fieldsOf, type LogLine, readObject } from "./line";
import { TONE } from "./row";

/** Everything a line holds, beside the list. */
export function LineDetails({ line, onClose }: { line: LogLine | null; onClose: () => void }) {
  return (
    <Sheet open={line !== null} onOpenChange={(open) => !open && onClose()}>
      {line && (
        <SheetContent
          title="Log line"
          description={line.source || undefined}
          footer={
            <CopyButton text={line.raw} variant="secondary" size="md">
              Copy as written
            </CopyButton>
          }
        >
          <Body line={line} />
        </SheetContent>
      )}
    </Sheet>
  );
}

function Body({ line }: { line: LogLine }) {
  const read = readObject(line.raw);
  const fields = read ? fieldsOf(read) : {};
  return (
    <div className="grid gap-5">
      <pre className="rounded-lg border bg-muted/60 p-3 text-xs/5 wrap-anywhere whitespace-pre-wrap">
        {line.message}
      </pre>
      <KeyValue
        rows={[
          ["Time", line.atMs === null ? null : formatDateTime(line.atMs)],
          ["Level", <Badge tone={TONE[line.level]}>{line.level}</Badge>],
          ["Source", line.source || null],
          ["Trace", line.traceId === null ? null : <code>{line.traceId}</code>],
        ]}
      />
      {Object.keys(fields).length > 0 && (
        <section>
          <h3 className="mb-2 text-xs text-muted-foreground">Logged with it</h3>
          <pre className="rounded-lg border bg-muted/60 p-3 text-xs/5 wrap-anywhere whitespace-pre-wrap">
            {JSON.stringify(fields, null, 2)}
          </pre>
        </section>
      )}
    </div>
  );
}
