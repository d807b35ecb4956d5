/** The tools there are, and which of them an agent has. Pure. */
import type { Catalog, Effective, Tool, ToolGroup } from "./wire";

export type ToolRow = Tool & { inUse: boolean | undefined };
export type ToolRows = Omit<ToolGroup, "tools"> & { tools: readonly ToolRow[] };

/**
 * The catalogue, each tool with whether it is in use; undefined: not known. What is in use but not in the catalogue
 * (tools of plugins and servers) comes as groups of its own.
 */
export function toolRows(catalog: Catalog, effective: Effective | undefined): readonly ToolRows[] {
  const used = new Set(effective?.groups.flatMap(({ tools }) => tools.map(({ id }) => id)));
  const known = new Set(catalog.groups.flatMap(({ tools }) => tools.map(({ id }) => id)));
  const listed = catalog.groups.map((group) => ({
    ...group,
    tools: group.tools.map((tool) => ({ ...tool, inUse: effective && used.has(tool.id) })),
  }));
  const more = (effective?.groups ?? []).map((group) => ({
    ...group,
    id: `effective-${group.id}`,
    tools: group.tools.filter(({ id }) => !known.has(id)).map((tool) => ({ ...tool, inUse: true })),
  }));
  return [...listed, ...more].filter(({ tools }) => tools.length > 0);
}

/** What matches a few letters, in name or description; groups without a match go. */
export function filterTools(groups: readonly ToolRows[], query: string, onlyUsed: boolean): readonly ToolRows[] {
  const words = query.trim().toLowerCase();
  return groups
    .map((group) => ({
      ...group,
      tools: group.tools.filter(
        (tool) =>
          (!onlyUsed || tool.inUse === true) && `${tool.id} ${tool.description ?? ""}`.toLowerCase().includes(words),
      ),
    }))
    .filter(({ tools }) => tools.length > 0);
}
