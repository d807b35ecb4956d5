import { ScrollText } from "lucide-react";
import type { PanelDescriptor } from "@/shell/panel";

export const logs: PanelDescriptor = {
  id: "logs",
  title: "Logs",
  group: "Operate",
  icon: ScrollText,
  keywords: "tail, errors, follow",
  needs: { methods: ["logs.tail"], scopes: ["operator.read"] },
  load: () => import("./panel"),
};
