import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { Input } from "@/components/ui/fields";
import { Popover } from "@/components/ui/Popover";
import { useFormats, useT } from "@/i18n";
import { messageOf } from "@/i18n/problems";
import { useSettled } from "@/layout/useSettled";
import { figureText } from "@/resources/models/figures";
import { useRunName } from "./useRunName";

/** Typing settles for this long before the server is asked, in milliseconds. */
const SETTLE_MS = 150;
const N_OFFERED = 8;

interface RunPickerProps {
  /** Those that are chosen already. */
  taken: string[];
  onPick: (id: string) => void;
}

/** Finds a run by text, the newest first, and takes it into the comparison. */
export function RunPicker({ taken, onPick }: RunPickerProps) {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      label={t("compare.add")}
      open={isOpen}
      onOpenChange={setOpen}
      className="w-80 max-w-[calc(100vw-1rem)] p-2"
      trigger={
        <Button variant="ghost">
          <Plus />
          {t("compare.add")}
        </Button>
      }
    >
      <Found taken={taken} onPick={(id) => (setOpen(false), onPick(id))} />
    </Popover>
  );
}

function Found({ taken, onPick }: RunPickerProps) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const runName = useRunName();
  const [text, setText] = useState("");
  const search = useSettled(text.trim(), SETTLE_MS);
  const found = useQuery({
    queryKey: keys.list("runs", "picker", search),
    queryFn: () =>
      data.list(
        "runs",
        { sort: "-started_at", ...(search ? { search } : {}) },
        { limit: N_OFFERED + taken.length },
      ),
    placeholderData: (before) => before,
  });
  const runs = found.data?.items.filter(({ id }) => !taken.includes(id)).slice(0, N_OFFERED) ?? [];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
      <Input
        type="search"
        aria-label={t("compare.add")}
        placeholder={t("compare.addHint")}
        value={text}
        onChange={(event) => setText(event.target.value)}
        autoFocus
      />
      <ul aria-label={t("picker.results")} aria-busy={found.isPlaceholderData}>
        {runs.map((run) => (
          <li key={run.id}>
            <button
              type="button"
              onClick={() => onPick(run.id)}
              className="grid w-full grid-cols-[minmax(0,1fr)_auto] gap-x-3 rounded-md px-2 py-1.5 text-left hover:bg-hover focus-visible:bg-hover"
            >
              <span className="truncate">{runName(run)}</span>
              <span className="numeric">{figureText(run.headline?.value, formats)}</span>
              <span className="col-span-2 text-xs text-ink-3">{formats.dateTime(run.started_at)}</span>
            </button>
          </li>
        ))}
      </ul>
      {found.error ? (
        <p role="alert" className="px-2 pb-1 text-bad">
          {messageOf(found.error)}
        </p>
      ) : (
        runs.length === 0 && (
          <p className="px-2 pb-1 text-ink-2">{t(found.isPending ? "common.loading" : "picker.nothing")}</p>
        )
      )}
    </div>
  );
}
