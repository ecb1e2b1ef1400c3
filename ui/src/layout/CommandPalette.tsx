import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import {
  Building2,
  FlaskConical,
  Keyboard,
  Languages,
  LifeBuoy,
  ListChecks,
  LogOut,
  Moon,
  Package,
  Receipt,
  ScatterChart,
  SquareKanban,
  StickyNote,
  Upload,
  UserPlus,
  Users,
  type LucideIcon,
} from "lucide-react";
import { useState } from "react";

import { useData } from "@/api/context";
import type { SearchResult } from "@/api/types";
import { asSearch } from "@/components/admin/searchParams";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { chooseLanguage, useLanguage, useT } from "@/i18n";
import { messageOf } from "@/i18n/problems";
import { useMay, useSignOut } from "@/resources/session/useSession";
import { PLACES } from "./navigation";
import { useOffered } from "./useOffered";
import { recentRecords, type Recent } from "./recents";
import { chooseTheme, isDark } from "./theme";
import { useSettled } from "./useSettled";

/** Typing settles for this long before the server is asked, in milliseconds. */
const SETTLE_MS = 120;

type Kind = SearchResult["kind"];

/** How records of a kind look, and what a group of them is called. */
const KINDS = {
  contact: { icon: Users, group: "nav.contacts" },
  company: { icon: Building2, group: "nav.companies" },
  deal: { icon: SquareKanban, group: "nav.deals" },
  ticket: { icon: LifeBuoy, group: "nav.tickets" },
  task: { icon: ListChecks, group: "nav.tasks" },
  note: { icon: StickyNote, group: "palette.notes" },
  product: { icon: Package, group: "nav.products" },
  order: { icon: Receipt, group: "nav.orders" },
  segment: { icon: ScatterChart, group: "nav.segments" },
} as const satisfies Record<Kind, { icon: LucideIcon; group: string }>;

type Found = Recent & Partial<Pick<SearchResult, "id" | "subtitle">>;

interface Grouped {
  title: (typeof KINDS)[Kind]["group"] | "palette.recent";
  members: readonly Found[];
}

/** Several notes may stand on one page, so that an address alone does not tell them apart. */
const idOf = (result: Found) => `${result.kind} ${result.id ?? result.href}`;

function recentGroup(members: readonly Found[]): Grouped[] {
  return members.length > 0 ? [{ title: "palette.recent", members }] : [];
}

/** What was found by kind: the kind of the best hit first. */
function byKind(results: readonly Found[]): Grouped[] {
  const kinds = [...new Set(results.map((result) => result.kind))];
  return kinds.map((kind) => ({
    title: KINDS[kind].group,
    members: results.filter((result) => result.kind === kind),
  }));
}

interface Entry {
  id: string;
  text: string;
  icon: LucideIcon;
  run: () => unknown;
}

