/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** "memory" works without a server, on a make-believe company; for design work only. */
  readonly VITE_PROVIDER?: string;
}
