import { useGatewayRpcMutation } from "@vestibule/react";
import { KeyRound } from "lucide-react";
import { type SyntheticEvent, useState } from "react";
import { GatedButton, notify } from "@/shell";
import { Button, ConfirmButton, Dialog, DialogClose, DialogContent, ErrorNote, Field, Input } from "@/ui";
import type { Skill } from "./wire";

type State = { at: "asking" } | { at: "running" } | { at: "failed"; error: unknown };

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
      <Dialog open={open} onOpenChange={setOpen}>
        {open && <KeyForm skill={skill} env={env} onDone={() => setOpen(false)} />}
      </Dialog>
    </>
  );
}

function KeyForm({ skill: { name, skillKey }, env, onDone }: { skill: Skill; env: string; onDone: () => void }) {
  const call = useGatewayRpcMutation();
  const [apiKey, setApiKey] = useState("");
  const [state, setState] = useState<State>({ at: "asking" });
  const write = (key: string) => call("skills.update", { skillKey, apiKey: key }, { refetch: "skills.status" });
  const save = async (event: SyntheticEvent) => {
    event.preventDefault();
    setState({ at: "running" });
    try {
      await write(apiKey.trim());
      notify.success(`The API key of ${name} was saved`);
      onDone();
    } catch (error) {
      setState({ at: "failed", error });
    }
  };
  const forget = async () => {
    await write("");
    notify.success(`The API key of ${name} was removed`);
    onDone();
  };
  return (
    <DialogContent
      size="sm"
      title={`API key of ${name}`}
      description="It is kept in the gateway's configuration and cannot be read again, here or elsewhere."
      footer={
        <>
          <ConfirmButton
            className="mr-auto"
            variant="danger-ghost"
            danger
            title={`Remove the API key of ${name}?`}
            description="A key in the gateway's own environment stays."
            action="Remove key"
            onConfirm={forget}
          >
            Remove key
          </ConfirmButton>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button
            type="submit"
            form="skill-key"
            variant="primary"
            busy={state.at === "running"}
            disabled={apiKey.trim() === ""}
          >
            Save key
          </Button>
        </>
      }
    >
      <form id="skill-key" onSubmit={(event) => void save(event)} className="grid gap-3">
        <Field label="API key" hint={`The skill finds it as ${env}.`}>
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="off"
              autoFocus
              value={apiKey}
              onChange={(event) => setApiKey(event.target.value)}
            />
          )}
        </Field>
        {state.at === "failed" && <ErrorNote error={state.error} doing="Saving the key" />}
      </form>
    </DialogContent>
  );
}
