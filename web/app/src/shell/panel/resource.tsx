import { useDoorSnapshot } from "@vestibule/react";
import type { ReactNode } from "react";
import { ErrorNote, isNotOffered, Loading, missingScope, NeedsScope, NotOffered } from "@/ui";

/** The part of a `useGatewayRpc` result that is shown. */
export type Answer<T> = { data: T | undefined; error: unknown; isLoading: boolean; mutate: () => unknown };

export type ResourceProps<T> = {
  of: Answer<T>;
  /** What it is, in the plural, lower case: "jobs". */
  what: string;
  shape?: "lines" | "cards";
  /** What to show instead of the data when there is none; false or null: the data. */
  empty?: (data: T) => ReactNode;
  children: (data: T) => ReactNode;
};

/** Loading, error, empty or the data. What was once there stays, with the error above it (W12). */
export function Resource<T>({ of: answer, what, shape = "lines", empty, children }: ResourceProps<T>) {
  const { offer, principal } = useDoorSnapshot();
  const { data, error } = answer;
  const retry = () => void answer.mutate();
  if (data === undefined) {
    if (error == null) return <Loading what={what} shape={shape} />;
    if (isNotOffered(error))
      return <NotOffered what={capital(what)} methods={[]} version={offer?.version ?? undefined} />;
    const scope = missingScope(error);
    if (scope) return <NeedsScope what={capital(what)} scopes={[scope]} role={principal?.role} />;
    return <ErrorNote error={error} doing={`Loading ${what}`} onRetry={retry} />;
  }
  return (
    <>
      {error != null && <ErrorNote error={error} doing={`Refreshing ${what}`} onRetry={retry} />}
      {empty?.(data) || children(data)}
    </>
  );
}

const capital = (text: string): string => `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}`;
