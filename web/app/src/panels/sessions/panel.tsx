import { Panel } from "@/shell/panel";
import { Loading } from "@/ui";

export default function Sessions() {
  return (
    <Panel title="Sessions">
      <Loading what="sessions" />
    </Panel>
  );
}
