/** A JSON5 editor, loaded when it is first shown: CodeMirror is heavier than everything around it. */
import type { Extension } from "@codemirror/state";
import { lazy, type Ref, Suspense } from "react";
import { Skeleton } from "../skeleton";
import type { Path, Place } from "./outline";

export { type Path, type Place } from "./outline";

export type Issue = { from: number; to: number; severity: "error" | "warning"; message: string };

export type CodeEditorHandle = {
  /** Puts the cursor at a path, or at the nearest that is there. */
  reveal: (path: Path) => void;
  goTo: (position: number) => void;
};

export type CodeEditorProps = {
  value: string;
  onChange?: (text: string) => void;
  /** What is edited, for screen readers. */
  label: string;
  readOnly?: boolean;
  /** Line numbers and folding. */
  gutters?: boolean;
  placeholder?: string;
  issues?: readonly Issue[];
  /** More of CodeMirror; the same array as long as nothing changes. */
  extensions?: readonly Extension[];
  /** Where the cursor is. */
  onPlace?: (place: Place) => void;
  /** Mod+Enter. */
  onSubmit?: () => void;
  ref?: Ref<CodeEditorHandle>;
};

const Loaded = lazy(() => import("./code-editor"));

export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<EditorLoading label={props.label} />}>
      <Loaded {...props} />
    </Suspense>
  );
}

function EditorLoading({ label }: { label: string }) {
  return (
    <div role="status" className="grid gap-2.5 p-4">
      <span className="sr-only">Loading the editor for {label}…</span>
      <Skeleton className="h-3.5 w-2/5" />
      <Skeleton className="h-3.5 w-3/5" />
      <Skeleton className="h-3.5 w-1/3" />
    </div>
  );
}
