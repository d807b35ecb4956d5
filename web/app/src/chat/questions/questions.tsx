import { type Question, useQuestions } from "@vestibule/react";
import { QuestionCard } from "./question-card";

/** What the agent asks in this conversation. */
export function Questions({ sessionKey }: { sessionKey: string | null }) {
  const { pending } = useQuestions();
  const here = ({ sessionKey: key }: Question): boolean => key === undefined || key === sessionKey;
  return pending.filter(here).map((question) => <QuestionCard key={question.id} question={question} />);
}
