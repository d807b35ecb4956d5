import { Panel } from "@/shell/panel";
import { Loading } from "@/ui";

export default function Usage() {
  return (
    <Panel title="Usage">
      <Loading what="usage" />
    </Panel>
  );
}
