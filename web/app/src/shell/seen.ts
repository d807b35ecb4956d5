/** What the door writes in place of where things lie on the gateway's host, for who may not see that. */
const HIDDEN = "(hidden)";

/** A path, host or address to show; null where there is none, or none for this person. */
export const seen = (place: string | null | undefined): string | null => (place && place !== HIDDEN ? place : null);
