import { GatewayProvider, useConnection, useGatewayNotice, usePrincipal } from "@vestibule/react";
import { useCallback, useEffect } from "react";
import { TooltipProvider } from "@/ui";
import { doorAddress } from "./shell/gateway/address";
import { sentence } from "./shell/gateway/condition";
import { Layout } from "./shell/layout/layout";
import { notify } from "./shell/notices";
import { signOut, useSession } from "./shell/session/session";
import { SignIn } from "./shell/session/sign-in";

export function App() {
  const session = useSession();
  return (
    <TooltipProvider delayDuration={350} skipDelayDuration={150}>
      {session.at === "out" ? (
        <SignIn reason={session.reason} />
      ) : (
        <SignedIn key={session.token} token={session.token} />
      )}
    </TooltipProvider>
  );
}

/** The provider is above the routes: what is being said goes on while one looks at something else (W9). */
function SignedIn({ token }: { token: string }) {
  const getToken = useCallback(() => token, [token]);
  return (
    <GatewayProvider url={doorAddress()} getToken={getToken} storage={sessionStorage}>
      <Layout token={token} />
      <Watch />
    </GatewayProvider>
  );
}

/** What the connection says to the whole app: the token is no longer good (S3), something failed that nobody asked for (C8). */
function Watch() {
  const { state } = useConnection();
  const known = usePrincipal() !== null;
  const refused = state.at === "closed" && state.kind === "signIn" ? state.reason : null;
  useEffect(() => {
    if (refused !== null) signOut(reasonOf(refused, known));
  }, [refused, known]);
  useGatewayNotice((notice) => notify.error("Something went wrong", notice));
  return null;
}

function reasonOf(refused: string, known: boolean): string {
  if (known) return `You were signed out: ${sentence(refused) || "this sign-in has ended."}`;
  return `The door did not accept this link or token. It may have expired. (${refused || "4001"})`;
}
