/** Texts of a dry run of an import, in English; they come with their card. */
export const dryRun = {
  title: "What the rows would do",
  hint: "Nothing is imported by this. It holds for the mapping with which it was made; running it again looks anew.",
  part: "The first {{n}} rows were looked at: a file this long is not looked at to its end.",
  cancelled: "The dry run was cancelled.",
  stopped: "Only the first {{n}} rows were looked at.",
  going: "Looking at the rows",
  failed: "The rows could not be looked at: {{error}}",
  line: "Line",
  verdict: "Would be",
  record: "Record",
  none: "No such rows.",
  changes: "Changes",
  show: "Rows to show",
  all: "All",
  of: {
    created: "created",
    changed: "changed",
    unchanged: "unchanged",
    rejected: "rejected",
  },
};
