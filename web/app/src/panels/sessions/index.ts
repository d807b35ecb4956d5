import { MessagesSquare } from "lucide-react";
import type { PanelDescriptor } from "@/shell/panel";

export const sessions: PanelDescriptor = {
  id: "sessions",
  title: "Sessions",
  group: "Work",
  icon: MessagesSquare,
  keywords: "conversations, history, tokens",
  needs: { methods: ["sessions.list"], scopes: ["operator.read"] },
  load: () => import("./panel"),
};
