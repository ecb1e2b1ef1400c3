import { Check } from "lucide-react";

import type { ContactMergeField, ContactProfile, MatchSide } from "@/api/types";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import { Value } from "@/resources/duplicates/Evidence";
import { SideHead } from "@/resources/duplicates/SideHead";
import { useFieldTexts } from "@/resources/duplicates/useFieldTexts";
import { useFieldState } from "@/resources/session/useFieldState";
import { mergedFields, type MergedField, type Side } from "./mergeModel";

/** A contact as it stands in a pair. */
export function sideOf({ contact, identities }: ContactProfile): MatchSide {
  const sources = new Map(identities.map(({ source }) => [source.id, source]));
  return {
    ...{ contact_id: contact.id, name: contact.name, n_orders: contact.n_orders },
    ...{ created_at: contact.created_at, n_identities: identities.length, sources: [...sources.values()] },
  };
}

interface MergePreviewProps {
  left: ContactProfile;
  right: ContactProfile;
  stays: Side;
  /** Absent where it is not to be chosen here. */
  onStay?: (side: Side) => void;
  /** What the server says of each field; undefined until it has. */
  told: ContactMergeField[] | undefined;
}

const SIDES: Side[] = ["left", "right"];

/** What the two hold, field by field, and which value a merge leaves. */
export function MergePreview({ left, right, stays, onStay, told }: MergePreviewProps) {
  const t = useT();
  const formats = useFormats();
  const { nameOf, valuesOf } = useFieldTexts();
  const stateOf = useFieldState("contact");
  const of = { left, right };
  const written = (field: MergedField): MergedField =>
    field.field === "language"
      ? { ...field, left: languageOf(field.left), right: languageOf(field.right) }
      : field;
  const languageOf = (code: string | null) => code && formats.languageName(code);
  const fields = mergedFields(left.contact, right.contact, stays, told).filter(
    ({ field }) => stateOf(ruledName(field)) !== "hidden",
  );
  return (
    <div tabIndex={0} className="scrollbar-thin overflow-x-auto rounded-xl border outline-none">
      <table className="w-full min-w-md table-fixed phone:min-w-0 border-separate border-spacing-0">
        <caption className="sr-only">{t("duplicates.compared")}</caption>
        <colgroup>
          <col className="w-24 phone:w-18" />
          <col />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th
              scope="col"
              className="border-b px-3 py-1.5 text-left align-bottom text-xs font-medium text-ink-2"
            >
              {t("duplicates.field")}
            </th>
            {SIDES.map((side, i) => (
              <th
                key={side}
                scope="col"
                className="border-b border-l px-3 text-left align-top font-normal phone:px-2"
              >
                <SideHead
                  side={sideOf(of[side])}
                  number={i === 0 ? 1 : 2}
                  isStaying={stays === side}
                  onStay={onStay && (() => onStay(side))}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="[&>tr:last-child>*]:border-b-0">
          {fields.map((field) => {
            const [one, other] = valuesOf(written(field));
            const values = { left: one, right: other };
            return (
              <tr key={field.field}>
                <th scope="row" className="border-b px-3 py-1.5 text-left text-xs font-normal text-ink-2">
                  {nameOf(field.field)}
                </th>
                {SIDES.map((side) => (
                  <td
                    key={side}
                    className={cn(
                      "border-b border-l px-3 py-1.5 break-words phone:px-2",
                      !isKept(field, side) && "text-ink-3",
                    )}
                  >
                    <Value pieces={plain(values[side])} />
                    {isKept(field, side) && <Kept field={field} />}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const plain = (text: string | null) => (text === null ? null : [{ text, isMarked: false }]);

const ruledName = (field: string) =>
  ["street", "city", "region", "postal_code", "country"].includes(field) ? "address" : field;

const isKept = ({ survivor }: MergedField, side: Side) => survivor === side || survivor === "both";

/** Says that a value is there after the merge. */
function Kept({ field: { survivor, isFilled } }: { field: MergedField }) {
  const t = useT();
  const why = survivor === "both" ? "identity.united" : isFilled ? "identity.filled" : "identity.kept";
  return (
    <span className="ml-1.5 inline-flex items-center gap-0.5 align-middle text-2xs text-good">
      <Check className="size-3" aria-hidden />
      <span className={cn(why === "identity.kept" && "sr-only")}>{t(why)}</span>
    </span>
  );
}
