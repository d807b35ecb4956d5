import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { ConfirmButton } from "./confirm";

test("what cannot be undone is asked first, and its failure is shown where one acted (W10)", async () => {
  const user = userEvent.setup();
  const answers = [Promise.reject(Object.assign(new Error("job is running"), { code: "CONFLICT" })), Promise.resolve()];
  answers[0]?.catch(() => undefined);
  let calls = 0;
  render(
    <ConfirmButton title="Delete “nightly”?" action="Delete job" danger onConfirm={() => answers[calls++]}>
      Delete
    </ConfirmButton>,
  );
  await user.click(screen.getByRole("button", { name: "Delete" }));
  expect(calls).toBe(0);
  await user.click(screen.getByRole("button", { name: "Delete job" }));
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("job is running"));
  expect(screen.getByRole("alert").textContent).toContain("CONFLICT");
  await user.click(screen.getByRole("button", { name: "Delete job" }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
});
