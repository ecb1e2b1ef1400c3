import { useNavigate, Link } from "@tanstack/react-router";
import {
  ArrowRight,
  CheckSquare,
  PhoneCall,
  ScatterChart,
  Sparkles,
  TicketCheck,
  Wrench,
  type LucideIcon,
} from "lucide-react";

import type { HomeAction } from "@/api/types";
import { Card, CardTitle, Kbd } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { useHotkeys } from "@/layout/hotkeys";

const ICONS: Record<string, LucideIcon> = {
  call_customer: PhoneCall,
  answer_ticket: TicketCheck,
  do_task: CheckSquare,
  mend_import: Wrench,
  view_segments: ScatterChart,
};

/** "Do these now": ranked, each with its reason and a number key that opens it. */
export function Actions({ actions }: { actions: HomeAction[] }) {
  const t = useT();
  const formats = useFormats();
  const navigate = useNavigate();
  const shown = actions.slice(0, 9);
  useHotkeys(Object.fromEntries(shown.map(({ href }, i) => [String(i + 1), () => navigate({ href })])));
  return (
    <Card>
      <CardTitle>{t("home.doNow")}</CardTitle>
      {shown.length === 0 ? (
        <p className="px-4 pb-4 text-ink-2">{t("home.nothingToDo")}</p>
      ) : (
        <ol className="pt-1 pb-2">
          {shown.map((action, i) => {
            const Icon = ICONS[action.kind] ?? Sparkles;
            return (
              <li key={action.id} className="border-t first:border-0">
                <Link to={action.href} className="group flex items-center gap-3 px-4 py-2 hover:bg-hover">
                  <span
                    className="grid size-8 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent-text"
                    aria-hidden
                  >
                    <Icon className="size-4" />
                  </span>
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium">{formats.text(action.title)}</span>
                    <span className="block text-xs text-ink-2 md:truncate">
                      {formats.text(action.reason)}
                    </span>
                  </span>
                  <ArrowRight
                    className="size-4 text-ink-3 opacity-0 transition-opacity group-hover:opacity-100 phone:hidden"
                    aria-hidden
                  />
                  <span className="phone:hidden" aria-hidden>
                    <Kbd>{i + 1}</Kbd>
                  </span>
                </Link>
              </li>
            );
          })}
        </ol>
      )}
    </Card>
  );
}
