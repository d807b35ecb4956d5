import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";

export type Scope =
  | "operator.read"
  | "operator.write"
  | "operator.admin"
  | "operator.pairing"
  | "operator.questions"
  | "operator.approvals";

/** What a panel or an action cannot do without. Empty or absent: nothing. */
export type Needs = { methods?: readonly string[]; scopes?: readonly Scope[] };

export const PANEL_GROUPS = ["Work", "Set-up", "Operate"] as const;

/** A panel as the shell knows it. Eager, so keep it small: everything heavy is behind `load`. */
export type PanelDescriptor = {
  /** Its address: `#/panels/<id>`. */
  id: string;
  title: string;
  group: (typeof PANEL_GROUPS)[number];
  icon: LucideIcon;
  /** What people may type in the palette to find it. */
  keywords: string;
  /** What the whole panel needs. What single actions need, they say themselves (`useCan`). */
  needs: Needs;
  load: () => Promise<{ default: ComponentType }>;
};
