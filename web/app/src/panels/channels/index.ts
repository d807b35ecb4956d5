import { Radio } from "lucide-react";
import type { PanelDescriptor } from "@/shell/panel";

export const channels: PanelDescriptor = {
  id: "channels",
  title: "Channels",
  group: "Set-up",
  icon: Radio,
  keywords: "telegram, whatsapp, slack, pairing",
  needs: { methods: ["channels.status"], scopes: ["operator.read"] },
  load: () => import("./panel"),
};
