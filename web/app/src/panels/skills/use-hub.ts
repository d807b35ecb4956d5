import { useGatewayRpc } from "@vestibule/react";
import type { HubDetail, HubResults } from "./wire";

const RESULTS = 30;
/** The hub is on the network: what it does not answer at once is asked for by the person, not again and again. */
const ASK_ONCE = { shouldRetryOnError: false, events: [] } as const;

/** What the hub has about a few words; nothing is asked before somebody searches. */
export const useHubSearch = (query: string | null) =>
  useGatewayRpc<HubResults>(query === null ? null : "skills.search", searchOf(query), ASK_ONCE);

/** What the hub says of one skill. */
export const useHubDetail = (reference: string | null) =>
  useGatewayRpc<HubDetail>(reference === null ? null : "skills.detail", { slug: reference }, ASK_ONCE);

const searchOf = (query: string | null) => (query ? { query, limit: RESULTS } : { limit: RESULTS });
