import { useGatewayRpc } from "@vestibule/react";
import { SearchX } from "lucide-react";
import { useState } from "react";
import { Resource, useCan } from "@/shell";
import { Card, Empty, NotOffered, SearchInput } from "@/ui";
import type { Command, CommandsList } from "./wire";

/** What one can type behind a slash. */
export function CommandsTab({ agentId }: { agentId: string }) {
  const [query, setQuery] = useState("");
  const { allowed } = useCan({ methods: ["commands.list"] });
  const commands = useGatewayRpc<CommandsList>(allowed ? "commands.list" : null, { agentId });
  if (!allowed) return <NotOffered what="The list of commands" methods={["commands.list"]} />;
  const words = query.trim().toLowerCase();
  const matches = ({ name, description = "" }: Command) => `${name} ${description}`.toLowerCase().includes(words);
  return (
    <div className="grid gap-4">
      <SearchInput label="Filter commands" value={query} onChange={setQuery} className="w-64" />
      <Resource
        of={commands}
        what="commands"
        empty={(data) => !data.commands.some(matches) && <Empty icon={<SearchX />} title="No such command" />}
      >
        {(data) => (
          <div className="grid items-start gap-4 md:grid-cols-2">
            {categoriesOf(data.commands.filter(matches)).map(([category, rows]) => (
              <Card key={category} title={<span className="capitalize">{category}</span>} flush>
                <ul className="divide-y">
                  {rows.map((command) => (
                    <li key={command.name} className="px-4 py-2 text-[0.8125rem]">
                      <code className="font-medium">{command.textAliases?.[0] ?? `/${command.name}`}</code>{" "}
                      <span className="text-xs text-muted-foreground">
                        {command.args?.map(({ name, required }) => (required ? `<${name}>` : `[${name}]`)).join(" ")}
                      </span>
                      {command.description && <p className="text-xs text-muted-foreground">{command.description}</p>}
                    </li>
                  ))}
                </ul>
              </Card>
            ))}
          </div>
        )}
      </Resource>
    </div>
  );
}

function categoriesOf(commands: readonly Command[]): readonly [string, readonly Command[]][] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    const category = command.category ?? "other";
    groups.set(category, [...(groups.get(category) ?? []), command]);
  }
  return [...groups];
}
