"use client";

import type { DoorError } from "@vestibule/client";
import { useCallback, useMemo } from "react";
import { useGatewayRpcMutation } from "../contract/use-gateway-rpc-mutation.js";
import { useGatewayRpc } from "../contract/use-gateway-rpc.js";
import { list, text } from "../read.js";
import { useMethods, useScopes } from "../state/use-gateway-state.js";
import { readQuestion, type Question, type QuestionAnswers } from "./question.js";

/** What the agents of this gateway ask. */
export interface UseQuestionsReturn {
  /** Oldest first. */
  readonly pending: readonly Question[];
  /** Tell the agent; rejects with the gateway's own message (W10). */
  readonly answer: (question: Question, answers: QuestionAnswers) => Promise<void>;
  /** Let the agent go on without an answer. */
  readonly cancel: (question: Question) => Promise<void>;
  readonly isLoading: boolean;
  /** Why the list could not be had. */
  readonly error: DoorError | undefined;
}

const LIST = "question.list";

/** The questions this account may answer: asked for where the gateway has them, kept up to date by events. */
export function useQuestions(): UseQuestionsReturn {
  const methods = useMethods();
  const scopes = useScopes();
  const may = scopes.has("operator.questions") || scopes.has("operator.admin");
  const { data, error, isLoading, mutate } = useGatewayRpc(may && methods?.has(LIST) ? LIST : null, {});
  const call = useGatewayRpcMutation();
  const resolve = useCallback(
    async ({ id }: Question, how: Readonly<Record<string, unknown>>): Promise<void> => {
      await call("question.resolve", { id, ...how });
      const without = (before: unknown) => ({
        questions: list(before, "questions").filter((row) => text(row, "id") !== id),
      });
      await mutate(without, { revalidate: false });
    },
    [call, mutate],
  );
  const pending = useMemo(() => list(data, "questions").flatMap((row) => readQuestion(row) ?? []), [data]);
  const answer = useCallback(
    (question: Question, answers: QuestionAnswers) => resolve(question, { answers: { answers } }),
    [resolve],
  );
  const cancel = useCallback((question: Question) => resolve(question, { cancel: true }), [resolve]);
  return { pending, answer, cancel, isLoading, error };
}
