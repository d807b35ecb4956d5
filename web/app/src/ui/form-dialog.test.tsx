import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { FormDialog } from "./form-dialog";
import { Input } from "./input";

function Naming({ save }: { save: (name: string) => unknown }) {
  const [open, setOpen] = useState(true);
  const [name, setName] = useState("");
  if (!open) return null;
  return (
    <FormDialog
      title="Rename node"
      description="As it is listed."
      action="Rename"
      doing="Renaming"
      ready={name !== ""}
      onSubmit={async () => {
        await save(name);
        setOpen(false);
      }}
      onClose={() => setOpen(false)}
    >
      <button type="button">Suggest</button>
      <Input aria-label="Name" value={name} onChange={(event) => setName(event.target.value)} />
    </FormDialog>
  );
}

test("a form begins in its first field, is sent by Enter once it is ready, and by its owner closed", async () => {
  const saved: string[] = [];
  render(<Naming save={(name) => saved.push(name)} />);
  const dialog = within(screen.getByRole("dialog", { name: "Rename node", description: "As it is listed." }));
  const field = dialog.getByRole("textbox", { name: "Name" });
  expect(document.activeElement).toBe(field);

  await userEvent.keyboard("{Enter}");
  expect(saved).toEqual([]);
  await userEvent.keyboard("Phone{Enter}");

  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(saved).toEqual(["Phone"]);
});

test("it is sent once at a time, and what fails is told beside the buttons, with everything as it was (W10)", async () => {
  const asked: { fail: (error: Error) => void }[] = [];
  render(<Naming save={() => new Promise((_, fail) => void asked.push({ fail }))} />);
  await userEvent.keyboard("Phone{Enter}{Enter}");
  const button = screen.getByRole("button", { name: "Rename" });
  expect(asked).toHaveLength(1);
  expect(button.getAttribute("aria-busy")).toBe("true");

  asked[0]?.fail(Object.assign(new Error("name is taken"), { code: "CONFLICT" }));

  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("Renaming did not work.name is taken");
  expect(alert.closest("footer")).toBe(button.closest("footer"));
  expect(screen.getByDisplayValue("Phone")).toBeTruthy();
  await userEvent.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).toBeNull();
});
