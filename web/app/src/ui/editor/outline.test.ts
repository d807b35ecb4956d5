import { describe, expect, test } from "vitest";
import { keysAt, outlineOf, placeAt, rangeOf, scalarsThat } from "./outline";

/** A text with the cursor at `|`. */
function at(marked: string) {
  const position = marked.indexOf("|");
  return placeAt(outlineOf(marked.replace("|", "")), position);
}

describe("where the cursor is", () => {
  test("on a key, in a value, or where nothing is yet", () => {
    expect(at('{"gateway": {"po|rt": 1}}')).toEqual({ path: ["gateway", "port"], at: "key" });
    expect(at('{"gateway": {"port": 1|}}')).toEqual({ path: ["gateway", "port"], at: "value" });
    expect(at('{"gateway": {"port": 1,\n  |\n}}')).toEqual({ path: ["gateway"], at: "inside" });
    expect(at("{ | }")).toEqual({ path: [], at: "inside" });
  });

  test("in an item of a list", () => {
    expect(at("{models: [{id: 'a'}, {id: '|b'}]}")).toEqual({ path: ["models", 1, "id"], at: "value" });
    expect(at("{models: [1, |]}")).toEqual({ path: ["models"], at: "inside" });
  });

  test("while the text is being written and does not parse", () => {
    expect(at('{"a": {"b": |')).toEqual({ path: ["a", "b"], at: "value" });
    expect(at('{"a": {"b|')).toEqual({ path: ["a", "b"], at: "key" });
    expect(at("{a: {b: |, c: 1}}")).toEqual({ path: ["a", "b"], at: "value" });
  });

  test("is not fooled by comments, escapes or brackets in strings", () => {
    expect(at('{\n // { "x": [\n /* } */ a: "}\\"]\\u00e9", b: {c: |1}}')).toEqual({ path: ["b", "c"], at: "value" });
  });

  test("of an empty text is nowhere", () => {
    expect(at("|")).toEqual({ path: [], at: "value" });
  });
});

describe("where a path is", () => {
  const text = '{"a": {"b": [10, {"c": 2}]}}';
  const root = outlineOf(text);
  const said = (path: (string | number)[]) => {
    const range = rangeOf(root, path);
    return range && text.slice(range.from, range.to);
  };

  test("is its key, or its item", () => {
    expect(said(["a", "b"])).toBe('"b"');
    expect(said(["a", "b", 0])).toBe("10");
    expect(said(["a", "b", 1, "c"])).toBe('"c"');
  });

  test("of something missing is the nearest that is there", () => {
    expect(said(["a", "zork", "deep"])).toBe('"a"');
    expect(said([])).toBe("{");
    expect(rangeOf(outlineOf(""), ["a"])).toBeNull();
  });

  test("keys of an object can be asked for, to offer only the others", () => {
    expect(keysAt(root, ["a"])).toEqual(["b"]);
    expect(keysAt(root, ["a", "b", 1])).toEqual(["c"]);
    expect(keysAt(root, ["a", "b"])).toEqual([]);
  });

  test("values with a certain text are found wherever they are", () => {
    expect(scalarsThat(outlineOf("{a: 'x', b: ['x', \"y\"]}"), (value) => value === "x")).toHaveLength(2);
  });
});
