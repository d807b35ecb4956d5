import { Puzzle } from "lucide-react";
import type { PanelDescriptor } from "@/shell/panel";

export const skills: PanelDescriptor = {
  id: "skills",
  title: "Skills",
  group: "Set-up",
  icon: Puzzle,
  keywords: "plugins, install, api key",
  needs: { methods: ["skills.status"], scopes: ["operator.read"] },
  load: () => import("./panel"),
};
