import { Bug } from "lucide-react";
import type { PanelDescriptor } from "@/shell/panel";

export const debug: PanelDescriptor = {
  id: "debug",
  title: "Debug",
  group: "Operate",
  icon: Bug,
  keywords: "call, method, rpc, events, raw",
  needs: { methods: [], scopes: ["operator.read"] },
  load: () => import("./panel"),
};
