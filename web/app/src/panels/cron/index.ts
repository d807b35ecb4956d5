import { CalendarClock } from "lucide-react";
import type { PanelDescriptor } from "@/shell/panel";

export const cron: PanelDescriptor = {
  id: "cron",
  title: "Cron",
  group: "Work",
  icon: CalendarClock,
  keywords: "jobs, schedule, timer",
  needs: { methods: ["cron.list"], scopes: ["operator.read"] },
  load: () => import("./panel"),
};
