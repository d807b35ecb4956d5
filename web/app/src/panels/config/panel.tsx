import { Panel } from "@/shell/panel";
import { Loading } from "@/ui";

export default function Config() {
  return (
    <Panel title="Config">
      <Loading what="config" />
    </Panel>
  );
}
