import { useDoor } from "@vestibule/react";
import { useEffect, useRef, useState } from "react";
import { kept, see, type Seen } from "./stream";

const SHOWN_EVERY_MS = 200;

export type Stream = {
  seen: readonly Seen[];
  recording: boolean;
  setRecording: (on: boolean) => void;
  clear: () => void;
};

/** Everything the door sends while this is mounted; told in batches, for it may be a lot. */
export function useStream(): Stream {
  const door = useDoor();
  const [seen, setSeen] = useState<readonly Seen[]>([]);
  const [recording, setRecording] = useState(true);
  const lastId = useRef(0);

  useEffect(() => {
    if (!recording) return;
    let fresh: Seen[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = undefined;
      const batch = fresh;
      fresh = [];
      setSeen((before) => kept(before, batch));
    };
    const off = door.onFrame((frame) => {
      lastId.current += 1;
      fresh.push(see(frame, lastId.current, Date.now()));
      timer ??= setTimeout(show, SHOWN_EVERY_MS);
    });
    return () => {
      off();
      clearTimeout(timer);
      if (fresh.length > 0) show();
    };
  }, [door, recording]);

  return { seen, recording, setRecording, clear: () => setSeen([]) };
}
