import type { SearchResult } from "@/api/types";

/** A record whose page was open lately. */
export type Recent = Pick<SearchResult, "kind" | "title" | "href">;

const N_KEPT = 8;
const KINDS: Record<string, SearchResult["kind"]> = {
  contacts: "contact",
  companies: "company",
  orders: "order",
  products: "product",
};

let recents: Recent[] = [];

export const recentRecords = (): readonly Recent[] => recents;

/** Remembers the record at an address of the app; other addresses are passed over. */
export function rememberRecord(pathname: string, title: string) {
  const kind = KINDS[/^\/([a-z]+)\/[^/]+$/.exec(pathname)?.[1] ?? ""];
  if (!kind) return;
  recents = [{ kind, title, href: pathname }, ...recents.filter(({ href }) => href !== pathname)];
  recents = recents.slice(0, N_KEPT);
}

export function forgetRecents() {
  recents = [];
}
