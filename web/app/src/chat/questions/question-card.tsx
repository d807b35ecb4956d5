import { type Question, type QuestionAnswers, useQuestions } from "@vestibule/react";
import { MessageCircleQuestion } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useCan } from "@/shell";
import { Button, ErrorNote, Tooltip } from "@/ui";
import { Countdown } from "../approvals/countdown";
import { type Draft, EMPTY, isAnswered, worded } from "./draft";
import { QuestionField } from "./question-field";

/** The agent waits for an answer: options, words of one's own, or neither. */
export function QuestionCard({ question }: { question: Question }) {
  const { resolve } = useQuestions();
  const { allowed, reason } = useCan({ methods: ["question.resolve"], scopes: ["operator.questions"] });
  const [drafts, setDrafts] = useState<Readonly<Record<string, Draft>>>({});
  // Once answered it goes with the next list.
  const [sending, setSending] = useState<"answer" | "none" | null>(null);
  const [error, setError] = useState<unknown>(null);
  const draftOf = (id: string): Draft => drafts[id] ?? EMPTY;
  const send = async (answers: QuestionAnswers | null) => {
    setError(null);
    setSending(answers === null ? "none" : "answer");
    try {
      await resolve(question, answers);
    } catch (failure) {
      setError(failure);
      setSending(null);
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void send(Object.fromEntries(question.questions.map(({ questionId: id }) => [id, worded(draftOf(id))])));
  };
  const complete = question.questions.every((field) => isAnswered(draftOf(field.questionId)));
  const buttons = (
    <div className="flex flex-wrap gap-2">
      <Button
        type="submit"
        variant="primary"
        busy={sending === "answer"}
        disabled={!allowed || !complete || sending !== null}
      >
        Answer
      </Button>
      <Button
        variant="secondary"
        busy={sending === "none"}
        disabled={!allowed || sending !== null}
        onClick={() => void send(null)}
      >
        Go on without an answer
      </Button>
    </div>
  );
  return (
    <form
      aria-label="Question of the agent"
      onSubmit={submit}
      className="grid gap-4 rounded-xl border border-brand/35 bg-card p-3.5 text-[0.8125rem]"
    >
      <header className="flex items-center gap-2">
        <MessageCircleQuestion aria-hidden className="size-4 shrink-0 text-brand" />
        <h3 className="grow font-medium">The agent asks</h3>
        {question.expiresAtMs !== undefined && <Countdown expiresAtMs={question.expiresAtMs} />}
      </header>
      {question.questions.map((field) => (
        <QuestionField
          key={field.questionId}
          field={field}
          draft={draftOf(field.questionId)}
          onChange={(draft) => setDrafts((before) => ({ ...before, [field.questionId]: draft }))}
        />
      ))}
      {error !== null && <ErrorNote error={error} doing="Sending your answer" />}
      {reason === null ? buttons : <Tooltip text={reason}>{buttons}</Tooltip>}
    </form>
  );
}
