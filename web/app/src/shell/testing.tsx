/** For the tests of panels and chat: the real hooks on a door in memory. */
import { createFakeDoor } from "@vestibule/client/testing";
import { GatewayProvider } from "@vestibule/react";
import { render, type RenderResult } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { SWRConfig } from "swr";
import { TooltipProvider } from "@/ui";

type Fake = ReturnType<typeof createFakeDoor>;
type Answer = Parameters<Fake["on"]>[1];

export type RenderPanelOptions = {
  /** Payloads by method: a value, or what is made of the parameters; throw a `DoorError` for an error. */
  answers?: Readonly<Record<string, unknown>>;
  /** What the gateway offers and the person may; else what is answered, and all. */
  gateway?: Parameters<Fake["gateway"]>[0];
  /** The address: `#/panels/cron/job-1`. */
  hash?: string;
};

/** Renders into a signed-in app whose gateway is ready; `fake` is the other side. */
export function renderPanel(panel: ReactNode, options: RenderPanelOptions = {}): RenderResult & { fake: Fake } {
  location.hash = options.hash ?? "";
  const fake = createFakeDoor();
  for (const [method, answer] of Object.entries(options.answers ?? {})) {
    fake.on(method, isAnswer(answer) ? answer : () => answer);
  }
  if (options.gateway) fake.gateway(options.gateway);
  const rendered = render(
    <StrictMode>
      <SWRConfig value={{ provider: () => new Map(), dedupingInterval: 0 }}>
        <GatewayProvider {...fake.options} timings={{ chatPaceMs: 0 }}>
          <TooltipProvider>{panel}</TooltipProvider>
        </GatewayProvider>
      </SWRConfig>
    </StrictMode>,
  );
  return { ...rendered, fake };
}

const isAnswer = (value: unknown): value is Answer => typeof value === "function";
