import { Panel } from "@/shell/panel";
import { Loading } from "@/ui";

export default function Debug() {
  return (
    <Panel title="Debug">
      <Loading what="debug" />
    </Panel>
  );
}
