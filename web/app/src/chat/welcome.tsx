import { Face } from "./agents/switcher";

const SUGGESTIONS = [
  { title: "What can you do?", text: "What can you do?" },
  { title: "Use a tool", text: "Use a tool and show me what came back." },
  { title: "Make me a plan", text: "Make me a plan for this week, as a table." },
  { title: "Explain this gateway", text: "What is Vestibule, and how do I use a real model?" },
];

/** Before the first message. */
export function Welcome({
  agentName,
  emoji,
  onAsk,
}: {
  agentName: string;
  emoji: string | null;
  onAsk: ((text: string) => void) | null;
}) {
  return (
    <div className="my-auto grid gap-6 py-10">
      <div className="grid justify-items-center gap-4 text-center">
        <span className="grid size-12 place-content-center [&>span]:size-12 [&>span]:rounded-2xl [&>span]:text-xl">
          <Face name={agentName} emoji={emoji} />
        </span>
        <h2 className="text-xl font-semibold tracking-[-0.02em]">What shall {agentName} do?</h2>
      </div>
      {onAsk !== null && (
        <ul className="mx-auto grid w-full max-w-lg gap-2 sm:grid-cols-2">
          {SUGGESTIONS.map(({ title, text }) => (
            <li key={title}>
              <button
                type="button"
                onClick={() => onAsk(text)}
                className="grid w-full gap-0.5 rounded-xl border bg-card px-4 py-3 text-left shadow-raised transition-colors hover:bg-hover"
              >
                <span className="text-[0.8125rem] font-medium">{title}</span>
                <span className="truncate text-xs text-muted-foreground">{text}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
