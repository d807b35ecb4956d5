import { type EditorState, type Extension, RangeSet, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import { outline } from "@/ui/editor/language";
import { scalarsThat } from "@/ui/editor/outline";
import { MARK, SHOWN } from "./secrets";

class Kept extends WidgetType {
  override eq(): boolean {
    return true;
  }
  override toDOM(): HTMLElement {
    const pill = document.createElement("span");
    pill.textContent = SHOWN;
    pill.title = "A secret that is not shown. Delete this and write a new value to change it.";
    pill.className = "cm-kept-secret";
    return pill;
  }
}

const pill = Decoration.replace({ widget: new Kept() });

const marksIn = (state: EditorState): DecorationSet =>
  RangeSet.of(
    scalarsThat(state.field(outline), (text) => text === MARK).map(({ from, to }) => pill.range(from, to)),
    true,
  );

const marks = StateField.define<DecorationSet>({
  create: marksIn,
  update: (before, change) => (change.docChanged ? marksIn(change.state) : before),
  provide: (field) => [
    EditorView.decorations.from(field),
    // The cursor steps over it: a mark cut in half would be stored as a secret.
    EditorView.atomicRanges.of((view) => view.state.field(field)),
  ],
});

const look = EditorView.theme({
  ".cm-kept-secret": {
    backgroundColor: "var(--muted)",
    color: "var(--muted-foreground)",
    borderRadius: "999px",
    padding: "0.05rem 0.6rem",
    fontSize: "0.75rem",
    fontFamily: "var(--font-sans)",
  },
});

/** Secrets as pills in place of the mark that stands for them. */
export const secretMarks: Extension = [marks, look];
