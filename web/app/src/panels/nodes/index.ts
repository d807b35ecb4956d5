import { Cpu } from "lucide-react";
import type { PanelDescriptor } from "@/shell/panel";

export const nodes: PanelDescriptor = {
  id: "nodes",
  title: "Nodes",
  group: "Operate",
  icon: Cpu,
  keywords: "devices, pairing, tokens, approve",
  needs: { methods: ["node.list"], scopes: ["operator.read"] },
  load: () => import("./panel"),
};
