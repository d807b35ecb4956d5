import { useFacts } from "./facts";
import { Button, type ButtonProps, Tooltip } from "@/ui";
import type { Needs } from "./descriptor";
import { judge } from "./gate";

/** Whether an action is possible for this person at this gateway, and why not. */
export function useCan(needs: Needs): { allowed: boolean; reason: string | null } {
  const verdict = judge(needs, useFacts());
  return verdict.at === "allowed" ? { allowed: true, reason: null } : { allowed: false, reason: verdict.reason };
}

export type GatedButtonProps = ButtonProps & {
  needs: Needs;
  /** Why nobody may, whatever their role. */
  refusal?: string | null;
};

/** A button that is disabled, with the reason on hover and focus, where the action is not possible. */
export function GatedButton({ needs, refusal = null, onClick, ...rest }: GatedButtonProps) {
  const reason = useCan(needs).reason ?? refusal;
  if (reason === null) return <Button onClick={onClick} {...rest} />;
  return (
    <Tooltip text={reason}>
      {/* Not `disabled`: the reason must be reachable by keyboard. */}
      <Button {...rest} type="button" aria-disabled onClick={(event) => event.preventDefault()} />
    </Tooltip>
  );
}
