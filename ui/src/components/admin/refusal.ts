import { ApiError } from "@/api/problem";
import { messageOf, problemText } from "@/i18n/problems";

export interface Refusal {
  /** What is said against a field: `email`, `address`, `custom/size`. It counts as said there. */
  of: (field: string) => string | undefined;
  /** What no field has said; asked for last. */
  rest: () => string | undefined;
}

/** What the server refused of a form, told apart by the field that it is about. */
export function refusalOf(error: Error | null): Refusal {
  const violations = error instanceof ApiError ? error.violations : [];
  const said = new Set<object>();
  return {
    of: (field) => {
      const violation = violations.find(({ pointer }) => isAbout(pointer, field));
      if (violation) said.add(violation);
      return violation && problemText(violation);
    },
    rest: () => {
      const unsaid = violations.find((violation) => !said.has(violation));
      if (unsaid) return nameOf(unsaid.pointer) + problemText(unsaid);
      return error && said.size === 0 ? messageOf(error) : undefined;
    },
  };
}

/** A reference is blamed by its part: "/subject/id"; a custom field is never taken for another of its name. */
const isAbout = (pointer: string, field: string) =>
  isCustom(pointer) ? pointer === `/${field}` : `${pointer}/`.includes(`/${field}/`);

const isCustom = (pointer: string) => pointer.startsWith("/custom/");

/** A custom field that the form does not show is called as it is in files. */
const nameOf = (pointer: string) => (isCustom(pointer) ? `${pointer.slice(1).replace("/", ".")}: ` : "");
