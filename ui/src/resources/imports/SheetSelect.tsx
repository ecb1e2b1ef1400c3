import { useMutation, useQueryClient } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { Import } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Card } from "@/components/ui/bits";
import { Field, Select } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { useMay } from "@/resources/session/useSession";

/** Which sheet of a workbook is read; the file is looked at anew with every choice. */
export function SheetSelect({ one }: { one: Import }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const mayWrite = useMay("import_files");
  const choose = useMutation({
    mutationFn: (sheet: string) => data.setSheet(one.id, sheet),
    onSettled: () => client.invalidateQueries({ queryKey: keys.record("imports", one.id) }),
  });
  const chosen = choose.isPending ? choose.variables : (one.format.sheet ?? "");
  return (
    <Card>
      <Field
        label={t("importing.sheet")}
        hint={t("importing.sheetHint")}
        error={choose.error ? messageOf(choose.error) : undefined}
        className="max-w-md px-4 py-3"
      >
        {(props) => (
          // Not disabled while it waits: that would take the keyboard's place away.
          <Select
            {...props}
            value={chosen}
            disabled={!mayWrite}
            aria-busy={choose.isPending}
            onChange={(event) => choose.mutate(event.target.value)}
          >
            {one.format.sheets.map(({ name, is_visible }) => (
              <option key={name} value={name}>
                {is_visible ? name : t("importing.hiddenSheet", { name })}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </Card>
  );
}
