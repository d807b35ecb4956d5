import { describe, expect, test } from "vitest";
import { NO_BLOCKS, splitBlocks } from "./blocks";

const sources = (text: string) => splitBlocks(text).blocks.map((block) => block.source);

describe("splitting markdown into blocks", () => {
  test("paragraphs, headings and code are blocks of their own", () => {
    expect(sources("# Title\nOne\ntwo\n\nThree\n```ts\nlet a;\n\nlet b;\n```\nAfter")).toEqual([
      "# Title\n",
      "One\ntwo\n\n",
      "Three\n",
      "```ts\nlet a;\n\nlet b;\n```\n",
      "After",
    ]);
  });

  test("nothing is lost: the blocks joined are the text", () => {
    const text = "a\n\n- b\n\n  c\n- d\n\n~~~\nx\n```\n~~~\n> q\n\n|a|b|\n|-|-|\n|1|2|\n";
    expect(sources(text).join("")).toBe(text);
  });

  test("an item keeps what is indented below it, code with blank lines too", () => {
    expect(sources("1. one\n\n   more\n\n   ```\n   x\n\n   y\n   ```\n\n2. two\n\nEnd")).toEqual([
      "1. one\n\n   more\n\n   ```\n   x\n\n   y\n   ```\n\n",
      "2. two\n\n",
      "End",
    ]);
  });

  test("a fence is closed by one that is as long, of the same kind, and by nothing else", () => {
    expect(sources("````md\n```\ninner\n```\n````\nout")).toEqual(["````md\n```\ninner\n```\n````\n", "out"]);
    expect(sources("text with ``` inside\nand more")).toEqual(["text with ``` inside\nand more"]);
  });

  test("an open fence is a code block already", () => {
    expect(splitBlocks("Look:\n```py\nprint(").blocks.map((block) => block.kind)).toEqual(["text", "fence"]);
  });

  test("while a text grows, all blocks but the last keep their identity", () => {
    const before = splitBlocks("One\n\nTwo\n\nThr");
    const after = splitBlocks("One\n\nTwo\n\nThree\n\nFour", before);
    expect(after.blocks.map((block) => block.source)).toEqual(["One\n\n", "Two\n\n", "Three\n\n", "Four"]);
    expect(after.blocks[0]).toBe(before.blocks[0]);
    expect(after.blocks[1]).toBe(before.blocks[1]);
  });

  test("a text that was rewritten begins anew", () => {
    expect(splitBlocks("Other\n\ntext", splitBlocks("One\n\nTwo")).blocks.map((block) => block.source)).toEqual([
      "Other\n\n",
      "text",
    ]);
  });

  test("grown character by character it is the same as at once", () => {
    const text =
      "# A\n\npara **b**\n- x\n- y\n\n  z\n\n```js\nlet a = `b`;\n```\n\n1. q\n2. r\n\n| a |\n|---|\n| b |\n\nend";
    let grown = NO_BLOCKS;
    for (let end = 1; end <= text.length; end += 1) grown = splitBlocks(text.slice(0, end), grown);
    expect(grown.blocks).toEqual(splitBlocks(text).blocks);
  });

  test("a very long paragraph, list or table is cut between words, items and rows, so that little is laid out again", () => {
    const prose = "word ".repeat(40_000);
    const blocks = splitBlocks(prose).blocks;
    expect(blocks.map((block) => block.source).join("")).toBe(prose);
    expect(Math.max(...blocks.map((block) => block.source.length))).toBeLessThan(6_100);
    expect(blocks.map((block) => block.continued)).toEqual([false, ...blocks.slice(1).map(() => true)]);
    const table = splitBlocks("| a | b |\n|---|---|\n" + "| cell | another cell |\n".repeat(2_000)).blocks;
    expect(Math.max(...table.map((block) => block.source.length))).toBeLessThan(6_100);
    expect(table.at(-1)?.head).toBe("| a | b |\n|---|---|\n");
    const list = splitBlocks("- an item of a list\n".repeat(2_000)).blocks;
    expect(Math.max(...list.map((block) => block.source.length))).toBeLessThan(6_100);
  });
});
