import { MonitorSmartphone } from "lucide-react";
import type { PanelDescriptor } from "@/shell/panel";

export const instances: PanelDescriptor = {
  id: "instances",
  title: "Instances",
  group: "Operate",
  icon: MonitorSmartphone,
  keywords: "clients, presence, connected",
  needs: { methods: ["system-presence"], scopes: ["operator.read"] },
  load: () => import("./panel"),
};
