import type { EditResource } from "@/api/dataProvider";
import { useT } from "@/i18n";

/** What a field of ours that is set in bulk is called on the screen. */
export function useFieldLabel(resource: EditResource): (field: string) => string {
  const t = useT();
  return (field) => {
    switch (field) {
      case "owner_id":
        return t("contact.owner");
      case "company_id":
        return t("contact.company");
      case "title":
        return t("contact.title");
      case "tags":
        return t("contact.tags");
      case "industry":
        return t("company.industry");
      case "stage_id":
        return t("bulk.stageField");
      case "expected_close_on":
        return t("bulk.closeOn");
      case "due_on":
        return t("tasks.dueOn");
      case "priority":
        return t("ticket.priority");
      default:
        return resource === "tasks" ? t("bulk.taskStatus") : t("ticket.status");
    }
  };
}
