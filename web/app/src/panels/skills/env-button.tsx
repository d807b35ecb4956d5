import { useGatewayRpc, useGatewayRpcMutation } from "@vestibule/react";
import { Variable } from "lucide-react";
import { useState } from "react";
import { type Needs, notify, useCan } from "@/shell";
import { Button, ConfirmButton, Field, FormDialog, Input, Tooltip } from "@/ui";
import { isName, namesIn } from "./env";
import type { Skill, SkillsConfig } from "./wire";

const UPDATE: Needs = { methods: ["skills.update"], scopes: ["operator.admin"] };

/** The variables a skill runs with. Values go up and never come back; only the names can be read. */
export function EnvButton({ skill }: { skill: Skill }) {
  const { allowed, reason } = useCan(UPDATE);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Tooltip text={reason ?? "Variables"}>
        <Button
          size="icon-sm"
          variant="ghost"
          aria-disabled={!allowed}
          onClick={() => allowed && setOpen(true)}
          aria-label={`Variables of ${skill.name}`}
        >
          <Variable />
        </Button>
      </Tooltip>
      {open && <Variables skill={skill} onClose={() => setOpen(false)} />}
    </>
  );
}

function Variables({ skill: { name: skillName, skillKey, missing }, onClose }: { skill: Skill; onClose: () => void }) {
  const call = useGatewayRpcMutation();
  const config = useGatewayRpc<SkillsConfig>("config.get", {});
  const names = namesIn(config.data, skillKey);
  const [name, setName] = useState(missing.env?.[0] ?? "");
  const [value, setValue] = useState("");
  // To the gateway an empty value is none.
  const write = (variable: string, text: string) =>
    call("skills.update", { skillKey, env: { [variable]: text } }, { refetch: ["skills.status", "config.get"] });
  const save = async () => {
    await write(name.trim(), value);
    notify.success(`${name.trim()} was saved for ${skillName}`);
    setName("");
    setValue("");
  };
  return (
    <FormDialog
      title={`Variables of ${skillName}`}
      description="They are kept in the gateway's configuration. A value cannot be read again, here or elsewhere."
      action="Save variable"
      doing="Saving the variable"
      ready={isName(name.trim()) && value !== ""}
      onSubmit={save}
      onClose={onClose}
      leave="Close"
    >
      {names.length > 0 && (
        <ul className="divide-y rounded-lg border" aria-label="Variables that are set">
          {names.map((set) => (
            <li key={set} className="flex items-center gap-3 px-3 py-1.5">
              <code className="min-w-0 grow text-xs wrap-anywhere">{set}</code>
              <ConfirmButton
                size="sm"
                variant="danger-ghost"
                danger
                title={`Remove ${set}?`}
                description={`${skillName} runs without it.`}
                action="Remove variable"
                onConfirm={() => write(set, "")}
                aria-label={`Remove ${set}`}
              >
                Remove
              </ConfirmButton>
            </li>
          ))}
        </ul>
      )}
      <Field
        label="Name"
        error={name.trim() === "" || isName(name.trim()) ? undefined : "Letters, digits and _, no digit first."}
      >
        {(control) => (
          <Input {...control} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <Field label="Value">
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="off"
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
