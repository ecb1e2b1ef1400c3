import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { Import } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Card } from "@/components/ui/bits";
import { Field, Select } from "@/components/ui/fields";
import { useFormats, useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";

/** Which system's export a file is, as recognized by its header; the columns are mapped anew with every choice. */
export function PresetSelect({ one }: { one: Import }) {
  const t = useT();
  const formats = useFormats();
  const data = useData();
  const client = useQueryClient();
  const mayWrite = useMay("import_files");
  const presets = useQuery({
    queryKey: keys.importPresets,
    queryFn: () => data.importPresets(),
    staleTime: Infinity,
  });
  const choose = useMutation({
    mutationFn: (preset: string | null) => data.setPreset(one.id, preset),
    onSettled: () => client.invalidateQueries({ queryKey: keys.record("imports", one.id) }),
  });
  const chosen = choose.isPending ? choose.variables : (one.mapping.preset ?? null);
  const notice = presets.data?.find(({ key }) => key === chosen)?.notice;
  const error = choose.error ?? presets.error;
  return (
    <Card>
      <Field
        label={t("importing.preset")}
        hint={notice ? formats.text(notice) : t("importing.presetHint")}
        error={error ? messageOf(error) : undefined}
        className="max-w-xl px-4 py-3"
      >
        {(props) => (
          // Not disabled while it waits: that would take the keyboard's place away.
          <Select
            {...props}
            value={chosen ?? ""}
            disabled={!mayWrite}
            aria-busy={choose.isPending}
            onChange={(event) => choose.mutate(event.target.value || null)}
          >
            <option value="">{t("importing.noPreset")}</option>
            {presets.data?.map(({ key, label }) => (
              <option key={key} value={key}>
                {formats.text(label)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </Card>
  );
}
