import { ArrowRight, TriangleAlert } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { Button, Checkbox, CopyButton, Field, Input, Label } from "@/ui";
import { Logo } from "../layout/logo";
import { signIn } from "./session";
import { tokenIn } from "./token";

/** For whoever comes without a token, or with one that the door no longer takes. */
export function SignIn({ reason }: { reason: string | null }) {
  const [text, setText] = useState("");
  const [remember, setRemember] = useState(true);
  const [error, setError] = useState<string | null>(null);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const token = tokenIn(text);
    if (token === null) setError("This is neither a sign-in link nor a token.");
    else signIn(token, { remember });
  };
  return (
    <main className="grid min-h-full place-content-center overflow-y-auto p-4">
      <div className="w-[min(26rem,calc(100vw-2rem))]">
        <Logo className="mb-5 size-11" />
        <h1 className="text-xl font-semibold tracking-[-0.02em]">Sign in to Vestibule</h1>
        <p className="mt-1 text-muted-foreground">The front door to your OpenClaw gateway. A sign-in link opens it.</p>
        {reason && (
          <div role="alert" className="mt-5 flex gap-2.5 rounded-lg bg-warning-soft px-3.5 py-3 text-[0.8125rem]">
            <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warning" aria-hidden />
            {reason}
          </div>
        )}
        <form onSubmit={submit} className="mt-6 grid gap-3 rounded-xl border bg-card p-4 shadow-raised">
          <Field label="Sign-in link or token" error={error}>
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="off"
                autoFocus
                placeholder="Paste it here"
                value={text}
                onChange={(event) => {
                  setText(event.target.value);
                  setError(null);
                }}
              />
            )}
          </Field>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <div className="flex items-center gap-2">
              <Checkbox id="remember" checked={remember} onCheckedChange={(checked) => setRemember(checked === true)} />
              <Label htmlFor="remember" className="font-normal text-muted-foreground">
                Remember on this device
              </Label>
            </div>
            <Button type="submit" variant="primary" disabled={text.trim() === ""}>
              Sign in
              <ArrowRight />
            </Button>
          </div>
        </form>
        <section aria-labelledby="how" className="mt-6 text-[0.8125rem]">
          <h2 id="how" className="font-medium">
            How to get a link
          </h2>
          <dl className="mt-2 grid gap-2.5">
            <How command="vestibule up">prints one where Vestibule runs.</How>
            <How command="vestibule user token <name>">makes one for somebody else; ask whoever runs this door.</How>
          </dl>
        </section>
      </div>
    </main>
  );
}

function How({ command, children }: { command: string; children: string }) {
  return (
    <div>
      <dt className="flex items-center gap-1">
        <code className="rounded-md bg-muted px-1.5 py-0.5 text-xs">{command}</code>
        <CopyButton text={command} label={`Copy “${command}”`} />
      </dt>
      <dd className="text-muted-foreground">{children}</dd>
    </div>
  );
}
