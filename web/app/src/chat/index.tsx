import { Panel } from "@/shell";
import { Loading } from "@/ui";

export default function Chat() {
  return (
    <Panel title="Chat" width="normal">
      <Loading what="the chat" />
    </Panel>
  );
}
