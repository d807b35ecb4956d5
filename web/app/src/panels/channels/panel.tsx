import { Panel } from "@/shell/panel";
import { Loading } from "@/ui";

export default function Channels() {
  return (
    <Panel title="Channels">
      <Loading what="channels" />
    </Panel>
  );
}
