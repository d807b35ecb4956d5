import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { CopyButton, Tooltip, TooltipProvider } from "@/ui";

it("copies, also with a tooltip around it, and says so", async () => {
  const user = userEvent.setup();
  render(
    <TooltipProvider>
      <Tooltip text="Copy the shown lines">
        <CopyButton text={() => "a line"} label="Copy the shown lines" />
      </Tooltip>
    </TooltipProvider>,
  );
  await user.click(screen.getByRole("button", { name: "Copy the shown lines" }));
  expect(await screen.findByRole("button", { name: "Copied" })).toBeTruthy();
  expect(await navigator.clipboard.readText()).toBe("a line");
});
