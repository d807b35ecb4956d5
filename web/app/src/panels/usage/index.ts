import { ChartColumn } from "lucide-react";
import type { PanelDescriptor } from "@/shell/panel";

export const usage: PanelDescriptor = {
  id: "usage",
  title: "Usage",
  group: "Work",
  icon: ChartColumn,
  keywords: "tokens, cost, quota",
  needs: { methods: ["usage.cost"], scopes: ["operator.read"] },
  load: () => import("./panel"),
};
