import { type Activity, useConnection } from "@vestibule/react";
import { ArrowUp, Paperclip, Square } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, type ReactNode, type RefObject, useId, useRef } from "react";
import { useCan } from "@/shell";
import { Button, Tooltip } from "@/ui";
import type { Attached } from "./attachment";
import { Chips } from "./chips";
import type { SlashCommand } from "./commands";
import { useDraft } from "./drafts";
import { meaningOf } from "./keys";
import { Refused } from "./refused";
import { SlashPalette } from "./slash-palette";
import type { UseAttach } from "./use-attach";
import { useSlash } from "./use-slash";

export type ComposerProps = {
  /** Whose draft this is. */
  place: string;
  agentName: string;
  activity: Activity;
  attach: UseAttach;
  input: RefObject<HTMLTextAreaElement | null>;
  /** What was said last, for the arrow key. */
  lastSaid: string;
  /** Beside the buttons: the model, say. */
  footnote: ReactNode;
  onSend: (text: string, attached: readonly Attached[]) => void;
  onStop: () => void;
};

/** Where one writes. */
export function Composer({
  place,
  agentName,
  activity,
  attach,
  input,
  lastSaid,
  footnote,
  onSend,
  onStop,
}: ComposerProps) {
  const [{ text, attached }, change] = useDraft(place);
  const slash = useSlash(text);
  const { isOpen } = useConnection();
  const { allowed, reason } = useCan({ scopes: ["operator.write"] });
  const picker = useRef<HTMLInputElement>(null);
  const list = useId();
  const running = activity.at === "running" || activity.at === "sent";
  const choosing = slash.matches.length > 0;
  const ready = allowed && (text.trim() !== "" || attached.length > 0);

  const send = () => {
    if (!ready) return;
    onSend(text.trim(), attached);
    change({ text: "", attached: [] });
    attach.clearRefused();
  };
  const choose = (command: SlashCommand | undefined) => {
    if (command !== undefined) change({ text: command.takesMore ? `${command.text} ` : command.text });
    slash.dismiss();
  };
  const act = { send, stop: onStop, up: () => slash.move(-1), down: () => slash.move(1), dismiss: slash.dismiss };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const meaning = meaningOf({
      key: event.key,
      shift: event.shiftKey,
      composing: event.nativeEvent.isComposing,
      empty: text === "",
      choosing,
      running,
      touch: window.matchMedia("(pointer: coarse)").matches,
    });
    if (meaning === null || (meaning === "recall" && lastSaid === "")) return;
    event.preventDefault();
    if (meaning === "choose") choose(slash.matches[slash.selected]);
    else if (meaning === "recall") change({ text: lastSaid });
    else act[meaning]();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    void attach.add(event.clipboardData.files);
  };

  return (
    <div className="mx-auto w-full max-w-[46rem] px-3 pb-3 md:px-6 md:pb-5">
      <Refused reasons={attach.refused} onClose={attach.clearRefused} />
      <div className="relative rounded-2xl border border-input/80 bg-card shadow-raised transition-[border-color,box-shadow] focus-within:border-ring/70 focus-within:ring-3 focus-within:ring-ring/15">
        {choosing && <SlashPalette id={list} matches={slash.matches} selected={slash.selected} onChoose={choose} />}
        <Chips attached={attached} onRemove={attach.remove} />
        <textarea
          ref={input}
          rows={1}
          value={text}
          disabled={!allowed}
          aria-label={`Message ${agentName}`}
          placeholder={allowed ? `Message ${agentName}` : (reason ?? "")}
          role={choosing ? "combobox" : undefined}
          aria-expanded={choosing || undefined}
          aria-controls={choosing ? list : undefined}
          aria-activedescendant={choosing ? `${list}-${slash.selected}` : undefined}
          onChange={(event) => change({ text: event.target.value })}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          className="field-sizing-content block max-h-[40dvh] min-h-12 w-full resize-none bg-transparent px-4 pt-3.5 pb-1.5 text-[0.9375rem] leading-relaxed outline-none placeholder:text-muted-foreground disabled:opacity-60"
        />
        <div className="flex items-center gap-1 p-2">
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            aria-label="Files to attach"
            onChange={(event) => {
              void attach.add(event.target.files ?? []);
              event.target.value = "";
            }}
          />
          <Tooltip text="Attach files" side="top">
            <Button
              variant="ghost"
              size="icon"
              aria-label="Attach files"
              disabled={!allowed}
              onClick={() => picker.current?.click()}
            >
              <Paperclip />
            </Button>
          </Tooltip>
          <div className="min-w-0 grow truncate px-1 text-xs text-muted-foreground">
            {isOpen ? footnote : "Not connected. What you send waits, and goes out by itself."}
          </div>
          {running && <Stop stopping={activity.at === "running" && activity.stopping} onStop={onStop} />}
          {(!running || ready) && (
            <Tooltip text={running ? "Send into the running answer" : "Send"} keys="enter" side="top">
              <Button
                variant="primary"
                size="icon"
                aria-label="Send"
                disabled={!ready}
                onClick={send}
                className="rounded-full"
              >
                <ArrowUp strokeWidth={2.25} />
              </Button>
            </Tooltip>
          )}
        </div>
      </div>
    </div>
  );
}

function Stop({ stopping, onStop }: { stopping: boolean; onStop: () => void }) {
  return (
    <Tooltip text={stopping ? "Stopping…" : "Stop"} keys="esc" side="top">
      <Button
        variant="secondary"
        size="icon"
        aria-label="Stop"
        busy={stopping}
        onClick={onStop}
        className="rounded-full"
      >
        <Square className="size-3 fill-current" />
      </Button>
    </Tooltip>
  );
}
