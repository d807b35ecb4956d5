import { Panel } from "@/shell/panel";
import { Loading } from "@/ui";

export default function Logs() {
  return (
    <Panel title="Logs">
      <Loading what="logs" />
    </Panel>
  );
}
