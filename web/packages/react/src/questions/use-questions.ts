"use client";

import type { DoorError } from "@vestibule/client";
import { useCallback, useMemo } from "react";
import { useGatewayRpcMutation } from "../contract/use-gateway-rpc-mutation.js";
import { useGatewayRpc } from "../contract/use-gateway-rpc.js";
import { list } from "../read.js";
import { useMethods, useScopes } from "../state/use-gateway-state.js";
import { isPending, type Question, type QuestionAnswers } from "./question.js";

/** What the agents of this gateway ask. */
export interface UseQuestionsReturn {
  /** Oldest first. */
  readonly pending: readonly Question[];
  /** Tell the agent; null: let it go on without an answer. Rejects with the gateway's own message (W10). */
  readonly resolve: (question: Question, answers: QuestionAnswers | null) => Promise<void>;
  /** Why the list could not be had. */
  readonly error: DoorError | undefined;
}

const LIST = "question.list";

/** The questions this account may answer: asked for where the gateway has them, kept up to date by events. */
export function useQuestions(): UseQuestionsReturn {
  const methods = useMethods();
  const scopes = useScopes();
  const may = scopes.has("operator.questions") || scopes.has("operator.admin");
  const { data, error } = useGatewayRpc(may && methods?.has(LIST) ? LIST : null, {});
  const call = useGatewayRpcMutation();
  const resolve = useCallback(
    async ({ id }: Question, answers: QuestionAnswers | null): Promise<void> => {
      const how = answers === null ? { cancel: true } : { answers: { answers } };
      await call("question.resolve", { id, ...how }, { refetch: LIST });
    },
    [call],
  );
  const pending = useMemo(() => list(data, "questions").filter(isPending), [data]);
  return { pending, resolve, error };
}
