import { useGatewayRpcMutation } from "@vestibule/react";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { GatedButton, notify } from "@/shell";
import { ConfirmButton, Field, FormDialog, Input } from "@/ui";
import type { Skill } from "./wire";

/** Sets or forgets a skill's API key. It goes up and never comes back: whether there is one, only `missing` tells. */
export function KeyButton({ skill, env }: { skill: Skill; env: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <GatedButton
        size="sm"
        needs={{ methods: ["skills.update"], scopes: ["operator.admin"] }}
        onClick={() => setOpen(true)}
        aria-label={`Set the API key of ${skill.name}`}
      >
        <KeyRound />
        API key
      </GatedButton>
      {open && <KeyForm skill={skill} env={env} onClose={() => setOpen(false)} />}
    </>
  );
}

function KeyForm({ skill: { name, skillKey }, env, onClose }: { skill: Skill; env: string; onClose: () => void }) {
  const call = useGatewayRpcMutation();
  const [apiKey, setApiKey] = useState("");
  const write = (key: string) => call("skills.update", { skillKey, apiKey: key }, { refetch: "skills.status" });
  const save = async () => {
    await write(apiKey.trim());
    notify.success(`The API key of ${name} was saved`);
    onClose();
  };
  const forget = async () => {
    await write("");
    notify.success(`The API key of ${name} was removed`);
    onClose();
  };
  return (
    <FormDialog
      size="sm"
      title={`API key of ${name}`}
      description="It is kept in the gateway's configuration and cannot be read again, here or elsewhere."
      action="Save key"
      doing="Saving the key"
      ready={apiKey.trim() !== ""}
      onSubmit={save}
      onClose={onClose}
      aside={
        <ConfirmButton
          variant="danger-ghost"
          danger
          title={`Remove the API key of ${name}?`}
          description="A key in the gateway's own environment stays."
          action="Remove key"
          onConfirm={forget}
        >
          Remove key
        </ConfirmButton>
      }
    >
      <Field label="API key" hint={`The skill finds it as ${env}.`}>
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="off"
            value={apiKey}
            onChange={(event) => setApiKey(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
