import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Scope } from "@/api/types";
import { messageOf } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Field, Input, Select } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { endAfter, KEYS_QUERY, scopeText } from "./apiKeyModel";

const DAYS = [30, 90, 365];

/** Makes a key and shows it this once. */
export function ApiKeyForm({ scopes }: { scopes: Scope[] }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [days, setDays] = useState<number | null>(90);
  const [chosen, setChosen] = useState<Scope[]>([]);
  const make = useMutation({
    mutationFn: () => data.createApiKey({ name, scopes: chosen, expires_at: endAfter(days, Date.now()) }),
    onSuccess: () => {
      setName("");
      setChosen([]);
      return client.invalidateQueries({ queryKey: KEYS_QUERY });
    },
  });
  const choose = (scope: Scope, isChosen: boolean) =>
    setChosen(isChosen ? [...chosen, scope] : chosen.filter((other) => other !== scope));
  return (
    <>
      {make.data && <NewKey secret={make.data.key} />}
      <form className="grid gap-3" onSubmit={(event) => (event.preventDefault(), make.mutate())}>
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={t("apiKeys.name")}>
            {(props) => (
              <Input
                {...props}
                required
                maxLength={100}
                autoComplete="off"
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field label={t("apiKeys.expires")}>
            {(props) => (
              <Select
                {...props}
                value={days ?? ""}
                onChange={(event) => setDays(event.target.value ? Number(event.target.value) : null)}
              >
                {DAYS.map((count) => (
                  <option key={count} value={count}>
                    {t("apiKeys.days", { count })}
                  </option>
                ))}
                <option value="">{t("apiKeys.never")}</option>
              </Select>
            )}
          </Field>
        </div>
        <fieldset className="grid gap-2 sm:grid-cols-2">
          <legend className="mb-1 font-medium">{t("apiKeys.scopes")}</legend>
          {scopes.map((scope) => (
            <label key={scope} className="flex items-center gap-2">
              <Checkbox
                aria-label={t(scopeText(scope))}
                checked={chosen.includes(scope)}
                onCheckedChange={(isChosen) => choose(scope, isChosen === true)}
              />
              {t(scopeText(scope))}
            </label>
          ))}
        </fieldset>
        {make.error && (
          <p role="alert" className="text-bad">
            {messageOf(make.error)}
          </p>
        )}
        <Button type="submit" className="justify-self-start" disabled={chosen.length === 0 || make.isPending}>
          {t("apiKeys.make")}
        </Button>
      </form>
    </>
  );
}

function NewKey({ secret }: { secret: string }) {
  const t = useT();
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => toast.success(t("apiKeys.copied")),
      () => toast.error(t("apiKeys.copyFailed")),
    );
  return (
    <div role="status" className="grid gap-2 rounded-lg border p-3">
      <p className="font-medium">{t("apiKeys.shownOnce")}</p>
      <div className="flex items-center gap-2">
        <Input
          aria-label={t("apiKeys.newKey")}
          readOnly
          value={secret}
          className="min-w-0 flex-1 font-mono"
          onFocus={(event) => event.target.select()}
        />
        <Button onClick={() => void copy()}>{t("apiKeys.copy")}</Button>
      </div>
    </div>
  );
}
