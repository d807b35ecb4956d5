import { useGatewayRpc } from "@vestibule/react";
import { Puzzle, Search, SearchX } from "lucide-react";
import { useState } from "react";
import { GatedButton, Panel, Resource, usePanelRest } from "@/shell";
import { Card, Empty, SearchInput, Segmented } from "@/ui";
import { AgentChoice } from "./agent-choice";
import { HUB, HubSheet, openHub } from "./hub-sheet";
import { counted, shown, type View } from "./readiness";
import { SkillRow } from "./skill-row";
import type { SkillsStatus } from "./wire";

export default function Skills() {
  const [place] = usePanelRest();
  const [agentId, setAgentId] = useState<string>();
  const [view, setView] = useState<View>("all");
  const [query, setQuery] = useState("");
  const skills = useGatewayRpc<SkillsStatus>("skills.status", agentId === undefined ? {} : { agentId }, {
    events: ["skills.changed", "plugins.changed", "config.changed"],
  });
  const counts = skills.data && counted(skills.data.skills);
  return (
    <Panel
      title="Skills"
      note={counts && `${counts.ready} of ${counts.all} ready`}
      toolbar={
        <>
          <SearchInput label="Filter skills" value={query} onChange={setQuery} className="w-64 max-sm:w-full" />
          <Segmented
            label="Which skills"
            value={view}
            onChange={setView}
            options={[
              { value: "all", label: "All" },
              { value: "ready", label: <Counted word="Ready" count={counts?.ready} /> },
              { value: "needs", label: <Counted word="Needs something" count={counts?.needs} /> },
              { value: "off", label: <Counted word="Off" count={counts?.off} /> },
            ]}
          />
        </>
      }
      actions={
        <>
          <AgentChoice agentId={agentId ?? skills.data?.agentId} onChange={setAgentId} />
          <GatedButton needs={{ methods: ["skills.search"], scopes: ["operator.read"] }} onClick={openHub}>
            <Search />
            Find skills
          </GatedButton>
        </>
      }
    >
      <Resource
        of={skills}
        what="skills"
        empty={(data) =>
          data.skills.length === 0 && (
            <Empty icon={<Puzzle />} title="No skills">
              Skills are folders with a SKILL.md in the agent's workspace, or come with OpenClaw and its plugins.
            </Empty>
          )
        }
      >
        {(data) => {
          const rows = shown(data.skills, view, query);
          if (rows.length === 0) {
            return (
              <Empty icon={<SearchX />} title="Nothing matches">
                {query.trim()
                  ? `No skill of this view has “${query.trim()}” in its name or description.`
                  : "No skill is in this state."}
              </Empty>
            );
          }
          return (
            <Card flush>
              <ul className="divide-y">
                {rows.map((skill) => (
                  <SkillRow key={skill.skillKey} skill={skill} skills={skills} />
                ))}
              </ul>
            </Card>
          );
        }}
      </Resource>
      {place === HUB && <HubSheet />}
    </Panel>
  );
}

function Counted({ word, count }: { word: string; count: number | undefined }) {
  return (
    <>
      {word} {count !== undefined && <span className="text-muted-foreground tabular-nums">{count}</span>}
    </>
  );
}
