import { Panel } from "@/shell/panel";
import { Loading } from "@/ui";

export default function Instances() {
  return (
    <Panel title="Instances">
      <Loading what="instances" />
    </Panel>
  );
}
