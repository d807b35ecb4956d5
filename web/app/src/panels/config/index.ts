import { SlidersHorizontal } from "lucide-react";
import type { PanelDescriptor } from "@/shell/panel";

export const config: PanelDescriptor = {
  id: "config",
  title: "Config",
  group: "Set-up",
  icon: SlidersHorizontal,
  keywords: "settings, openclaw.json",
  needs: { methods: ["config.get"], scopes: ["operator.read"] },
  load: () => import("./panel"),
};
