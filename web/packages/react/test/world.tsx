/**
 * A page with a provider on a door in memory, under StrictMode, with a cache of its own.
 */

import { act, render, renderHook, type RenderHookOptions, type RenderHookResult } from "@testing-library/react";
import type { Timings } from "@vestibule/client";
import { createFakeDoor, settled, type FakeDoor } from "@vestibule/client/testing";
import { StrictMode, type ReactNode } from "react";
import { SWRConfig } from "swr";
import { vi } from "vitest";
import { GatewayProvider, type GatewayProviderProps } from "../src/index.js";

/** Comes back at once, tells text at once. */
export const QUICK = { retryBaseMs: 0, retryCapMs: 0, chatPaceMs: 0 } as const;

export class World {
  readonly fake: FakeDoor = createFakeDoor();
  timings: Partial<Timings> = QUICK;
  readonly #cache = new Map<string, never>();

  readonly Page = ({ children, ...props }: GatewayProviderProps): ReactNode => (
    <StrictMode>
      <SWRConfig value={{ provider: () => this.#cache }}>
        <GatewayProvider {...this.fake.options} storage={null} timings={this.timings} {...props}>
          {children}
        </GatewayProvider>
      </SWRConfig>
    </StrictMode>
  );

  /** Render a hook below the provider, and let everything that is under way arrive. */
  async hook<R, P>(use: (props: P) => R, initialProps?: NoInfer<P>): Promise<RenderHookResult<R, P>> {
    const options: RenderHookOptions<P> = { wrapper: this.Page };
    if (initialProps !== undefined) options.initialProps = initialProps;
    const rendered = renderHook(use, options);
    await this.settle();
    return rendered;
  }

  async page(children: ReactNode, props: Partial<GatewayProviderProps> = {}) {
    const rendered = render(<this.Page {...props}>{children}</this.Page>);
    await this.settle();
    return rendered;
  }

  /** Do something, and let all that follows from it arrive. */
  async settle(doing: () => unknown = () => undefined): Promise<void> {
    await act(async () => {
      await doing();
      await settled();
    });
  }

  /** Let time pass; `vi.useFakeTimers()` first. */
  async after(delayMs: number): Promise<void> {
    await act(async () => {
      await vi.advanceTimersByTimeAsync(delayMs);
      await settled();
    });
  }

  /** How often a method was called. */
  asked(method: string): number {
    return this.fake.requests.filter((request) => request["method"] === method).length;
  }
}
