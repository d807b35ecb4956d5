import type { UserItem } from "@vestibule/react";
import { expect, test } from "vitest";
import { attachmentsOf, showAttachment } from "./attachments";

const said: UserItem = {
  kind: "user",
  key: "u",
  text: "",
  attachments: [],
  atMs: null,
  delivery: { at: "delivered" },
  turnId: null,
  row: null,
};

test("what was just sent is shown from what was sent", () => {
  const sent = { type: "image", mimeType: "image/png", fileName: "a.png", content: "AAAA" };
  expect(attachmentsOf({ ...said, attachments: [sent] }).map(showAttachment)).toEqual([
    { name: "a.png", image: "data:image/png;base64,AAAA" },
  ]);
});

test("after a reload the history names it", () => {
  const row = { __openclaw: { media: [{ url: "media://inbound/a", contentType: "image/png", fileName: "a.png" }] } };
  expect(attachmentsOf({ ...said, row }).map(showAttachment)).toEqual([{ name: "a.png", image: null }]);
});

test("nothing but a picture becomes one", () => {
  expect(showAttachment({ mimeType: "image/svg+xml", content: "AAAA" })).toEqual({ name: "Image", image: null });
  expect(showAttachment({})).toEqual({ name: "File", image: null });
});
