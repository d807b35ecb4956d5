import { useGatewayRpc } from "@vestibule/react";
import { useState } from "react";
import { notify, Resource } from "@/shell";
import { Field, FormDialog, Input } from "@/ui";
import { secretsOf } from "./set-up";
import { useSetUp } from "./use-set-up";
import type { Lookup } from "./wire";

/** Tokens of a channel, by the gateway's schema. They go in, and never come out. */
export function SetUpDialog({ channel, label, onClose }: { channel: string; label: string; onClose: () => void }) {
  const setUp = useSetUp();
  const lookup = useGatewayRpc<Lookup>("config.schema.lookup", { path: `channels.${channel}` });
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const fields = lookup.data ? secretsOf(lookup.data) : [];
  const ready =
    lookup.data !== undefined && (fields.length === 0 || Object.values(secrets).some((text) => text.trim()));

  const save = async () => {
    await setUp(channel, secrets);
    notify.success(`${label} is set up`, "The gateway takes it over by itself.");
    onClose();
  };
  return (
    <FormDialog
      title={`Set up ${label}`}
      description={lookup.data?.hint?.help}
      action={lookup.data && fields.length === 0 ? "Turn on" : "Save"}
      doing={`Setting up ${label}`}
      ready={ready}
      onSubmit={save}
      onClose={onClose}
    >
      <Resource of={lookup} what="settings">
        {() =>
          fields.length === 0 ? (
            <p className="text-[0.8125rem]">
              It needs no token here. What else it takes stands in the config, under <code>channels.{channel}</code>.
            </p>
          ) : (
            fields.map(({ key, label: name, help }, index) => (
              <Field key={key} label={name} hint={help ?? "Empty: what is stored stays."}>
                {(control) => (
                  <Input
                    {...control}
                    type="password"
                    autoFocus={index === 0}
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
    </FormDialog>
  );
}
