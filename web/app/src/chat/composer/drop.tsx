import { Upload } from "lucide-react";
import { type DragEvent, type ReactNode, useRef, useState } from "react";

/** Files may be dropped anywhere on the conversation. */
export function Drop({ onFiles, children }: { onFiles: (files: Iterable<File>) => void; children: ReactNode }) {
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const carriesFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  const enter = (by: 1 | -1) => (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    depth.current = Math.max(0, depth.current + by);
    setOver(depth.current > 0);
  };
  return (
    <div
      className="relative flex h-full min-w-0 grow flex-col"
      onDragEnter={enter(1)}
      onDragLeave={enter(-1)}
      onDragOver={(event) => carriesFiles(event) && event.preventDefault()}
      onDrop={(event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        onFiles(event.dataTransfer.files);
      }}
    >
      {children}
      {over && (
        <div className="pointer-events-none absolute inset-3 z-30 grid animate-in place-content-center gap-2 rounded-2xl border-2 border-dashed border-brand bg-background/85 text-center text-sm">
          <Upload aria-hidden className="mx-auto size-6 text-brand" />
          Drop to attach
        </div>
      )}
    </div>
  );
}
