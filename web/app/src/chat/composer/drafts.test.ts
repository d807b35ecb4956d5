import { expect, test } from "vitest";
import { draftOf, setDraft } from "./drafts";

test("W9: each conversation has its own draft, and a reload keeps its text", () => {
  setDraft("agent:main", { text: "half a thou" });
  setDraft("agent:ops", { text: "other" });
  expect(draftOf("agent:main").text).toBe("half a thou");
  expect(sessionStorage.getItem("vestibule.draft:agent:main")).toBe("half a thou");
  setDraft("agent:main", { text: "" });
  expect(sessionStorage.getItem("vestibule.draft:agent:main")).toBeNull();
});
