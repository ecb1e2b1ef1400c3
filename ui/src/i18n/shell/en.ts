/** Texts of the frame around every screen: navigation, sign-in, errors, the palette, in English. */
export const common = {
  add: "Add",
  cancel: "Cancel",
  close: "Close",
  loading: "Loading…",
  more: "Show more",
  notices: "Notices",
  retry: "Try again",
  save: "Save",
};

export const nav = {
  label: "Main",
  sidebar: "Sidebar",
  menu: "Menu",
  skip: "Skip to content",
  home: "Home",
  tasks: "Tasks",
  contacts: "Contacts",
  companies: "Companies",
  deals: "Deals",
  orders: "Orders",
  products: "Products",
  tickets: "Tickets",
  pool: "Shared pool",
  segments: "Segments",
  models: "Models",
  runs: "Runs",
  imports: "Imports",
  sources: "Sources",
  duplicates: "Duplicates",
  settings: "Settings",
  waiting: {
    tasks_one: "{{text}} is due",
    tasks_other: "{{text}} are due",
    tickets_one: "{{text}} is open",
    tickets_other: "{{text}} are open",
  },
  group: { work: "Work", records: "Records", insight: "Insight", data: "Data" },
};

export const session = {
  title: "Sign in to Rapport",
  hint: "Know every customer, act on what matters.",
  email: "E-mail",
  password: "Password",
  signIn: "Sign in",
  signingIn: "Signing in…",
  signOut: "Sign out",
  notSignedOut: "You are still signed in",
  refused: "E-mail or password is not right.",
  tooMany: "Too many attempts. Try again in {{wait}}.",
};

export const error = {
  title: "That did not work",
  unknown: "Something went wrong. Try again.",
  offline: "The server cannot be reached",
  offlineHint: "Check that it is running and that you are connected, then try again.",
  partFailed: "This part could not be loaded. Load the page again.",
  reload: "Load again",
  notFound: "There is nothing here",
  notFoundHint: "The address may be wrong, or the record was removed.",
  gone: "Not here for you",
  goneHint: "It was deleted, or your role does not let you see it.",
  refused: "Not allowed",
  refusedHint: "Your role does not allow this. Ask an administrator.",
};

/**
 * By the code of a problem or of one broken rule, and by its parameter where that matters; `n` and `m`
 * are the numbers that the server named.
 */

export const theme = {
  light: "Light",
  dark: "Dark",
  system: "Like the system",
  toLight: "Use light colors",
  toDark: "Use dark colors",
};

export const language = { switch: "切换到中文" };

export const palette = {
  open: "Search or run…",
  title: "Commands",
  placeholder: "Search or run a command…",
  results: "Results",
  notes: "Notes",
  recent: "Open lately",
  goTo: "Go to",
  actions: "Actions",
  nothing: "Nothing found.",
  newDeal: "New deal",
  toggleTheme: "Toggle dark mode",
  switchLanguage: "Switch language",
};

export const shortcuts = {
  title: "Keyboard shortcuts",
  hint: "Single keys can be switched off in the settings.",
  go: "Everywhere",
  lists: "In lists",
  move: "Next or previous row",
  open: "Open the row",
  select: "Select the row",
  edit: "Edit the row; Tab goes on to the next field",
  search: "Search",
  undo: "Undo the last edit",
  clear: "Clear the selection",
};

export const jobs = {
  label: "Work in progress",
  failed: "{{job}}: failed",
  step: {
    import_file: "Importing a file",
    importing_rows: "Importing rows",
    adding_up_orders: "Adding up orders",
    arranging_events: "Arranging the event history",
    dry_run: "Dry run of an import",
    undo_import: "Undoing an import",
    taking_back: "Undoing an import",
    changing_records: "Changing records",
    restoring_records: "Taking a change back",
    removing_events: "Removing its events",
    segment_customers: "Finding segments",
    segmentation: "Finding segments",
    building_features: "Computing features",
    training: "Training",
    fitting: "Training",
    publishing: "Publishing results",
    compact_lake: "Tidying the event history",
    matching: "Looking for duplicates",
    company_attachment: "Attaching contacts to companies",
    attaching_companies: "Attaching contacts to companies",
    reading_contacts: "Reading contacts",
    matching_contacts: "Comparing contacts",
    match_acceptance: "Merging duplicates",
    undo_match_acceptance: "Taking merges back",
    merging_contacts: "Merging contacts",
    restoring_contacts: "Parting contacts again",
  },
};

export const role = { admin: "Administrator", member: "Member", viewer: "Viewer" };
