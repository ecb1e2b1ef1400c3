import type { DataProvider } from "../dataProvider";
import { ApiError } from "../problem";
import { OBJECT_OF, type CustomResource } from "@/resources/custom/customModel";
import type * as Wire from "../types";
import { FIELDS } from "./importing";
import type { Random } from "./random";

type CustomFieldProvider = Pick<
  DataProvider,
  "customFields" | "createCustomField" | "updateCustomField" | "deleteCustomField" | "importFields"
>;

const ROWS_OF = Object.entries(OBJECT_OF) as [CustomResource, Wire.CustomField["object"]][];

/** The fields that rows of a file can fill because the company has defined them. */
function rowFieldsOf({ object, key, label, is_required }: Wire.CustomField): Wire.FieldInfo[] {
  const name = `custom.${key}`;
  return ROWS_OF.flatMap(([entity, of]) =>
    of === object && entity !== "tasks" ? [{ entity, name, label, required: is_required }] : [],
  );
}

/** The company's own fields. */
export function customFieldProvider(
  random: Random,
  nowText: () => string,
  answer: <T>(make: () => T) => Promise<T>,
): CustomFieldProvider {
  let fields: Wire.CustomField[] = [];
  const find = (id: Wire.Id) => {
    const found = fields.find((field) => field.id === id);
    if (!found) throw new ApiError(404, "not_found", "there is no such custom field");
    return found;
  };
  return {
    customFields: () => answer(() => fields.toSorted((a, b) => a.position - b.position)),
    importFields: () => answer(() => [...FIELDS, ...fields.flatMap(rowFieldsOf)]),
    createCustomField: (field) =>
      answer(() => {
        const at = nowText();
        const made: Wire.CustomField = {
          help: null,
          default: null,
          is_required: false,
          is_unique: false,
          is_indexed: false,
          is_searchable: false,
          ...field,
          id: random.id(),
          position: fields.length + 1,
          archived_at: null,
          created_at: at,
          updated_at: at,
          version: 1,
        };
        fields = [...fields, made];
        return made;
      }),
    updateCustomField: (id, version, { is_archived, ...change }) =>
      answer(() => {
        const before = find(id);
        if (before.version !== version) throw new ApiError(412, "version_conflict", "changed meanwhile");
        const after = { ...before, ...change, version: version + 1, updated_at: nowText() };
        if (is_archived !== undefined) after.archived_at = is_archived ? nowText() : null;
        fields = fields.map((field) => (field.id === id ? after : field));
        return after;
      }),
    deleteCustomField: (id) =>
      answer(() => {
        const gone = find(id);
        fields = fields.filter((field) => field !== gone);
      }),
  };
}
