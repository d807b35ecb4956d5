import { expect, test } from "vitest";
import { keepIn } from "../storage";
import { dropToken, keepToken, readToken, tokenIn } from "./token";

const stores = () => {
  sessionStorage.clear();
  return { tab: keepIn(() => sessionStorage), device: keepIn(() => localStorage) };
};

test("a remembered token signs the next tab in; one for this tab does not", () => {
  const kept = stores();
  keepToken(kept, "first", { remember: true });
  sessionStorage.clear();
  expect(readToken(kept)).toBe("first");
  keepToken(kept, "second", { remember: false });
  expect(readToken(kept)).toBe("second");
  sessionStorage.clear();
  expect(readToken(kept)).toBeNull();
});

test("a refused token goes everywhere it is kept, and no other one with it", () => {
  const kept = stores();
  keepToken(kept, "newer", { remember: true });
  kept.tab.write("vestibule.token", "older");
  dropToken(kept, "older");
  expect(readToken(kept)).toBe("newer");
  dropToken(kept, "newer");
  expect(readToken(kept)).toBeNull();
});

test("a browser that forbids storage still signs in", () => {
  const forbidden = keepIn(() => {
    throw new DOMException("denied", "SecurityError");
  });
  const kept = { tab: forbidden, device: forbidden };
  expect(() => keepToken(kept, "token", { remember: true })).not.toThrow();
  expect(readToken(kept)).toBeNull();
});

test.each([
  ["http://127.0.0.1:8801/#token=eyJhbGci.eyJzdWIi.c2lnbg", "eyJhbGci.eyJzdWIi.c2lnbg"],
  ["#token=abcdefghijklmnop%2Bqr", "abcdefghijklmnop+qr"],
  ["  eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl\n", "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl"],
  ["hello", null],
  ["http://127.0.0.1:8801/", null],
  ["#token=%E0%A4%A", null],
  ["", null],
])("what is pasted may be the link, its fragment or the token: %j", (text, token) => {
  expect(tokenIn(text)).toBe(token);
});
