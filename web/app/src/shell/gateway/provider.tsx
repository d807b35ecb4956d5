import { createDoor, type Door } from "@vestibule/client";
import { createContext, type ReactNode, useContext, useEffect, useMemo } from "react";

const Context = createContext<Door | null>(null);

/** The app's one door, from the address the page came from, whatever prefix it is under. */
export function DoorProvider({ token, children }: { token: string; children: ReactNode }) {
  const door = useMemo(
    () => createDoor({ url: new URL("ws", document.baseURI).href, getToken: () => token, storage: sessionStorage }),
    [token],
  );
  useEffect(() => {
    door.connect();
    return door.close;
  }, [door]);
  return <Context value={door}>{children}</Context>;
}

export function useDoor(): Door {
  const door = useContext(Context);
  if (!door) throw new Error("no door");
  return door;
}
