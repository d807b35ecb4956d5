import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder as placeholderOf,
} from "@codemirror/view";
import { useEffect, useEffectEvent, useImperativeHandle, useRef } from "react";
import type { CodeEditorProps } from "./index";
import { language, outline } from "./language";
import { placeAt, rangeOf } from "./outline";
import { smallestChange } from "./smallest-change";
import { theme } from "./theme";

const NOTHING: readonly Extension[] = [];

/** A JSON5 editor. Tab moves on after Escape, as everywhere in CodeMirror. */
export default function CodeEditor({
  value,
  onChange,
  label,
  readOnly = false,
  gutters = true,
  placeholder,
  issues,
  extensions = NOTHING,
  onPlace,
  onSubmit,
  ref,
}: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const editable = useRef(new Compartment());
  const changed = useEffectEvent((text: string) => onChange?.(text));
  const moved = useEffectEvent((state: EditorState) =>
    onPlace?.(placeAt(state.field(outline), state.selection.main.head)),
  );
  const submitted = useEffectEvent(() => onSubmit?.());
  const first = useEffectEvent(() => value);
  const wantsSubmit = onSubmit !== undefined;

  useEffect(() => {
    if (!host.current) return;
    const submit = {
      key: "Mod-Enter",
      run: () => {
        submitted();
        return true;
      },
    };
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: first(),
        extensions: [
          wantsSubmit ? keymap.of([submit]) : [],
          gutters ? [lineNumbers(), foldGutter(), highlightActiveLineGutter()] : [],
          highlightActiveLine(),
          drawSelection(),
          history(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          highlightSelectionMatches(),
          EditorState.tabSize.of(2),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            "aria-label": label,
            tabindex: "0",
            spellcheck: "false",
            autocapitalize: "off",
          }),
          keymap.of([
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...foldKeymap,
            ...completionKeymap,
            ...lintKeymap,
            indentWithTab,
          ]),
          placeholder === undefined ? [] : placeholderOf(placeholder),
          editable.current.of([]),
          language(),
          theme,
          ...extensions,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(update.state.doc.toString());
            if (update.docChanged || update.selectionSet) moved(update.state);
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [label, gutters, placeholder, extensions, wantsSubmit]);

  // What comes from outside replaces the text; what was typed here is the same text already.
  useEffect(() => {
    const shown = view.current;
    if (!shown || shown.state.doc.toString() === value) return;
    shown.dispatch({ changes: smallestChange(shown.state.doc.toString(), value) });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({
      effects: editable.current.reconfigure(
        readOnly ? [EditorState.readOnly.of(true), EditorView.contentAttributes.of({ "aria-readonly": "true" })] : [],
      ),
    });
  }, [readOnly, label, gutters, placeholder, extensions, wantsSubmit]);

  useEffect(() => {
    const shown = view.current;
    if (!shown) return;
    const end = shown.state.doc.length;
    shown.dispatch(
      setDiagnostics(
        shown.state,
        (issues ?? []).map(({ from, to, severity, message }) => ({
          from: Math.min(from, end),
          to: Math.min(Math.max(to, from), end),
          severity,
          message,
        })),
      ),
    );
  }, [issues]);

  useImperativeHandle(ref, () => ({
    reveal: (path) => {
      const shown = view.current;
      const range = shown && rangeOf(shown.state.field(outline), path);
      if (!shown || !range) return;
      shown.dispatch({
        selection: { anchor: range.from },
        effects: EditorView.scrollIntoView(range.from, { y: "center" }),
      });
      shown.focus();
    },
    goTo: (position) => {
      const shown = view.current;
      if (!shown) return;
      shown.dispatch({
        selection: { anchor: Math.min(position, shown.state.doc.length) },
        effects: EditorView.scrollIntoView(Math.min(position, shown.state.doc.length), { y: "center" }),
      });
      shown.focus();
    },
  }));

  return <div ref={host} className="h-full min-h-0" />;
}
