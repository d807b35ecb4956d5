/** The browser's storage, where it may be forbidden: then nothing is kept, and nothing breaks. */

export type Keep = { read: (key: string) => string | null; write: (key: string, value: string | null) => void };

export function keepIn(storage: () => Storage): Keep {
  return {
    read: (key) => {
      try {
        return storage().getItem(key);
      } catch {
        return null;
      }
    },
    write: (key, value) => {
      try {
        if (value === null) storage().removeItem(key);
        else storage().setItem(key, value);
      } catch {
        // Full or forbidden.
      }
    },
  };
}

export const device: Keep = keepIn(() => localStorage);
export const tab: Keep = keepIn(() => sessionStorage);
