import { expect, it } from "vitest";
import { readAgent } from "./agent";

const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";

it.each([
  [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Chrome 140 on Linux",
  ],
  [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36",
    "Chrome 140 on Linux",
  ],
  [`${MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15`, "Safari 18 on macOS"],
  [`${MAC} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`, "Edge 140 on macOS"],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Safari 18 on iOS",
  ],
  ["Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox 140 on Android"],
])("a browser has its name, version and system: %s", (agent, name) => {
  expect(readAgent(agent)).toEqual({ name, isBrowser: true });
});

it("a program is what it calls itself", () => {
  expect(readAgent("vestibule/0.1.0")).toEqual({ name: "vestibule 0.1.0", isBrowser: false });
  expect(readAgent("Python/3.11 websockets/15.0")).toEqual({ name: "Python 3.11", isBrowser: false });
  expect(readAgent("node")).toEqual({ name: "node", isBrowser: false });
  expect(readAgent("").name).toBe("Unnamed program");
});