/** Records, places and actions by name: ⌘K. */
export default function CommandPalette({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const t = useT();
  const data = useData();
  const navigate = useNavigate();
  const language = useLanguage();
  const signOut = useSignOut();
  const isOffered = useOffered();
  const may = {
    "new-contact": useMay("create", "contact"),
    "new-deal": useMay("create", "deal"),
    import: useMay("import_files"),
  };
  const [text, setText] = useState("");
  const wanted = text.trim();
  const asked = useSettled(wanted, SETTLE_MS);
  const found = useQuery({
    queryKey: ["search", asked],
    queryFn: ({ signal }) => data.search(asked, signal),
    enabled: asked !== "",
    placeholderData: (before) => before,
    staleTime: 10_000,
  });

  const places: Entry[] = [
    ...PLACES.filter(isOffered).map(({ key, to, icon }) => ({
      id: `go-${key}`,
      text: t(`nav.${key}`),
      icon,
      run: () => navigate({ to }),
    })),
    { id: "go-runs", text: t("nav.runs"), icon: FlaskConical, run: () => navigate({ to: "/models/runs" }) },
  ];
  const changes: (Entry & { id: keyof typeof may })[] = [
    {
      id: "new-contact",
      text: t("contacts.new"),
      icon: UserPlus,
      run: () => navigate({ to: "/contacts", search: asSearch({ new: "1" }) }),
    },
    {
      id: "new-deal",
      text: t("palette.newDeal"),
      icon: SquareKanban,
      run: () => navigate({ to: "/deals", search: asSearch({ new: "1" }) }),
    },
    { id: "import", text: t("imports.upload"), icon: Upload, run: () => navigate({ to: "/imports" }) },
  ];
  const actions: Entry[] = [
    ...changes.filter(({ id }) => may[id]),
    {
      id: "theme",
      text: t("palette.toggleTheme"),
      icon: Moon,
      run: () => chooseTheme(isDark() ? "light" : "dark"),
    },
    {
      id: "language",
      text: t("palette.switchLanguage"),
      icon: Languages,
      run: () => chooseLanguage(language === "en" ? "zh" : "en"),
    },
    { id: "shortcuts", text: t("shortcuts.title"), icon: Keyboard, run: onHelp },
    { id: "sign-out", text: t("session.signOut"), icon: LogOut, run: signOut },
  ];
  const matches = (entry: Entry) => entry.text.toLowerCase().includes(text.trim().toLowerCase());
  const results: readonly Found[] = wanted === "" ? recentRecords() : (found.data ?? []);
  const groups: Grouped[] = wanted === "" ? recentGroup(results) : byKind(results);
  // While new results are on their way the old ones stand still, but do not answer to what was typed.
  const isOutdated = wanted !== "" && (asked !== wanted || found.isPlaceholderData);
  const isSearching = wanted !== "" && (isOutdated || found.isFetching);

  function run(entry: Entry) {
    onClose();
    void entry.run();
  }

  const shownPlaces = places.filter(matches);
  const shownActions = actions.filter(matches);
  const isEmpty = results.length + shownPlaces.length + shownActions.length === 0;
  return (
    <Dialog open onOpenChange={onClose} title={t("palette.title")} isBare className="max-w-xl">
      <Command shouldFilter={false} loop label={t("palette.title")} className="flex min-h-0 flex-col">
        <Command.Input
          value={text}
          onValueChange={setText}
          placeholder={t("palette.placeholder")}
          className="h-12 w-full border-b-2 border-accent bg-transparent px-4 text-base outline-none"
        />
        <Command.List
          className="scrollbar-thin max-h-[52vh] overflow-y-auto p-1.5"
          label={t("palette.results")}
        >
          {groups.map(({ title, members }) => (
            <Group key={title} title={t(title)}>
              {members.map((result) => (
                <Item
                  key={idOf(result)}
                  isDisabled={isOutdated}
                  entry={{
                    id: idOf(result),
                    text: result.title,
                    icon: KINDS[result.kind].icon,
                    run: () => navigate({ href: result.href }),
                  }}
                  note={result.subtitle ?? null}
                  onRun={run}
                />
              ))}
            </Group>
          ))}
          {shownPlaces.length > 0 && (
            <Group title={t("palette.goTo")}>
              {shownPlaces.map((entry) => (
                <Item key={entry.id} entry={entry} onRun={run} />
              ))}
            </Group>
          )}
          {shownActions.length > 0 && (
            <Group title={t("palette.actions")}>
              {shownActions.map((entry) => (
                <Item key={entry.id} entry={entry} onRun={run} />
              ))}
            </Group>
          )}
          {found.error && wanted !== "" && (
            <p role="alert" className="flex items-center justify-between gap-3 px-2 py-1.5 text-bad">
              {messageOf(found.error)}
              <Button size="sm" onClick={() => void found.refetch()}>
                {t("common.retry")}
              </Button>
            </p>
          )}
          {isEmpty && !found.error && (
            <p className="px-3 py-8 text-center text-ink-2">
              {isSearching ? t("common.loading") : t("palette.nothing")}
            </p>
          )}
        </Command.List>
      </Command>
    </Dialog>
  );
}

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Command.Group
      heading={title}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  entry: Entry;
  note?: string | null;
  isDisabled?: boolean;
  onRun: (entry: Entry) => void;
}

function Item({ entry, note, isDisabled = false, onRun }: ItemProps) {
  const Icon = entry.icon;
  return (
    <Command.Item
      value={entry.id}
      disabled={isDisabled}
      onSelect={() => onRun(entry)}
      className="flex h-8 items-center gap-2.5 rounded-md px-2 data-[disabled=true]:opacity-50 data-[selected=true]:bg-hover"
    >
      <Icon className="size-4 shrink-0 text-ink-2" aria-hidden />
      <span className="truncate">{entry.text}</span>
      {note && <span className="ml-auto truncate text-xs text-ink-3">{note}</span>}
    </Command.Item>
  );
}
