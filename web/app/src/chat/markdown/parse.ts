/** One block of markdown as tokens. Raw HTML stays what it is: text. */
import { lexer, type Token } from "marked";
import { mend } from "./mend";

export function parseBlock(source: string, open: boolean): readonly Token[] {
  return lexer(open ? mend(source) : source, { gfm: true, breaks: false });
}
