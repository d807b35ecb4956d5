import { Panel } from "@/shell/panel";
import { Loading } from "@/ui";

export default function Overview() {
  return (
    <Panel title="Overview">
      <Loading what="overview" />
    </Panel>
  );
}
