import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { MatchingSettings } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Dialog } from "@/components/ui/Dialog";
import { Field, Input } from "@/components/ui/fields";
import { useFormats, useT } from "@/i18n";
import { Refusal } from "@/resources/access/Refusal";
import { changesOf, percentOf, thresholdOf } from "./settingsModel";

interface SettingsDialogProps {
  settings: MatchingSettings;
  onClose: () => void;
}

/** Whether the program merges by itself, from when on, and what that means. */
export default function SettingsDialog({ settings, onClose }: SettingsDialogProps) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const [isAutomatic, setAutomatic] = useState(settings.is_automatic);
  const [percent, setPercent] = useState(percentOf(settings.threshold));
  const [distinct, setDistinct] = useState<ReadonlySet<string>>(new Set(settings.distinct_sources));
  const sources = useQuery({ queryKey: keys.sources, queryFn: () => data.sources() }).data ?? [];
  const threshold = thresholdOf(percent);
  const save = useMutation({
    mutationFn: () =>
      data.updateMatchingSettings(
        changesOf(settings, {
          is_automatic: isAutomatic,
          threshold: threshold!,
          distinct_sources: [...distinct],
        }),
      ),
    onSuccess: (saved) => {
      client.setQueryData(keys.matchingSettings, saved);
      void client.invalidateQueries({ queryKey: keys.matchPairs() });
      toast.success(t("edit.saved", { what: t("duplicates.settings") }));
      onClose();
    },
  });

  function toggle(id: string, isOn: boolean) {
    const next = new Set(distinct);
    if (isOn) next.add(id);
    else next.delete(id);
    setDistinct(next);
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("duplicates.settings")}
      description={t("duplicates.settingsHint")}
    >
      <form
        className="scrollbar-thin grid gap-4 overflow-y-auto p-5"
        onSubmit={(event) => (event.preventDefault(), save.mutate())}
      >
        <label className="flex items-center gap-2 font-medium">
          <Checkbox
            aria-label={t("duplicates.isAutomatic")}
            checked={isAutomatic}
            onCheckedChange={(checked) => setAutomatic(checked === true)}
          />
          {t("duplicates.isAutomatic")}
        </label>
        <Field
          label={t("duplicates.threshold")}
          {...(threshold === null
            ? { error: t("duplicates.thresholdWrong") }
            : {
                hint: t("duplicates.thresholdHint", {
                  percent: `${percentOf(threshold)}%`,
                  text: formats.number((1 - threshold) * 10_000, { maximumSignificantDigits: 2 }),
                }),
              })}
        >
          {(props) => (
            <Input
              {...props}
              inputMode="decimal"
              autoComplete="off"
              className="max-w-32"
              value={percent}
              onChange={(event) => setPercent(event.target.value)}
            />
          )}
        </Field>
        {sources.length > 0 && (
          <fieldset className="grid gap-1.5">
            <legend className="mb-1 text-xs font-medium text-ink-2">{t("duplicates.distinct")}</legend>
            {sources.map(({ id, name }) => (
              <label key={id} className="flex items-center gap-2">
                <Checkbox
                  aria-label={name}
                  checked={distinct.has(id)}
                  onCheckedChange={(checked) => toggle(id, checked === true)}
                />
                {name}
              </label>
            ))}
            <p className="text-xs text-ink-3">{t("duplicates.distinctHint")}</p>
          </fieldset>
        )}
        <Refusal error={save.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={threshold === null || save.isPending}>
            {t("common.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
