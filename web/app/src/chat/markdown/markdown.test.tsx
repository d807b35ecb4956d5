import { render, screen } from "@testing-library/react";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Markdown as Real } from "./markdown";

// Each text block calls the lexer once whenever it is drawn, each code block this button's icon. Modules are shared by
// all test files: these are loaded anew for this one.
const icon = vi.fn(() => null);
const lexed = vi.fn<(source: string) => void>();
let Markdown: typeof Real;

beforeAll(async () => {
  vi.resetModules();
  vi.doMock("lucide-react", async (load) => ({ ...(await load<object>()), WrapText: icon }));
  vi.doMock(import("marked"), async (load) => {
    const real = await load();
    const lexer: typeof real.lexer = (source, options) => {
      lexed(source);
      return real.lexer(source, options);
    };
    return { ...real, lexer };
  });
  ({ Markdown } = await import("./markdown"));
});
afterAll(() => {
  vi.doUnmock("lucide-react");
  vi.doUnmock("marked");
  vi.resetModules();
});

const drawn = (source: string) => lexed.mock.calls.filter(([text]) => text.startsWith(source)).length;

describe("an answer that grows", () => {
  test("draws again what is being written, and nothing before it", () => {
    let text = "First of all.\n\n```\nlet it be\n```\nSecond";
    const { rerender } = render(<Markdown text={text} growing />);
    expect([drawn("First"), icon.mock.calls.length, drawn("Second")]).toEqual([1, 1, 1]);

    for (const more of [" comes", " this.\n", "\nThird", " and", " last."]) {
      text += more;
      rerender(<Markdown text={text} growing />);
    }
    expect(screen.getByText("Third and last.")).toBeTruthy();
    expect([drawn("First"), icon.mock.calls.length]).toEqual([1, 1]);

    const whole = drawn("Second");
    rerender(<Markdown text={`${text}\n\nFourth`} />);
    expect([drawn("First"), icon.mock.calls.length, drawn("Second")]).toEqual([1, 1, whole]);
  });
});
