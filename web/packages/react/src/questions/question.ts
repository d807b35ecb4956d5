/**
 * What an agent asks a person: read from the gateway's rows. Pure.
 */

import { isRecord } from "@vestibule/client";
import { list, number, text } from "../read.js";

/** One answer that is offered. */
export interface QuestionOption {
  readonly label: string;
  readonly description: string | null;
}

/** One thing to be answered. */
export interface QuestionField {
  /** Names it within its question. */
  readonly id: string;
  /** A word or two. */
  readonly header: string;
  readonly question: string;
  /** More about it. */
  readonly url: string | null;
  readonly options: readonly QuestionOption[];
  /** Several options may be chosen. */
  readonly multiple: boolean;
  /** Words of one's own are welcome; where no option is offered, they are the answer. */
  readonly freeText: boolean;
  /** Not to be shown while it is typed. */
  readonly secret: boolean;
}

/** A question of up to three fields. */
export interface Question {
  readonly id: string;
  readonly fields: readonly QuestionField[];
  readonly agentId: string | null;
  readonly sessionKey: string | null;
  readonly runId: string | null;
  readonly createdAtMs: number | null;
  readonly expiresAtMs: number | null;
}

/** What was chosen or written, by the field's id. */
export type QuestionAnswers = Readonly<Record<string, readonly string[]>>;

/** A row of `question.list`; null for what is none, or waits no more. */
export function readQuestion(row: unknown): Question | null {
  const id = text(row, "id");
  if (id === null || text(row, "status") !== "pending") return null;
  return {
    id,
    fields: list(row, "questions").flatMap((field) => readField(field) ?? []),
    agentId: text(row, "agentId"),
    sessionKey: text(row, "sessionKey"),
    runId: text(row, "runId"),
    createdAtMs: number(row, "createdAtMs"),
    expiresAtMs: number(row, "expiresAtMs"),
  };
}

function readField(row: unknown): QuestionField | null {
  const id = text(row, "questionId");
  if (id === null || !isRecord(row)) return null;
  const options = list(row, "options").flatMap((option) => {
    const label = text(option, "label");
    return label === null ? [] : [{ label, description: text(option, "description") }];
  });
  return {
    id,
    header: text(row, "header") ?? "",
    question: text(row, "question") ?? "",
    url: text(row, "url"),
    options,
    multiple: row["multiSelect"] === true,
    freeText: row["isOther"] === true || options.length === 0,
    secret: row["isSecret"] === true,
  };
}
