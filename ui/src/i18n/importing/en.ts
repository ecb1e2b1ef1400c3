/** Texts of the screen of one import that its list does not need, in English. */
export const importing = {
  sheet: "Sheet",
  hiddenSheet: "{{name}} (hidden)",
  sheetHint: "Another sheet is looked at anew; the mapping starts over.",
};
