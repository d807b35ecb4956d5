import { Panel } from "@/shell/panel";
import { Loading } from "@/ui";

export default function Agents() {
  return (
    <Panel title="Agents">
      <Loading what="agents" />
    </Panel>
  );
}
