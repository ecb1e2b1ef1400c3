import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { useData } from "@/api/context";
import type { Reference } from "@/api/types";
import { keys } from "@/components/admin/caches";
import type { Filter } from "@/components/admin/filters";
import type { Option } from "@/components/admin/InlineChoice";
import { useFormats, useT } from "@/i18n";
import { countryCode, countryCodes, spellingsOf } from "@/i18n/countries";
import { useUser } from "@/resources/session/useSession";

/** Languages that customers most often write in; any other that a source names is kept. */
const LANGUAGES = ["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "zh"];

function byLabel(options: Option[], language: string): Option[] {
  return options.sort((a, b) => a.label.localeCompare(b.label, language));
}

/** All countries by code, in the reader's language and order. */
export function useCountryOptions(): Option[] {
  const formats = useFormats();
  return useMemo(
    () =>
      byLabel(
        countryCodes().map((value) => ({ value, label: formats.country(value) })),
        formats.language,
      ),
    [formats],
  );
}

export function useLanguageOptions(): Option[] {
  const formats = useFormats();
  return useMemo(
    () =>
      byLabel(
        LANGUAGES.map((value) => ({ value, label: formats.languageName(value) })),
        formats.language,
      ),
    [formats],
  );
}

/** Everybody is told who may sign in; administrators are told of users who left, too. */
function useUsers() {
  const data = useData();
  const { data: users } = useQuery({
    queryKey: keys.list("users"),
    queryFn: () => data.list("users", {}, { limit: 200 }),
    staleTime: 60_000,
  });
  return users?.items ?? [];
}

/** Who can be in charge: everybody who may sign in, and who is in charge now. */
export function useOwnerOptions(current: Reference | null = null): Option[] {
  const active = useUsers().filter((user) => user.disabled_at === null);
  return named([...active, useUser(), current]);
}

/** By whose records a list can be narrowed: also by those of users who left, to hand them over. */
export const useOwnerFilterOptions = (): Option[] => named([...useUsers(), useUser()]);

function named(users: (Reference | null)[]): Option[] {
  const names = new Map(users.filter((user) => user !== null).map(({ id, name }) => [id, name]));
  return [...names].map(([value, label]) => ({ value, label }));
}

/** The code of a country as a record holds it; what no table knows stays as it is. */
export const codeOf = (country: string | null): string | null =>
  country === null ? null : (countryCode(country) ?? country);

/** Narrows by country, however the sources wrote it: one option finds "China", "CN" and "中国". */
export function useCountryFilter(): Filter {
  const t = useT();
  const countries = useCountryOptions();
  return useMemo(() => {
    const valueOf = (code: string) => spellingsOf(code).join(",");
    return {
      field: "country",
      label: t("contact.country"),
      kind: "choice",
      operators: ["in", "is_null", "not_null"],
      options: countries.map(({ value, label }) => ({ value: valueOf(value), label })),
      canonical: (value) => {
        const code = countryCode(value.split(",")[0] ?? "");
        return code === null ? value : valueOf(code);
      },
    };
  }, [t, countries]);
}
