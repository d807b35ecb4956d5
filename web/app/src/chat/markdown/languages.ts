/** The languages that are coloured. Loaded lazily, by `highlight.ts` alone. */
import core from "highlight.js/lib/core";
import type { Emitter, HLJSOptions } from "highlight.js";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import csharp from "highlight.js/lib/languages/csharp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import go from "highlight.js/lib/languages/go";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import makefile from "highlight.js/lib/languages/makefile";
import markdown from "highlight.js/lib/languages/markdown";
import php from "highlight.js/lib/languages/php";
import python from "highlight.js/lib/languages/python";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import scss from "highlight.js/lib/languages/scss";
import shell from "highlight.js/lib/languages/shell";
import sql from "highlight.js/lib/languages/sql";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { linesOf, type Highlighter, type Piece } from "./highlight";

const LANGUAGES = {
  bash,
  c,
  cpp,
  csharp,
  css,
  diff,
  dockerfile,
  go,
  ini,
  java,
  javascript,
  json,
  kotlin,
  makefile,
  markdown,
  php,
  python,
  ruby,
  rust,
  scss,
  shell,
  sql,
  swift,
  typescript,
  xml,
  yaml,
};

/** Collects pieces where highlight.js would write HTML: nothing here ever becomes HTML. */
class Pieces implements Emitter {
  readonly all: Piece[] = [];
  readonly #scopes: string[] = [];

  addText(text: string): void {
    if (text !== "") this.all.push({ text, scope: this.#scopes.at(-1) ?? null });
  }
  startScope(scope: string): void {
    this.#scopes.push(scope);
  }
  endScope(): void {
    this.#scopes.pop();
  }
  openNode(scope: string): void {
    this.startScope(scope);
  }
  closeNode(): void {
    this.endScope();
  }
  __addSublanguage(other: Emitter): void {
    if (other instanceof Pieces) this.all.push(...other.all);
  }
  finalize(): void {
    // Nothing is left open that matters.
  }
  toHTML(): string {
    return "";
  }
}

const options: Partial<HLJSOptions> = { __emitter: Pieces };
core.configure(options);
for (const [name, language] of Object.entries(LANGUAGES)) core.registerLanguage(name, language);

export const highlight: Highlighter = (code, language) => {
  if (core.getLanguage(language) === undefined) return null;
  const { _emitter: emitter } = core.highlight(code, { language, ignoreIllegals: true });
  return emitter instanceof Pieces ? linesOf(emitter.all) : null;
};
