interface ImportMetaEnv {
  /** The door's address. */
  readonly VITE_DOOR_URL?: string;
}
