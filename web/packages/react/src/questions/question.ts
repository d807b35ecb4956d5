/**
 * What an agent asks a person: the gateway's rows. Pure.
 */

import { list, text } from "../read.js";

/** One answer that is offered. */
export interface QuestionOption {
  readonly label: string;
  readonly description?: string;
}

/** One thing to be answered, as the gateway has it. */
export interface QuestionField {
  /** Names it within its question. */
  readonly questionId: string;
  /** A word or two. */
  readonly header?: string;
  readonly question: string;
  /** More about it. */
  readonly url?: string;
  /** Where there is none, words of one's own are the answer. */
  readonly options?: readonly QuestionOption[];
  /** Several options may be chosen. */
  readonly multiSelect?: boolean;
  /** Words of one's own are welcome beside the options. */
  readonly isOther?: boolean;
  /** Not to be shown while it is typed. */
  readonly isSecret?: boolean;
}

/** A question of up to three parts, as the gateway has it. */
export interface Question {
  readonly id: string;
  readonly questions: readonly QuestionField[];
  readonly agentId?: string;
  readonly sessionKey?: string;
  readonly runId?: string;
  readonly expiresAtMs?: number;
}

/** What was chosen or written, by the field's id. */
export type QuestionAnswers = Readonly<Record<string, readonly string[]>>;

/** Whether a row of `question.list` is one that waits. */
export const isPending = (row: unknown): row is Question =>
  text(row, "id") !== null && text(row, "status") === "pending" && list(row, "questions").every(isField);

const isField = (row: unknown): row is QuestionField =>
  text(row, "questionId") !== null && text(row, "question") !== null && list(row, "options").every(isOption);

const isOption = (row: unknown): row is QuestionOption => text(row, "label") !== null;
