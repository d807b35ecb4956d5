import type { GatewayRpcAnswer } from "@vestibule/react";
import { ExternalLink, Puzzle } from "lucide-react";
import { Badge, StatusDot, type Tone } from "@/ui";
import { EnvButton } from "./env-button";
import { Enabled } from "./enabled";
import { Install } from "./install";
import { KeyButton } from "./key-button";
import { homepageOf, type Readiness, readinessOf, reasonOf, sourceOf } from "./readiness";
import type { Skill, SkillsStatus } from "./wire";

const STATE: Readonly<Record<Readiness, { tone: Tone; word: string }>> = {
  ready: { tone: "success", word: "Ready" },
  needs: { tone: "warning", word: "Needs something" },
  off: { tone: "neutral", word: "Off" },
  blocked: { tone: "neutral", word: "Not allowed" },
  elsewhere: { tone: "neutral", word: "Other system" },
};

export function SkillRow({ skill, skills }: { skill: Skill; skills: GatewayRpcAnswer<SkillsStatus> }) {
  const readiness = readinessOf(skill);
  const { tone, word } = STATE[readiness];
  const reason = reasonOf(skill);
  const homepage = homepageOf(skill);
  return (
    <li className="grid gap-2 px-4 py-3" aria-label={skill.name}>
      <div className="flex items-start gap-3">
        <span aria-hidden className="grid size-8 shrink-0 place-content-center rounded-lg bg-muted text-base">
          {skill.emoji ?? <Puzzle className="size-4 text-muted-foreground" />}
        </span>
        <div className="min-w-0 grow">
          <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 text-[0.8125rem] font-semibold">
            {homepage === undefined ? (
              <span className="wrap-anywhere">{skill.name}</span>
            ) : (
              <a
                href={homepage}
                target="_blank"
                rel="noreferrer"
                className="inline-flex items-center gap-1 wrap-anywhere underline-offset-4 hover:underline"
              >
                {skill.name}
                <span className="sr-only">, its homepage</span>
                <ExternalLink className="size-3 text-muted-foreground" aria-hidden />
              </a>
            )}
            <Badge tone="outline">{sourceOf(skill)}</Badge>
            <span className="flex items-center gap-1.5 text-xs font-normal text-muted-foreground">
              <StatusDot tone={tone} />
              {word}
            </span>
          </h3>
          {skill.description && (
            <p className="mt-0.5 line-clamp-2 text-xs text-muted-foreground">{skill.description}</p>
          )}
          {reason && <p className="mt-1 text-xs">{reason}</p>}
        </div>
        <div className="flex min-h-8 shrink-0 items-center gap-3 max-md:gap-1">
          <EnvButton skill={skill} />
          <Enabled skill={skill} skills={skills} />
        </div>
      </div>
      <div className="flex flex-wrap items-start gap-2 pl-11 empty:hidden">
        {readiness === "needs" &&
          skill.install?.map((installer) => (
            <Install key={installer.id} skill={skill} installer={installer} onChange={() => void skills.mutate()} />
          ))}
        {skill.primaryEnv !== undefined && <KeyButton skill={skill} env={skill.primaryEnv} />}
      </div>
    </li>
  );
}
