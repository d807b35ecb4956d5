import { useGatewayRpc } from "@vestibule/react";
import { type SubmitEvent, useId, useState } from "react";
import { notify, Resource } from "@/shell";
import { Button, Dialog, DialogContent, ErrorNote, Field, Input } from "@/ui";
import { secretsOf } from "./set-up";
import { useSetUp } from "./use-set-up";
import type { Lookup } from "./wire";

type Saving = { at: "idle" } | { at: "saving" } | { at: "failed"; error: unknown };

/** Tokens of a channel, by the gateway's schema. They go in, and never come out. */
export function SetUpDialog({ channel, label, onClose }: { channel: string; label: string; onClose: () => void }) {
  const form = useId();
  const setUp = useSetUp();
  const lookup = useGatewayRpc<Lookup>("config.schema.lookup", { path: `channels.${channel}` });
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const [state, setState] = useState<Saving>({ at: "idle" });
  const fields = lookup.data ? secretsOf(lookup.data) : [];
  const ready =
    lookup.data !== undefined && (fields.length === 0 || Object.values(secrets).some((text) => text.trim()));

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setState({ at: "saving" });
    try {
      await setUp(channel, secrets);
      notify.success(`${label} is set up`, "The gateway takes it over by itself.");
      onClose();
    } catch (error) {
      setState({ at: "failed", error });
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={`Set up ${label}`}
        description={lookup.data?.hint?.help}
        footer={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="primary" type="submit" form={form} busy={state.at === "saving"} disabled={!ready}>
              {lookup.data && fields.length === 0 ? "Turn on" : "Save"}
            </Button>
          </>
        }
      >
        <form id={form} className="grid gap-4 pt-1" autoComplete="off" onSubmit={(event) => void submit(event)}>
          <Resource of={lookup} what="settings">
            {() =>
              fields.length === 0 ? (
                <p className="text-[0.8125rem]">
                  It needs no token here. What else it takes stands in the config, under <code>channels.{channel}</code>
                  .
                </p>
              ) : (
                fields.map(({ key, label: name, help }) => (
                  <Field key={key} label={name} hint={help ?? "Empty: what is stored stays."}>
                    {(control) => (
                      <Input
                        {...control}
                        type="password"
                        autoComplete="new-password"
                        spellCheck={false}
                        value={secrets[key] ?? ""}
                        onChange={(event) => setSecrets({ ...secrets, [key]: event.target.value })}
                      />
                    )}
                  </Field>
                ))
              )
            }
          </Resource>
          {state.at === "failed" && <ErrorNote error={state.error} doing={`Setting up ${label}`} />}
        </form>
      </DialogContent>
    </Dialog>
  );
}
