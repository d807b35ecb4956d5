import { Panel } from "@/shell/panel";
import { Loading } from "@/ui";

export default function Cron() {
  return (
    <Panel title="Cron">
      <Loading what="cron" />
    </Panel>
  );
}
