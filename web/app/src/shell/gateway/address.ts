/** Where the door's WebSocket is: beside the page, whatever prefix it came from. */
export const doorAddress = (): string => new URL("ws", document.baseURI).href;
