import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { outline } from "@/ui/editor/language";
import { keysAt, placeAt } from "@/ui/editor/outline";
import type { Ask } from "./lookup";
import { choicesOf, kindOf, skeletonOf } from "./schema";
import type { SchemaChild } from "./wire";

/** Keys and values of the schema, where the cursor is. */
export const completions = (ask: Ask): Extension =>
  autocompletion({ override: [(context) => complete(ask, context)], icons: false, activateOnTypingDelay: 120 });

async function complete(ask: Ask, context: CompletionContext): Promise<CompletionResult | null> {
  const typed = context.matchBefore(/["'\w$./-]*/);
  if (!context.explicit && (!typed || typed.from === typed.to)) return null;
  const from = typed?.from ?? context.pos;
  // The quote that was closed by itself goes with what is typed.
  const next = context.state.sliceDoc(context.pos, context.pos + 1);
  const to = context.pos + (/["']/.test(next) && typed?.text.startsWith(next) === true ? 1 : 0);
  const root = context.state.field(outline);
  const place = placeAt(root, context.pos);
  if (place.at === "value") {
    const lookup = await ask(place.path);
    const options = choicesOf(lookup?.schema ?? {}).map((choice) => ({ label: JSON.stringify(choice), type: "enum" }));
    return options.length === 0 ? null : { from, to, options, validFor: /^["'\w-]*$/ };
  }
  const parent = place.at === "key" ? place.path.slice(0, -1) : place.path;
  const own = place.at === "key" ? String(place.path.at(-1)) : null;
  const lookup = await ask(parent);
  if (!lookup) return null;
  const taken = new Set(keysAt(root, parent).filter((key) => key !== own));
  const after = context.state.sliceDoc(to, to + 40);
  const options = lookup.children
    .filter((child) => !taken.has(child.key) && child.key !== "*")
    .map((child) => optionOf(child, /^\s*:/.test(after)));
  return options.length === 0 ? null : { from, to, options, validFor: /^["'\w$./-]*$/ };
}

function optionOf(child: SchemaChild, hasColon: boolean): Completion {
  const key = JSON.stringify(child.key);
  const help = child.hint?.help;
  return {
    // What is typed may begin with a quote.
    label: key,
    displayLabel: child.key,
    detail: kindOf(child.type === undefined ? {} : { type: child.type }),
    ...(help === undefined ? {} : { info: help }),
    boost: child.hint?.advanced === true ? -10 : 0,
    apply: (view, _completion, from, to) => put(view, from, to, hasColon ? key : `${key}: ${skeletonOf(child)}`),
  };
}

/** With the cursor inside the quotes or brackets that were put. */
function put(view: EditorView, from: number, to: number, text: string): void {
  const inside = /(""|\{\}|\[\])$/.test(text) ? 1 : 0;
  view.dispatch({
    changes: { from, to, insert: text },
    selection: { anchor: from + text.length - inside },
    userEvent: "input.complete",
  });
}
