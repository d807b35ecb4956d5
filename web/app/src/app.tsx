import { useEffect } from "react";
import { TooltipProvider } from "@/ui";
import { sentence } from "./shell/gateway/condition";
import { useDoorSnapshot } from "./shell/gateway/door";
import { DoorProvider, useDoor } from "./shell/gateway/provider";
import { Layout } from "./shell/layout/layout";
import { notify } from "./shell/notices";
import { SignIn } from "./shell/session/sign-in";
import { signOut, useSession } from "./shell/session/session";

export function App() {
  const session = useSession();
  return (
    <TooltipProvider delayDuration={350} skipDelayDuration={150}>
      {session.at === "out" ? (
        <SignIn reason={session.reason} />
      ) : (
        <DoorProvider key={session.token} token={session.token}>
          <Layout token={session.token} />
          <Watch />
        </DoorProvider>
      )}
    </TooltipProvider>
  );
}

/** What the connection says to the whole app: the token is no longer good (S3); something failed that nobody asked for (C8). */
function Watch() {
  const door = useDoor();
  const { connection, principal } = useDoorSnapshot();
  const known = principal !== null;
  const refused = connection.at === "closed" && connection.kind === "signIn" ? connection.reason : null;
  useEffect(() => {
    if (refused !== null) signOut(reasonOf(refused, known));
  }, [refused, known]);
  useEffect(() => door.onNotice((notice) => notify.error("Something went wrong", notice)), [door]);
  return null;
}

function reasonOf(refused: string, known: boolean): string {
  if (known) return `You were signed out: ${sentence(refused) || "this sign-in has ended."}`;
  return `The door did not accept this link or token. It may have expired. (${refused || "4001"})`;
}
