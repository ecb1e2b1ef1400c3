import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Languages, Menu as MenuIcon, Moon, Search, Sun } from "lucide-react";
import { createContext, use } from "react";

import { useData } from "@/api/context";
import { settingsQuery } from "@/components/admin/settings";
import { Button, IconButton } from "@/components/ui/Button";
import { cn } from "@/components/ui/cn";
import { Kbd } from "@/components/ui/bits";
import { chooseLanguage, useFormats, useLanguage, useT } from "@/i18n";
import { JobsNote } from "./JobsNote";
import { GROUPS, SETTINGS, type Place } from "./navigation";
import { useOffered } from "./useOffered";
import { chooseTheme, useIsDark } from "./theme";
import { useWaiting } from "./useWaiting";

export const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);

interface ShellState {
  openPalette: () => void;
  openMenu: () => void;
}
export const ShellContext = createContext<ShellState>({ openPalette: () => {}, openMenu: () => {} });

/** Opens the drawer on phones. */
export function MenuButton() {
  const t = useT();
  const { openMenu } = use(ShellContext);
  return (
    <IconButton label={t("nav.menu")} className="-ml-2 hidden phone:inline-flex" onClick={openMenu}>
      <MenuIcon />
    </IconButton>
  );
}

export function Sidebar({ className, onGo }: { className?: string; onGo?: () => void }) {
  const t = useT();
  const data = useData();
  const { openPalette } = use(ShellContext);
  const settings = useQuery(settingsQuery(data));
  const isOffered = useOffered();
  const name = settings.data?.workspace_name ?? "Rapport";
  return (
    <aside
      aria-label={t("nav.sidebar")}
      className={cn(
        "grid min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)_auto] border-r bg-sunken",
        className,
      )}
    >
      <div className="px-2.5 pt-3 pb-2">
        <p className="mb-3 flex items-center gap-2 px-1.5 text-base font-semibold">
          <span
            className="grid size-5 place-items-center rounded-md bg-accent text-2xs text-accent-ink"
            aria-hidden
          >
            {[...name][0]?.toUpperCase()}
          </span>
          <span className="truncate">{name}</span>
        </p>
        <button
          type="button"
          onClick={() => (onGo?.(), openPalette())}
          className="flex h-7 w-full items-center gap-2 rounded-md border border-line-strong bg-raised pr-1 pl-2 text-left text-ink-2 hover:text-ink"
        >
          <Search className="size-3.5 shrink-0" aria-hidden />
          <span className="min-w-0 flex-1 truncate">{t("palette.open")}</span>
          <Kbd>{isMac ? "⌘K" : "Ctrl K"}</Kbd>
        </button>
      </div>
      <nav aria-label={t("nav.label")} className="scrollbar-thin overflow-y-auto px-2.5 pb-3">
        {GROUPS.map(({ key, places }) => (
          <div key={key} className="mt-3 first:mt-1">
            {key !== "work" && <h2 className="px-2 pb-1 text-xs text-ink-3">{t(`nav.group.${key}`)}</h2>}
            <ul>
              {places.filter(isOffered).map((place) => (
                <li key={place.key}>
                  <NavLink place={place} onGo={onGo} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <div className="border-t border-transparent p-2.5">
        <JobsNote />
        <Switches onGo={onGo} />
      </div>
    </aside>
  );
}

/** How much waits at a place. */
function Waiting({ place }: { place: Place["key"] }) {
  const t = useT();
  const formats = useFormats();
  const n = useWaiting(place);
  if (n === 0 || (place !== "tasks" && place !== "tickets")) return null;
  return (
    <span className="numeric rounded-sm bg-accent-soft px-1.5 text-2xs font-medium text-accent-text">
      <span aria-hidden>{formats.number(n)}</span>
      <span className="sr-only">{t(`nav.waiting.${place}`, { count: n, text: formats.number(n) })}</span>
    </span>
  );
}

function NavLink({ place, onGo }: { place: Place; onGo: (() => void) | undefined }) {
  const t = useT();
  const Icon = place.icon;
  return (
    <Link
      to={place.to}
      activeOptions={{ exact: place.to === "/", includeSearch: false }}
      activeProps={{ className: "bg-hover text-ink font-medium [&_svg]:text-ink", "aria-current": "page" }}
      inactiveProps={{ className: "text-ink-2" }}
      className="flex h-7 items-center gap-2.5 rounded-md px-2 hover:bg-hover hover:text-ink phone:h-10 [&_svg]:size-4"
      onClick={onGo}
    >
      <Icon aria-hidden />
      <span className="min-w-0 flex-1 truncate">{t(`nav.${place.key}`)}</span>
      <Waiting place={place.key} />
    </Link>
  );
}

function Switches({ onGo }: { onGo: (() => void) | undefined }) {
  const t = useT();
  const isDark = useIsDark();
  const language = useLanguage();
  return (
    <div className="flex items-center justify-between">
      <div className="flex items-center">
        <IconButton
          label={t(isDark ? "theme.toLight" : "theme.toDark")}
          onClick={() => chooseTheme(isDark ? "light" : "dark")}
        >
          {isDark ? <Sun /> : <Moon />}
        </IconButton>
        <Button
          variant="ghost"
          className="px-2"
          aria-label={t("language.switch")}
          onClick={() => void chooseLanguage(language === "en" ? "zh" : "en")}
        >
          <Languages />
          {language === "en" ? "EN" : "中"}
        </Button>
      </div>
      <Button asChild variant="ghost" size="icon">
        <Link to={SETTINGS.to} aria-label={t("nav.settings")} title={t("nav.settings")} onClick={onGo}>
          <SETTINGS.icon />
        </Link>
      </Button>
    </div>
  );
}
