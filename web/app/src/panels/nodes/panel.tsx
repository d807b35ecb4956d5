import { Panel } from "@/shell/panel";
import { Loading } from "@/ui";

export default function Nodes() {
  return (
    <Panel title="Nodes">
      <Loading what="nodes" />
    </Panel>
  );
}
