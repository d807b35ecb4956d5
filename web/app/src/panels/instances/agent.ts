/** What a client's `User-Agent` says for a person to read. Pure. */

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  // Those that also call themselves Chrome or Safari come first.
  [/\bEdg(?:e|A|iOS)?\/(\d+)/, "Edge"],
  [/\bOPR\/(\d+)/, "Opera"],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
  [/\b(?:Headless)?(?:Chrome|CriOS)\/(\d+)/, "Chrome"],
  [/\bVersion\/(\d+)\S* .*Safari\//, "Safari"],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:iPhone|iPad|iPod)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

export type Agent = { name: string; isBrowser: boolean };

/** "Chrome 140 on Linux"; of a program its first word, "vestibule 0.1.0". */
export function readAgent(agent: string): Agent {
  for (const [pattern, browser] of BROWSERS) {
    const version = pattern.exec(agent)?.[1];
    if (version === undefined) continue;
    const system = SYSTEMS.find(([found]) => found.test(agent))?.[1];
    return { name: `${browser} ${version}${system === undefined ? "" : ` on ${system}`}`, isBrowser: true };
  }
  const program = /^([^\s/]+)(?:\/(\S+))?/.exec(agent);
  return {
    name: program ? [program[1], program[2]].filter((part) => part !== undefined).join(" ") : "Unnamed program",
    isBrowser: false,
  };
}
