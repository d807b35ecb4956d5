import { useOptimisticRpc, type GatewayRpcAnswer } from "@vestibule/react";
import { useState } from "react";
import { useCan } from "@/shell";
import { ErrorNote, Popover, PopoverAnchor, PopoverContent, Switch, Tooltip } from "@/ui";
import type { Skill, SkillsStatus } from "./wire";

type Change = { skillKey: string; enabled: boolean };

/** On or off, shown at once and taken back where the gateway says no, with its words beside the switch (W10). */
export function Enabled({ skill, skills }: { skill: Skill; skills: GatewayRpcAnswer<SkillsStatus> }) {
  const { allowed, reason } = useCan({ methods: ["skills.update"], scopes: ["operator.admin"] });
  const [error, setError] = useState<unknown>(null);
  const update = useOptimisticRpc(skills, "skills.update", switched);
  const change = async (enabled: boolean) => {
    setError(null);
    try {
      await update({ skillKey: skill.skillKey, enabled });
    } catch (failure) {
      setError(failure);
    }
  };
  const control = (
    <Switch
      className="mt-1"
      aria-label={`Use ${skill.name}`}
      checked={!skill.disabled}
      aria-disabled={!allowed}
      onCheckedChange={(checked) => allowed && void change(checked)}
    />
  );
  return (
    <Popover open={error !== null} onOpenChange={(open) => !open && setError(null)}>
      <PopoverAnchor asChild>
        <span className="shrink-0">{reason === null ? control : <Tooltip text={reason}>{control}</Tooltip>}</span>
      </PopoverAnchor>
      <PopoverContent align="end" className="p-0">
        <ErrorNote error={error} doing={`Changing ${skill.name}`} />
      </PopoverContent>
    </Popover>
  );
}

/** Switched on, a skill is as eligible as it was: the refetch afterwards tells. */
export const switched = (before: SkillsStatus, { skillKey, enabled }: Change): SkillsStatus => ({
  ...before,
  skills: before.skills.map((skill) => (skill.skillKey === skillKey ? { ...skill, disabled: !enabled } : skill)),
});
