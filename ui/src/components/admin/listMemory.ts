import { useLocation } from "@tanstack/react-router";
import { useCallback, useEffect, useRef } from "react";

import type { ListSearch } from "./listState";

/** How a list was left. */
interface Visit {
  search: ListSearch;
  /** How far it was scrolled, in pixels. */
  offset: number;
  /** The entry of the browser's history in which it stood. */
  entry: string | undefined;
}

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The list is come back to from one of its records. */
    isReturn?: boolean;
  }
}

const visits = new Map<string, Visit>();

/** The search with which a list was seen last. */
export const lastSearch = (resource: string): ListSearch => visits.get(resource)?.search ?? {};

export const forgetLists = () => visits.clear();

/** Keeps how a list is left, and answers where to scroll to when it is come back to. */
export function useListMemory(resource: string, search: ListSearch) {
  const { isReturn, __TSR_key: entry } = useLocation().state;
  const last = visits.get(resource);
  const isBack = last !== undefined && (isReturn === true || (entry !== undefined && entry === last.entry));
  const initialOffset = useRef(isBack ? last.offset : 0).current;
  const offset = useRef(initialOffset);

  const left = useRef<Visit>({ search, offset: 0, entry });
  left.current = { search, offset: 0, entry };
  useEffect(() => () => void visits.set(resource, { ...left.current, offset: offset.current }), [resource]);

  const onScrolled = useCallback((to: number) => void (offset.current = to), []);
  return { initialOffset, onScrolled };
}
