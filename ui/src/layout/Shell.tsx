import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import { editsOf } from "@/components/admin/edits";
import { settingsQuery } from "@/components/admin/settings";
import { Catch } from "@/components/ui/Catch";
import { useT, WorkspaceCurrency } from "@/i18n";
import { useHotkeys } from "./hotkeys";
import { useLiveUpdates } from "./live";
import { PLACES } from "./navigation";
import { ShellContext, Sidebar } from "./Sidebar";
import { useIsPhone } from "./useIsPhone";

const Drawer = lazy(() => import("./Drawer"));
const CommandPalette = lazy(() => import("./CommandPalette"));
const ShortcutHelp = lazy(() => import("./ShortcutHelp"));

type Overlay = "palette" | "shortcuts" | "menu" | null;

/** The frame around every screen after sign-in. */
export function Shell() {
  const t = useT();
  const navigate = useNavigate();
  const client = useQueryClient();
  const isPhone = useIsPhone();
  const [overlay, setOverlay] = useState<Overlay>(null);
  const settings = useQuery(settingsQuery(useData()));
  useLiveUpdates();

  const shell = useMemo(
    () => ({ openPalette: () => setOverlay("palette"), openMenu: () => setOverlay("menu") }),
    [],
  );
  const goTo = Object.fromEntries(PLACES.map(({ letter, to }) => [`g ${letter}`, () => navigate({ to })]));
  useHotkeys({
    ...goTo,
    "mod+k": () => setOverlay((now) => (now === "palette" ? null : "palette")),
    "mod+z": () => editsOf(client).undoLast(),
    "?": () => setOverlay("shortcuts"),
  });
  const close = () => setOverlay(null);
  // The browser remembers that a part is missing, so only a reload brings it: say so, keep the page.
  const sayFailed = () => {
    toast.error(t("error.partFailed"), {
      action: { label: t("error.reload"), onClick: () => location.reload() },
    });
    close();
  };

  return (
    <WorkspaceCurrency value={settings.data?.default_currency ?? null}>
      <ShellContext value={shell}>
        <a
          href="#main"
          className="sr-only z-50 rounded-md bg-raised px-3 py-2 shadow-float focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        >
          {t("nav.skip")}
        </a>
        <div className="grid h-dvh grid-cols-[13.5rem_minmax(0,1fr)] grid-rows-[minmax(0,1fr)] phone:grid-cols-[minmax(0,1fr)]">
          {!isPhone && <Sidebar />}
          <main id="main" tabIndex={-1} className="min-h-0 min-w-0 outline-none">
            <Outlet />
          </main>
        </div>
        <Catch key={overlay} onError={sayFailed}>
          <Suspense>
            {isPhone && overlay === "menu" && <Drawer onClose={close} />}
            {overlay === "palette" && (
              <CommandPalette onClose={close} onHelp={() => setOverlay("shortcuts")} />
            )}
            {overlay === "shortcuts" && <ShortcutHelp onClose={close} />}
          </Suspense>
        </Catch>
      </ShellContext>
    </WorkspaceCurrency>
  );
}
