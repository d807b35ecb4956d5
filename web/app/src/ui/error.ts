/** What an error says, whoever made it: the gateway (by its error object), the door, the client, or the browser. */
export type ReadError = {
  message: string;
  code: string | undefined;
  remedy: string | undefined;
  details: object | undefined;
  mayHaveRun: boolean;
};

export function readError(error: unknown): ReadError {
  const found = isObject(error) ? error : {};
  const details = isObject(found["details"]) ? found["details"] : undefined;
  return {
    message: text(found["message"]) ?? (typeof error === "string" && error ? error : "Something went wrong."),
    code: text(found["code"]),
    remedy: text(found["remedy"]) ?? text(details?.["remedy"]),
    details,
    mayHaveRun: found["mayHaveRun"] === true,
  };
}

/** The method is missing at this gateway: panels show `NotOffered` then (panels of older gateways). */
export const isNotOffered = (error: unknown): boolean => {
  const { code, message } = readError(error);
  return code === "UNKNOWN_METHOD" || (code === "INVALID_REQUEST" && message.startsWith("unknown method"));
};

/** The scope that is missing, if that is what the error says; older gateways say it in the message only. */
export function missingScope(error: unknown): string | undefined {
  const { code, message, details } = readError(error);
  if (code === "FORBIDDEN" && isObject(details)) return text(details["missingScope"]);
  return /^missing scope: (\S+)/.exec(message)?.[1];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
