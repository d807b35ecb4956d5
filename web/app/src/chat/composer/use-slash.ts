import { useGatewayRpc, useMethods } from "@vestibule/react";
import { useMemo, useState } from "react";
import { type CommandList, matching, type SlashCommand, slashCommands, typedCommand } from "./commands";

export type UseSlash = {
  /** Those that fit; empty: no palette. */
  matches: readonly SlashCommand[];
  selected: number;
  move: (by: 1 | -1) => void;
  /** Until the text changes. */
  dismiss: () => void;
};

/** The palette behind a slash, of what the gateway offers. */
export function useSlash(text: string): UseSlash {
  const typed = typedCommand(text);
  const offered = useMethods()?.has("commands.list") === true;
  const { data } = useGatewayRpc<CommandList>(typed !== null && offered ? "commands.list" : null, {}, { events: [] });
  const commands = useMemo(() => slashCommands(data), [data]);
  const [at, setAt] = useState({ typed: "", selected: 0, dismissed: false });
  const now = at.typed === typed ? at : { typed: typed ?? "", selected: 0, dismissed: false };
  const matches = typed === null || now.dismissed ? [] : matching(commands, typed);
  return {
    matches,
    selected: Math.min(now.selected, Math.max(0, matches.length - 1)),
    move: (by) => setAt({ ...now, selected: (now.selected + by + matches.length) % Math.max(1, matches.length) }),
    dismiss: () => setAt({ ...now, dismissed: true }),
  };
}
