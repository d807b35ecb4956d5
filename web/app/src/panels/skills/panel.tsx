import { Panel } from "@/shell/panel";
import { Loading } from "@/ui";

export default function Skills() {
  return (
    <Panel title="Skills">
      <Loading what="skills" />
    </Panel>
  );
}
