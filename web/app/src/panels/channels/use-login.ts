import { useGatewayRefetch, useGatewayRpcMutation } from "@vestibule/react";
import { useCallback, useEffect, useState } from "react";
import type { Login } from "./wire";

const START_MS = 30_000;
/** A person looks for the phone, opens an app and scans. */
const WAIT_MS = 120_000;
const MARGIN_MS = 10_000;

export type LoginState =
  | { at: "starting" }
  | { at: "scan"; qrDataUrl: string; message: string | undefined }
  | { at: "linked"; message: string | undefined }
  /** No code and no device: what the gateway says about it. */
  | { at: "ended"; message: string | undefined }
  | { at: "failed"; error: unknown };

/** A login by code: a code, then the wait for somebody to scan it; codes change while one waits. */
export function useLogin(accountId: string | undefined, force: boolean): { state: LoginState; again: () => void } {
  const call = useGatewayRpcMutation();
  const refetch = useGatewayRefetch();
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<LoginState>({ at: "starting" });

  useEffect(() => {
    const left = new AbortController();
    const { signal } = left;
    const account = accountId === undefined ? {} : { accountId };
    const ask = (method: string, params: object, timeoutMs: number) =>
      call<Login>(method, { ...account, ...params, timeoutMs }, { timeoutMs: timeoutMs + MARGIN_MS, signal });

    const run = async () => {
      // A later attempt asks for a new code, even if the gateway thinks it is linked.
      let answer = await ask("web.login.start", force || attempt > 0 ? { force: true } : {}, START_MS);
      while (!answer.connected && answer.qrDataUrl !== undefined) {
        const qrDataUrl = answer.qrDataUrl;
        setState({ at: "scan", qrDataUrl, message: answer.message });
        answer = await ask("web.login.wait", { currentQrDataUrl: qrDataUrl }, WAIT_MS);
      }
      setState({ at: answer.connected ? "linked" : "ended", message: answer.message });
      refetch("channels.status");
    };
    run().catch((error: unknown) => {
      if (!signal.aborted) setState({ at: "failed", error });
    });
    return () => left.abort();
  }, [call, refetch, accountId, force, attempt]);

  const again = useCallback(() => {
    setState({ at: "starting" });
    setAttempt((count) => count + 1);
  }, []);
  return { state, again };
}
