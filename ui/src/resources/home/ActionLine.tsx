import { Link } from "@tanstack/react-router";
import {
  AlarmClock,
  Check,
  CheckSquare,
  ListPlus,
  PhoneCall,
  ScatterChart,
  Sparkles,
  TicketCheck,
  Wrench,
  type LucideIcon,
} from "lucide-react";

import type { HomeAction } from "@/api/types";
import { Kbd } from "@/components/ui/bits";
import { IconButton } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";
import { useDeeds, type TaskDeed } from "./useTaskActions";

const ICONS: Record<string, LucideIcon> = {
  call_customer: PhoneCall,
  answer_ticket: TicketCheck,
  do_task: CheckSquare,
  mend_import: Wrench,
  view_segments: ScatterChart,
};

const DEED_ICONS: Record<TaskDeed, LucideIcon> = { done: Check, snooze: AlarmClock, task: ListPlus };

interface ActionLineProps {
  action: HomeAction;
  /** The key that opens it, where there is one. */
  number: number | null;
  onDeed: (deed: TaskDeed) => void;
}

/** One thing to do: a link to where it is done, and what settles it on the spot. */
export function ActionLine({ action, number, onDeed }: ActionLineProps) {
  const t = useT();
  const formats = useFormats();
  const deedsFor = useDeeds();
  const Icon = ICONS[action.kind] ?? Sparkles;
  const title = formats.text(action.title);
  return (
    <li className="flex items-center gap-1 border-t pr-4 first:border-0 hover:bg-hover">
      <Link
        to={action.href}
        data-action
        {...(number === null ? {} : { "aria-keyshortcuts": String(number) })}
        className="flex min-w-0 flex-1 items-center gap-3 py-2 pl-4"
      >
        <span
          className="grid size-8 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent-text"
          aria-hidden
        >
          <Icon className="size-4" />
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{title}</span>
          <span className="block text-xs text-ink-2 md:truncate">{formats.text(action.reason)}</span>
        </span>
      </Link>
      {deedsFor(action).map((deed) => {
        const DeedIcon = DEED_ICONS[deed];
        return (
          <IconButton key={deed} label={t(`home.deed.${deed}`, { title })} onClick={() => onDeed(deed)}>
            <DeedIcon />
          </IconButton>
        );
      })}
      {number !== null && (
        <span className="ml-1 phone:hidden" aria-hidden>
          <Kbd>{number}</Kbd>
        </span>
      )}
    </li>
  );
}
