import { Bot } from "lucide-react";
import type { PanelDescriptor } from "@/shell/panel";

export const agents: PanelDescriptor = {
  id: "agents",
  title: "Agents",
  group: "Set-up",
  icon: Bot,
  keywords: "identity, files, model, tools",
  needs: { methods: ["agents.list"], scopes: ["operator.read"] },
  load: () => import("./panel"),
};
