import { LayoutDashboard } from "lucide-react";
import type { PanelDescriptor } from "@/shell/panel";

export const overview: PanelDescriptor = {
  id: "overview",
  title: "Overview",
  group: "Work",
  icon: LayoutDashboard,
  keywords: "state, health, version, restart, heartbeat",
  needs: { methods: ["health"], scopes: ["operator.read"] },
  load: () => import("./panel"),
};
