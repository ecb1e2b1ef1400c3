import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { Field, Input, Select } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { ACTIONS, OBJECTS, parseAuditSearch, type AuditSearch } from "./auditSearch";

interface AuditFiltersProps {
  search: AuditSearch;
  onChange: (search: AuditSearch) => void;
}

/** What of the audit is asked for; it stands in the address, so that it can be handed on. */
export function AuditFilters({ search, onChange }: AuditFiltersProps) {
  const t = useT();
  const data = useData();
  const users = useQuery({
    queryKey: keys.list("users", "audit"),
    queryFn: () => data.list("users", {}, { limit: 200 }),
  });
  const set = (key: keyof AuditSearch, value: string) =>
    onChange(parseAuditSearch({ ...search, [key]: value }));
  return (
    <div role="group" aria-label={t("audit.filters")} className="grid gap-3 p-4">
      <div className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-3">
        <Field label={t("audit.what")}>
          {(props) => (
            <Select {...props} value={search.action ?? ""} onChange={(e) => set("action", e.target.value)}>
              <option value="">{t("audit.everything")}</option>
              {ACTIONS.map((action) => (
                <option key={action} value={action}>
                  {t(`audit.action.${action}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("audit.kind")}>
          {(props) => (
            <Select {...props} value={search.object ?? ""} onChange={(e) => set("object", e.target.value)}>
              <option value="">{t("audit.everything")}</option>
              {OBJECTS.map((object) => (
                <option key={object} value={object}>
                  {t(`audit.object.${object}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("audit.who")}>
          {(props) => (
            <Select {...props} value={search.user ?? ""} onChange={(e) => set("user", e.target.value)}>
              <option value="">{t("audit.everybody")}</option>
              {(users.data?.items ?? []).map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("audit.from")}>
          {(props) => (
            <Input
              {...props}
              type="date"
              value={search.from ?? ""}
              onChange={(e) => set("from", e.target.value)}
            />
          )}
        </Field>
        <Field label={t("audit.to")}>
          {(props) => (
            <Input
              {...props}
              type="date"
              value={search.to ?? ""}
              onChange={(e) => set("to", e.target.value)}
            />
          )}
        </Field>
      </div>
      {Object.keys(search).length > 0 && (
        <div className="flex flex-wrap items-center gap-3">
          {search.record && <p className="text-ink-2">{t("audit.ofOneRecord")}</p>}
          <Button size="sm" onClick={() => onChange({})}>
            <X />
            {t("audit.clear")}
          </Button>
        </div>
      )}
    </div>
  );
}
