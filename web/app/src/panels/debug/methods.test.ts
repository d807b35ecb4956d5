import { expect, test } from "vitest";
import { catalogueOf, found, isRead, scopeOf } from "./methods";

test("a method's scope is the one the door asks for", () => {
  expect(scopeOf("sessions.list")).toBe("operator.read");
  expect(scopeOf("config.set")).toBe("operator.admin");
  expect(scopeOf("sessions.patch")).toBe("dynamic");
  expect(scopeOf("skills.bins")).toBe("node");
});

test("a method nobody knows asks for admin, and is no read", () => {
  expect(scopeOf("some.plugin.method")).toBe("operator.admin");
  expect(isRead("some.plugin.method")).toBe(false);
  expect(isRead("door.gateway")).toBe(true);
  expect(isRead("sessions.list")).toBe(true);
  expect(isRead("sessions.subscribe")).toBe(false);
});

test("the list is by name, the door's own first", () => {
  expect(catalogueOf(new Set(["health", "cron.list"])).map((method) => method.name)).toEqual([
    "door.gateway",
    "door.clients",
    "cron.list",
    "health",
  ]);
});

test("methods are found by words of their name or scope; what begins with it comes first", () => {
  const methods = catalogueOf(new Set(["agents.list", "cron.list", "cron.add", "sessions.list"]));

  expect(found(methods, "list").map((method) => method.name)).toEqual(["agents.list", "cron.list", "sessions.list"]);
  expect(found(methods, "cron admin").map((method) => method.name)).toEqual(["cron.add"]);
  expect(found(methods, "cron").map((method) => method.name)).toEqual(["cron.add", "cron.list"]);
});
