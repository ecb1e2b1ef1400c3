import type { WebhookEventType } from "@/api/types";
import { Checkbox } from "@/components/ui/Checkbox";
import { useT } from "@/i18n";
import { useTypeText } from "./useTypeText";
import { groupsOf, withGroup, wordsOf } from "./webhookModel";

interface TypePickerProps {
  types: WebhookEventType[];
  chosen: WebhookEventType[];
  onChange: (chosen: WebhookEventType[]) => void;
}

/** What is told: a line for each kind of record, a box for each of its changes. */
export function TypePicker({ types, chosen, onChange }: TypePickerProps) {
  const t = useT();
  const typeText = useTypeText();
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-xs font-medium text-ink-2">{t("webhooks.types")}</legend>
      {groupsOf(types).map(({ object, types: group }) => {
        const name = t(`webhooks.object.${object}`);
        const nChosen = group.filter((type) => chosen.includes(type)).length;
        return (
          <div key={object} className="flex items-start gap-x-4 phone:flex-wrap">
            <label className="flex w-28 shrink-0 items-center gap-2 font-medium phone:w-full">
              <Checkbox
                aria-label={t("webhooks.all", { name })}
                checked={nChosen === group.length ? true : nChosen > 0 ? "indeterminate" : false}
                onCheckedChange={(isChosen) => onChange(withGroup(chosen, group, isChosen === true))}
              />
              {name}
            </label>
            <span className="flex flex-wrap gap-x-4 gap-y-1 phone:pl-6">
              {group.map((type) => (
                <label key={type} className="flex items-center gap-2">
                  <Checkbox
                    aria-label={typeText(type)}
                    checked={chosen.includes(type)}
                    onCheckedChange={(isChosen) => onChange(withGroup(chosen, [type], isChosen === true))}
                  />
                  {t(`webhooks.change.${wordsOf(type)[1]}`)}
                </label>
              ))}
            </span>
          </div>
        );
      })}
    </fieldset>
  );
}
