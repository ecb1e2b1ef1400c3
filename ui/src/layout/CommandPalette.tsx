import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import {
  Building2,
  Keyboard,
  Languages,
  LogOut,
  Moon,
  Package,
  Receipt,
  ScatterChart,
  Upload,
  UserPlus,
  Users,
  type LucideIcon,
} from "lucide-react";
import { useDeferredValue, useState } from "react";

import { useData } from "@/api/context";
import type { SearchResult } from "@/api/types";
import { asSearch } from "@/components/admin/searchParams";
import { Dialog } from "@/components/ui/Dialog";
import { chooseLanguage, useLanguage, useT } from "@/i18n";
import { useMay, useSignOut } from "@/resources/session/useSession";
import { PLACES } from "./navigation";
import { chooseTheme, isDark } from "./theme";

const KIND_ICONS: Record<SearchResult["kind"], LucideIcon> = {
  contact: Users,
  company: Building2,
  product: Package,
  order: Receipt,
  segment: ScatterChart,
};

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
  const mayWrite = useMay("write");
  const [text, setText] = useState("");
  const asked = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: ["search", asked],
    queryFn: ({ signal }) => data.search(asked, signal),
    enabled: asked !== "",
    placeholderData: (before) => before,
    staleTime: 10_000,
  });

  const places: Entry[] = PLACES.map(({ key, to, icon }) => ({
    id: `go-${key}`,
    text: t(`nav.${key}`),
    icon,
    run: () => navigate({ to }),
  }));
  const changes: Entry[] = [
    {
      id: "new-contact",
      text: t("contacts.new"),
      icon: UserPlus,
      run: () => navigate({ to: "/contacts", search: asSearch({ new: "1" }) }),
    },
    { id: "import", text: t("imports.upload"), icon: Upload, run: () => navigate({ to: "/imports" }) },
  ];
  const actions: Entry[] = [
    ...(mayWrite ? changes : []),
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
  const results = asked === "" ? [] : (found.data ?? []);

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
          {results.length > 0 && (
            <Group title={t("palette.records")}>
              {results.map((result) => (
                <Item
                  key={result.id}
                  entry={{
                    id: result.id,
                    text: result.title,
                    icon: KIND_ICONS[result.kind] ?? Users,
                    run: () => navigate({ href: result.href }),
                  }}
                  note={result.subtitle}
                  onRun={run}
                />
              ))}
            </Group>
          )}
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
          {isEmpty && (
            <p className="px-3 py-8 text-center text-ink-2">
              {found.isFetching ? t("common.loading") : t("palette.nothing")}
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

function Item({ entry, note, onRun }: { entry: Entry; note?: string | null; onRun: (entry: Entry) => void }) {
  const Icon = entry.icon;
  return (
    <Command.Item
      value={entry.id}
      onSelect={() => onRun(entry)}
      className="flex h-8 items-center gap-2.5 rounded-md px-2 data-[selected=true]:bg-hover"
    >
      <Icon className="size-4 shrink-0 text-ink-2" aria-hidden />
      <span className="truncate">{entry.text}</span>
      {note && <span className="ml-auto truncate text-xs text-ink-3">{note}</span>}
    </Command.Item>
  );
}
