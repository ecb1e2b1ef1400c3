import { useState } from "react";

const STORAGE_KEY = "rapport.match_acceptance";

/** The last merge of many pairs that was made on this device and not put away: it can be taken back. */
export function useAcceptance() {
  const [id, setId] = useState(() => localStorage.getItem(STORAGE_KEY));
  return {
    id,
    remember: (job: string) => {
      localStorage.setItem(STORAGE_KEY, job);
      setId(job);
    },
    forget: () => {
      localStorage.removeItem(STORAGE_KEY);
      setId(null);
    },
  };
}
