import { render, renderHook, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { SignIn } from "./sign-in";
import { signOut, startSession, useSession } from "./session";

const TOKEN = "eyJhbGci.eyJzdWIi.c2lnbmF0dXJl";
const session = () => renderHook(() => useSession()).result.current;

beforeEach(() => {
  signOut();
  location.hash = "";
});

test("the link's token signs in and leaves the address at once (S2)", () => {
  location.hash = `#token=${TOKEN}`;
  startSession();
  expect(session()).toEqual({ at: "in", token: TOKEN });
  expect(location.href).not.toContain(TOKEN);
});

test("a reload and the next tab are signed in by what was kept", () => {
  localStorage.setItem("vestibule.token", TOKEN);
  startSession();
  expect(session()).toEqual({ at: "in", token: TOKEN });
});

test("a link that is opened while the app is open signs in as whom it names", async () => {
  startSession();
  const { result } = renderHook(() => useSession());
  expect(result.current.at).toBe("out");
  location.hash = `#token=${TOKEN}`;
  await waitFor(() => expect(result.current).toEqual({ at: "in", token: TOKEN }));
});

test("a refused token is forgotten, and the page says why (S3)", () => {
  localStorage.setItem("vestibule.token", TOKEN);
  startSession();
  signOut("This sign-in has ended.");
  expect(session()).toEqual({ at: "out", reason: "This sign-in has ended." });
  expect(localStorage.getItem("vestibule.token")).toBeNull();
  render(<SignIn reason="This sign-in has ended." />);
  expect(screen.getByRole("alert").textContent).toContain("This sign-in has ended.");
});

test("a pasted link signs in; something else is told apart", async () => {
  const user = userEvent.setup();
  render(<SignIn reason={null} />);
  const field = screen.getByLabelText("Sign-in link or token");
  await user.type(field, "hello");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(screen.getByText("This is neither a sign-in link nor a token.")).toBeTruthy();
  expect(session().at).toBe("out");
  await user.clear(field);
  await user.type(field, `http://127.0.0.1:8765/#token=${TOKEN}`);
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(session()).toEqual({ at: "in", token: TOKEN });
});
