/** Texts of lists and of editing in place, in English. */
export const list = {
  count_one: "{{text}} record",
  count_other: "{{text}} records",
  countAbout_one: "about {{text}} record",
  countAbout_other: "about {{text}} records",
  columns: "Columns",
  clearSearch: "Clear the search",
  clearAll: "Clear search and filters",
  loadingMore: "Loading more rows",
  moreFailed: "More rows could not be loaded.",
  noMatch: "Nothing matches",
  noMatchHint: "Loosen the filters or search for something else.",
  select: "Select {{name}}",
  selectAll: "Select all loaded rows",
  selection: "Selected rows",
  selected_one: "{{count, number}} selected",
  selected_other: "{{count, number}} selected",
  clearSelection: "Clear the selection",
};

export const filter = {
  add: "Filter",
  field: "Field",
  condition: "Condition",
  value: "Value",
  valueIn: "Value in {{currency}}",
  apply: "Apply",
  remove: "Remove filter: {{filter}}",
  op: {
    eq: "is",
    ne: "is not",
    lt: "below",
    lte: "at most",
    gt: "above",
    gte: "at least",
    contains: "contains",
    in: "is",
    is_null: "is empty",
    not_null: "is not empty",
    date_gte: "since",
    date_lt: "before",
    date_is_null: "is empty",
    date_not_null: "is not empty",
  },
};

export const edit = {
  field: "Edit {{field}} of {{name}}",
  change: "{{field}}: {{value}}. Edit",
  empty: "empty",
  add: "Add…",
  saved: "Saved: {{what}}",
  saving: "Saving…",
  undo: "Undo",
  undone: "Undone: {{what}}",
  changedSince: "Not undone: {{what}} was changed since",
  notUndone: "Not undone: {{what}}",
  failed: "Not saved",
  failedMany_one: "{{text}} record was not saved",
  failedMany_other: "{{text}} records were not saved",
  savingMany: "Saving {{done}} of {{total}}…",
  savedMany_one: "Saved: {{what}} of {{text}} record",
  savedMany_other: "Saved: {{what}} of {{text}} records",
  conflict:
    "Somebody else changed this record meanwhile. The newest values are shown; please repeat your change.",
};

export const picker = { placeholder: "Type to search…", results: "Found", nothing: "Nothing found." };
