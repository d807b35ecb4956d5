import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { ErrorNote } from "./states";

test("only what was to be done may have taken effect, not what was read", () => {
  const error = { code: "GATEWAY_LOST", message: "Gateway connection lost", mayHaveRun: true };
  const { rerender } = render(<ErrorNote error={error} doing="Saving the job" />);
  expect(screen.getByRole("alert").textContent).toContain("It may have taken effect all the same");

  rerender(<ErrorNote error={error} doing="Refreshing jobs" onRetry={() => undefined} />);
  expect(screen.getByRole("alert").textContent).not.toContain("It may have taken effect");
});
