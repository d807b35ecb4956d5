import { useDoor, useMethods } from "@vestibule/react";
import { Button, Sheet, SheetContent, Tabs, TabsContent, TabsList, TabsTrigger } from "@/ui";
import { List } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import type { Call } from "./calls";
import { Composer } from "./composer";
import { HistoryList } from "./history-list";
import { MethodList } from "./method-list";
import { catalogueOf, DOOR_METHODS } from "./methods";
import { Result } from "./result";
import { makeCall, useCalls } from "./session";

const NO_METHODS: ReadonlySet<string> = new Set();

/** Any method with any parameters, and what came back. */
export function CallTab() {
  const door = useDoor();
  const methods = useMethods() ?? NO_METHODS;
  const catalogue = useMemo(() => catalogueOf(methods), [methods]);
  const calls = useCalls();
  const [draft, setDraft] = useState({ method: calls[0]?.method ?? "status", text: calls[0]?.text ?? "" });
  const [chosen, setChosen] = useState<number | null>(calls[0]?.id ?? null);
  const [picking, setPicking] = useState(false);
  const shown = calls.find((call) => call.id === chosen);

  const choose = (method: string) => {
    setPicking(false);
    if (method === draft.method) return;
    setDraft({ method, text: "" });
    setChosen(null);
  };
  const recall = (call: Call) => {
    setPicking(false);
    setDraft({ method: call.method, text: call.text });
    setChosen(call.id);
  };
  const lists = (
    <Lists>
      {{
        methods: <MethodList methods={catalogue} chosen={draft.method} onChoose={choose} />,
        history: <HistoryList calls={calls} chosen={chosen} onChoose={recall} />,
      }}
    </Lists>
  );
  return (
    <div className="flex h-full min-h-0">
      <aside aria-label="Methods and history" className="w-80 shrink-0 border-r bg-sidebar max-md:hidden">
        {lists}
      </aside>
      <Sheet open={picking} onOpenChange={setPicking}>
        <SheetContent title="Choose a call">
          <div className="-mx-5 -my-4 h-[calc(100%+2rem)]">{lists}</div>
        </SheetContent>
      </Sheet>
      <div className="flex min-w-0 grow flex-col max-md:overflow-y-auto">
        <Composer
          key={draft.method}
          method={draft.method}
          offered={methods.size === 0 || methods.has(draft.method) || DOOR_METHODS.has(draft.method)}
          text={draft.text}
          onText={(text) => setDraft((before) => ({ ...before, text }))}
          onCall={(params, timeoutMs) => setChosen(makeCall(door, { ...draft, params, timeoutMs }))}
          onMethod={choose}
          methods={methods}
          picker={
            <Button className="md:hidden" size="icon" aria-label="Choose a method" onClick={() => setPicking(true)}>
              <List />
            </Button>
          }
        />
        <div className="min-h-0 grow max-md:min-h-[70dvh]">
          <Result call={shown} onAgain={(call) => setChosen(makeCall(door, call))} />
        </div>
      </div>
    </div>
  );
}

function Lists({ children }: { children: { methods: ReactNode; history: ReactNode } }) {
  return (
    <Tabs defaultValue="methods" className="flex h-full min-h-0 flex-col">
      <TabsList className="shrink-0 px-4">
        <TabsTrigger value="methods">Methods</TabsTrigger>
        <TabsTrigger value="history">History</TabsTrigger>
      </TabsList>
      <TabsContent value="methods" className="min-h-0 grow pt-0">
        {children.methods}
      </TabsContent>
      <TabsContent value="history" className="min-h-0 grow pt-0">
        {children.history}
      </TabsContent>
    </Tabs>
  );
}
