import { expect, test } from "vitest";
import { href, parseRoute, type Route } from "./route";

test.each<[string, Route]>([
  ["", { at: "chat" }],
  ["#/", { at: "chat" }],
  ["#/chat", { at: "chat" }],
  ["#/chat/main", { at: "chat", agent: "main" }],
  ["#/chat/main/agent%3Amain%3Amain", { at: "chat", agent: "main", sessionKey: "agent:main:main" }],
  ["#/panels/cron", { at: "panel", id: "cron", rest: [] }],
  ["#/panels/cron/job%2F1/runs", { at: "panel", id: "cron", rest: ["job/1", "runs"] }],
  ["#/panels", { at: "chat" }],
  ["#/what/ever", { at: "chat" }],
  ["#/panels/%E0%A4%A", { at: "panel", id: "%E0%A4%A", rest: [] }],
])("the address %j is a place, whatever stands in it", (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
});

test("an address leads back to the place it was made from", () => {
  const session: Route = { at: "chat", agent: "ops", sessionKey: "agent:ops:telegram:group:-100/7" };
  const job: Route = { at: "panel", id: "cron", rest: ["a b", "#?&"] };
  expect(parseRoute(href(session))).toEqual(session);
  expect(parseRoute(href(job))).toEqual(job);
});
