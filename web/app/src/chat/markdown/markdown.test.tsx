import { render, screen } from "@testing-library/react";
import { lexer } from "marked";
import { describe, expect, test, vi } from "vitest";
import { Markdown } from "./markdown";

// Each text block calls the lexer once whenever it is drawn, each code block this button's icon.
const icon = vi.hoisted(() => vi.fn(() => null));
vi.mock("lucide-react", async (load) => ({ ...(await load<object>()), WrapText: icon }));
vi.mock(import("marked"), async (load) => {
  const real = await load();
  return { ...real, lexer: vi.fn(real.lexer) as typeof real.lexer };
});

const drawn = (source: string) => vi.mocked(lexer).mock.calls.filter(([text]) => text.startsWith(source)).length;

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
