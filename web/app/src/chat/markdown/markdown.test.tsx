import { render, screen } from "@testing-library/react";
import { WrapText } from "lucide-react";
import { lexer } from "marked";
import { describe, expect, test, vi } from "vitest";
import { Markdown } from "./markdown";

// Each text block calls this once whenever it is drawn, each code block that.
vi.mock(import("marked"), async (load) => {
  const real = await load();
  return { ...real, lexer: vi.fn(real.lexer) as typeof real.lexer };
});
vi.mock(import("lucide-react"), async (load) => ({ ...(await load()), WrapText: vi.fn() as typeof WrapText }));

const drawn = (source: string) => vi.mocked(lexer).mock.calls.filter(([text]) => text.startsWith(source)).length;
const drawnCode = () => vi.mocked(WrapText).mock.calls.length;

describe("an answer that grows", () => {
  test("draws again what is being written, and nothing before it", () => {
    let text = "First of all.\n\n```\nlet it be\n```\nSecond";
    const { rerender } = render(<Markdown text={text} growing />);
    const [first, code, second] = [drawn("First"), drawnCode(), drawn("Second")];
    expect([first, code, second]).toEqual([1, 1, 1]);

    for (const more of [" comes", " this.\n", "\nThird", " and", " last."]) {
      text += more;
      rerender(<Markdown text={text} growing />);
    }
    expect(screen.getByText("Third and last.")).toBeTruthy();
    expect([drawn("First"), drawnCode()]).toEqual([1, 1]);

    const whole = drawn("Second");
    rerender(<Markdown text={`${text}\n\nFourth`} growing={false} />);
    expect([drawn("First"), drawn("Second"), drawnCode()]).toEqual([1, whole, 1]);
  });
});
