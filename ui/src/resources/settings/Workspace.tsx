import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Settings } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { settingsQuery } from "@/components/admin/settings";
import { messageOf } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Field, Input } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { Section } from "./Section";

export function Workspace() {
  const t = useT();
  const data = useData();
  const { data: settings } = useQuery(settingsQuery(data));
  return (
    <Section title={t("settings.workspace")} hint={t("settings.workspaceHint")}>
      {settings && <WorkspaceForm settings={settings} />}
    </Section>
  );
}

function WorkspaceForm({ settings }: { settings: Settings }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  // Only what was typed here: the rest is not sent, for another administrator may have changed it.
  const [changes, setChanges] = useState<Partial<Settings>>({});
  const changed = Object.fromEntries(
    Object.entries(changes).filter(([key, value]) => value !== settings[key as keyof Settings]),
  );
  const save = useMutation({
    mutationFn: () => data.updateSettings(changed),
    onSuccess: (saved) => {
      client.setQueryData(keys.settings, saved);
      setChanges({});
      toast.success(t("edit.saved", { what: t("settings.workspace") }));
    },
    onError: (error) => toast.error(t("edit.failed"), { description: messageOf(error) }),
  });
  const upper = (text: string) => text.toUpperCase();
  const field = (key: Exclude<keyof Settings, "attaches_companies">, label: string, length?: number) => (
    <Field label={label}>
      {(props) => (
        <Input
          {...props}
          required
          {...(length ? { maxLength: length, minLength: length, pattern: `[A-Za-z]{${length}}` } : {})}
          value={changes[key] ?? settings[key]}
          onChange={(event) =>
            setChanges({ ...changes, [key]: length ? upper(event.target.value) : event.target.value })
          }
        />
      )}
    </Field>
  );
  return (
    <form className="grid gap-3" onSubmit={(event) => (event.preventDefault(), save.mutate())}>
      <fieldset className="grid min-w-0 gap-3 sm:grid-cols-3" disabled={save.isPending}>
        {field("workspace_name", t("settings.workspaceName"))}
        {field("default_currency", t("settings.currency"), 3)}
        {field("default_region", t("settings.region"), 2)}
        <div className="grid gap-1 sm:col-span-3">
          <label className="flex items-center gap-2">
            <Checkbox
              aria-label={t("settings.attaches")}
              checked={changes.attaches_companies ?? settings.attaches_companies}
              onCheckedChange={(checked) => setChanges({ ...changes, attaches_companies: checked === true })}
            />
            {t("settings.attaches")}
          </label>
          <p className="text-xs text-ink-3">{t("settings.attachesHint")}</p>
        </div>
      </fieldset>
      <Button type="submit" className="justify-self-start" disabled={save.isPending}>
        {t("common.save")}
      </Button>
    </form>
  );
}
