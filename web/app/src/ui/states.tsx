import { CircleAlert, LockKeyhole, PackageX, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { CopyButton } from "./copy-button";
import { readError } from "./error";
import { Skeleton } from "./skeleton";

export type EmptyProps = {
  icon?: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
};

/** Nothing here yet: what would be here, and how it gets here. */
export function Empty({ icon, title, children, actions, className }: EmptyProps) {
  return (
    <div className={cn("mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-14 text-center", className)}>
      {icon != null && (
        <div
          aria-hidden
          className="mb-2 grid size-11 place-content-center rounded-xl border bg-card text-muted-foreground shadow-raised [&_svg]:size-5"
        >
          {icon}
        </div>
      )}
      <h2 className="text-sm font-semibold">{title}</h2>
      {children != null && <div className="text-[0.8125rem] text-muted-foreground">{children}</div>}
      {actions != null && <div className="mt-3 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

/** What comes soon, in its shape: lines for a list, cards for a dashboard. */
export function Loading({
  what,
  shape = "lines",
  count = 5,
  className,
}: {
  what: string;
  shape?: "lines" | "cards";
  count?: number;
  className?: string;
}) {
  const pieces = Array.from({ length: count }, (_, index) => index);
  return (
    <div role="status" className={className}>
      <span className="sr-only">Loading {what}…</span>
      {shape === "cards" ? (
        <div className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-3">
          {pieces.map((piece) => (
            <Skeleton key={piece} className="h-24 rounded-xl" />
          ))}
        </div>
      ) : (
        <div className="grid gap-3 py-2">
          {pieces.map((piece) => (
            <Skeleton key={piece} className="h-4" style={{ width: `${92 - ((piece * 17) % 40)}%` }} />
          ))}
        </div>
      )}
    </div>
  );
}

export type ErrorNoteProps = {
  error: unknown;
  /** What was being done: "Saving the job". */ doing?: string;
  /** Of what was being read: it has no effect, and may be asked again. */
  onRetry?: () => void;
  className?: string;
};

/** An error where the user acted (W10): the gateway's own message, its code, what to do about it. */
export function ErrorNote({ error, doing, onRetry, className }: ErrorNoteProps) {
  const { message, code, remedy, details, mayHaveRun } = readError(error);
  return (
    <div
      role="alert"
      className={cn("flex gap-3 rounded-lg bg-danger-soft px-3.5 py-3 text-left text-[0.8125rem]", className)}
    >
      <CircleAlert className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
      <div className="min-w-0 grow">
        {doing && <p className="font-medium">{doing} did not work.</p>}
        <p className="wrap-anywhere">{message}</p>
        {remedy && <p className="mt-1 text-muted-foreground">{remedy}</p>}
        {mayHaveRun && !onRetry && (
          <p className="mt-1 text-muted-foreground">
            It may have taken effect all the same: look before you try again.
          </p>
        )}
        <div className="mt-1 flex flex-wrap items-center gap-x-2">
          {code && <code className="text-xs text-muted-foreground">{code}</code>}
          {details && (
            <CopyButton
              text={() => JSON.stringify({ code, message, details }, null, 2)}
              label="Copy the details of this error"
              className="text-muted-foreground"
            >
              Details
            </CopyButton>
          )}
        </div>
      </div>
      {onRetry && (
        <Button size="sm" onClick={onRetry}>
          <RotateCw />
          Try again
        </Button>
      )}
    </div>
  );
}

/** The gateway does not have what this needs: a fact about its version, not an error. */
export function NotOffered({
  what,
  methods,
  version,
  className,
}: {
  what: string;
  methods: readonly string[];
  version?: string | undefined;
  className?: string;
}) {
  return (
    <Empty icon={<PackageX />} title="Not offered by this gateway" {...(className === undefined ? {} : { className })}>
      {what} {version ? `is not part of OpenClaw ${version}.` : "is not part of this gateway's version."} Missing:{" "}
      {methods.map((method, index) => (
        <span key={method}>
          {index > 0 && ", "}
          <code>{method}</code>
        </span>
      ))}
    </Empty>
  );
}

/** The person may not see this. */
export function NeedsScope({
  what,
  scopes,
  role,
  className,
}: {
  what: string;
  scopes: readonly string[];
  role?: string | undefined;
  className?: string;
}) {
  return (
    <Empty
      icon={<LockKeyhole />}
      title="Your role does not include this"
      {...(className === undefined ? {} : { className })}
    >
      {what} needs{" "}
      {scopes.map((scope, index) => (
        <span key={scope}>
          {index > 0 && " and "}
          <code>{scope}</code>
        </span>
      ))}
      {role ? `; you are signed in as ${role}.` : "."} Ask whoever runs this door.
    </Empty>
  );
}
