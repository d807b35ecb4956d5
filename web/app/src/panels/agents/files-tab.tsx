import { useGatewayRpc } from "@vestibule/react";
import { FileText } from "lucide-react";
import { href, Resource } from "@/shell";
import { Empty, StatusDot } from "@/ui";
import { FileEditor } from "./file-editor";
import type { FileDrafts, KeepFileDraft } from "./use-file-drafts";
import type { FileEntry, FilesList } from "./wire";

/** The files that make an agent who it is. */
export function FilesTab({
  agentId,
  opened,
  drafts,
  onDraft,
}: {
  agentId: string;
  opened: string | undefined;
  drafts: FileDrafts;
  onDraft: KeepFileDraft;
}) {
  const files = useGatewayRpc<FilesList>("agents.files.list", { agentId });
  return (
    <Resource
      of={files}
      what="files"
      empty={(data) => data.files.length === 0 && <Empty icon={<FileText />} title="No files" />}
    >
      {(data) => {
        const name = opened ?? data.files.find(({ missing }) => !missing)?.name ?? data.files[0]?.name;
        return (
          <div className="grid items-start gap-4 md:grid-cols-[13rem_minmax(0,1fr)]">
            <nav aria-label="Files of the agent">
              <ul className="grid gap-0.5 max-md:flex max-md:flex-wrap">
                {data.files.map((file) => (
                  <FileLink
                    key={file.name}
                    agentId={agentId}
                    file={file}
                    isOpen={file.name === name}
                    isEdited={drafts[file.name] !== undefined}
                  />
                ))}
              </ul>
            </nav>
            {name !== undefined && (
              <FileEditor
                key={name}
                agentId={agentId}
                name={name}
                draft={drafts[name]}
                onDraft={(draft) => onDraft(name, draft)}
              />
            )}
          </div>
        );
      }}
    </Resource>
  );
}

function FileLink({
  agentId,
  file,
  isOpen,
  isEdited,
}: {
  agentId: string;
  file: FileEntry;
  isOpen: boolean;
  isEdited: boolean;
}) {
  const note = isEdited ? "not saved" : file.missing ? (file.expectedAbsent ? "optional" : "missing") : null;
  return (
    <li>
      <a
        href={href({ at: "panel", id: "agents", rest: [agentId, "files", file.name] })}
        aria-current={isOpen ? "page" : undefined}
        className="flex min-h-8 items-center gap-2 rounded-md px-2.5 text-[0.8125rem] hover:bg-hover aria-[current]:bg-hover aria-[current]:font-medium max-md:min-h-11"
      >
        <span className="min-w-0 grow truncate">{file.name}</span>
        {isEdited && <StatusDot tone="warning" />}
        {note && <span className="text-xs font-normal text-muted-foreground">{note}</span>}
      </a>
    </li>
  );
}
