/** Slash commands: what the gateway offers, and which of them are meant. Pure. */

export type CommandList = {
  readonly commands?: readonly {
    readonly name: string;
    readonly textAliases?: readonly string[];
    readonly description?: string;
    readonly acceptsArgs?: boolean;
  }[];
};

export type SlashCommand = { readonly text: string; readonly description: string; readonly takesMore: boolean };

export function slashCommands(list: CommandList | undefined): readonly SlashCommand[] {
  return (list?.commands ?? []).map(({ name, textAliases, description, acceptsArgs }) => ({
    text: textAliases?.[0] ?? `/${name}`,
    description: description ?? "",
    takesMore: acceptsArgs === true,
  }));
}

/** What is typed as a command so far: from a slash at the very beginning to the end of the first word. */
export const typedCommand = (text: string): string | null => /^\/[\w-]*$/.exec(text)?.[0].toLowerCase() ?? null;

/** Those that begin so, then those that have it somewhere. */
export function matching(commands: readonly SlashCommand[], typed: string, most = 8): readonly SlashCommand[] {
  const begins = commands.filter(({ text }) => text.toLowerCase().startsWith(typed));
  const word = typed.slice(1);
  const has =
    word === "" ? [] : commands.filter((one) => !begins.includes(one) && one.text.toLowerCase().includes(word));
  return [...begins, ...has].slice(0, most);
}
