import { formatNumber as n } from "#web/words/format.ts";
import type { Words } from "#web/words/words.ts";

const many = (count: number, one: string, more: string) => `${n(count)} ${count === 1 ? one : more}`;

/** Every word of the screens in English. */
export const en: Words = {
  product: "Kuraban",
  motto: "One door, one ledger.",
  nav: {
    home: "Home", customers: "Customers", companies: "Companies", imports: "Import", ledger: "Ledger", settings: "Settings", main: "Main menu", skip: "Skip to content",
    viewedToday: (count) => `Seen today: ${n(count)}`,
    viewedTodayWhy: "The number of customers shown to you today. Open it to see what is recorded about you.",
    account: "Account", ownRecord: "My record", ownSettings: "Password and devices", signOut: "Sign out", language: "日本語", theme: "Display",
    themeLight: "Light", themeDark: "Dark", themeAuto: "As the device", keys: "Keyboard",
    combined: "Combined office", combinedWhy: "One person is both system administrator and privacy officer. It was chosen at set-up and is recorded.",
  },
  act: {
    save: "Save", cancel: "Cancel", close: "Close", open: "Open", openFull: "Open in full", edit: "Edit", create: "New", undo: "Undo", retry: "Try again", more: "Show more",
    copy: "Copy", copied: "Copied", print: "Print", next: "Next", search: "Search", clear: "Clear", delete: "Move to trash", restore: "Restore", none: "None",
    loading: "Loading", saved: "Saved", change: "Change",
  },
  why: {
    ask: "Why?", next: "What you can do",
    hidden: "Cannot be shown: this field lies outside your rights. Whether it holds a value is not shown either. → Ask your manager if you need it.",
    noReveal: "Stays masked: you have no right to reveal it. → You can still search by its exact form or last four digits.",
    noWrite: "Cannot be edited: this customer lies outside what you may edit. → Ask its owner or your manager.",
    noLedger: "Only people who may read the ledger, such as the privacy officer, see who viewed this.",
    requestNumber: "Request number", wait: (seconds) => `try again in ${n(seconds)} s`,
    field: "Field",
  },
  reasons: {
    "too-short": "It is too short", guessable: "It is easy to guess", "own-words": "Too little is left without names and the company", "date-or-phone": "Too little is left without dates and phone numbers", "used-before": "It was used before",
    "already-set-up": "Set-up is done already", disabled: "The account is disabled", "not-disabled": "The account is not disabled", "not-begun": "The enrolment has not begun", decided: "It was decided already", "changed-since": "Something changed after the request", "own-request": "You cannot consent to your own request",
  },
  refusal: {
    unreachable: "The server cannot be reached. It resumes by itself.",
    outageTitle: "Nothing is shown right now",
    outageAgain: "Checking by itself. Please leave this page open.",
    viewGone: "The list had expired and was opened anew.",
  },
  session: {
    title: "Sign in", mail: "Mail address", password: "Password", next: "Next", signIn: "Sign in",
    code: "Code", codeHelp: "The six digits in your authenticator app", useRecovery: "I cannot use my authenticator app", useCode: "Use a code instead", recoveryCode: "Recovery code", recoveryHelp: "One of the recovery codes you kept. It works once.",
    startOver: "Start over", codesLeft: (count) => `${many(count, "recovery code", "recovery codes")} left. See settings.`,
    ended: "Your session has ended. Sign in to return to where you were.",
    locked: "Closed because you were away. Sign in to return to where you were.",
    needsSetUp: "Set-up is not done yet. Open the set-up link shown in the terminal where the service was started.",
    recorded: "Everything viewed and done here is recorded.", showPassword: "Show or hide the password",
  },
  setUp: {
    title: "Set-up", lead: "Name the organisation and the first two people.", organisation: "Organisation", administrator: "System administrator", administratorHelp: "Looks after accounts and rights. Sees no customer's personal data.",
    officer: "Privacy officer", officerHelp: "Consents to rights over personal data and reads the ledger.", name: "Name", mail: "Mail address", combined: "One person holds both offices",
    combinedHelp: "For very small firms only. Two pairs of eyes are lost, so this choice is recorded and stays visible on the screen.", combinedAccept: "I understand and choose the combined office", submit: "Set up",
    keyTitle: "Print the recovery key", keyLead: "It is the only key that opens a backup and is never shown again. Print it and keep it apart from the backups, in a safe for example.", keyKept: "I printed it and put it away",
    linksTitle: "Enrolment links", linksLead: "Each person opens their own link to choose a password and an authenticator app. A link works once.", adminLink: "Link for the system administrator", officerLink: "Link for the privacy officer", continueHere: "Continue on this device",
    invalid: "This set-up link cannot be used. It has expired or was used already.",
  },
  enrol: {
    title: "Enrolment", lead: (organisation) => `You are invited to Kuraban at ${organisation}.`, roles: "Roles", expires: "Valid until", invalid: "This invitation cannot be used. It has expired or was used already. Ask your administrator for a new one.",
    stepPassword: "Password", stepFactor: "Authenticator", stepCodes: "Recovery codes", newPassword: "New password", ruleLength: "At least 10 characters", ruleVaried: "Not one character or sequence repeated", ruleOther: "Names, the company, birth dates, phone numbers and common words are checked when you send it",
    ruleFree: "Symbols and capitals are not required. Several long words together are safe.", scan: "Scan this QR code with your authenticator app", orType: "If you cannot scan it, type this", code: "The six digits it shows",
    codesTitle: "Keep your recovery codes", codesLead: "Each works once when you cannot use your authenticator app. They are never shown again.", codesKept: "I have kept them", done: "Enrolment is done", toSignIn: "Go to sign-in",
  },
  home: {
    title: "Home", safe: (time) => `The storehouse is closed. Last verified ${time}`, sealed: (time) => `The storehouse is closed. Last sealed ${time}`, broken: "Verification of the ledger found a mismatch. Open the ledger.", notSealed: "Nothing has been sealed yet.",
    today: "Your day", seen: "Customers shown to you", seenUnit: "", recent: "What you did last", noRecent: "Nothing yet today.", waiting: "Waiting for consent", waitingCount: (count) => `${many(count, "request waits", "requests wait")} for a decision`, toSearch: "Find a customer", toImport: "Import a file",
  },
  customers: {
    title: "Customers", searchLabel: "Search customers", searchHint: "Name, reading, company, phone, mail, address", count: (count, isComplete) => (isComplete ? many(count, "person", "people") : `${n(count)} people or more`), found: "Match", number: "No.", owner: "Owner", department: "Department", updated: "Updated",
    state: "State", active: "Active", trashed: "Trash", anyone: "Anyone", mine: "Mine", noOwner: "No owner", company: "Company", importFilter: "Import", sort: "Sort", sortKana: "By reading", sortCompany: "By company", sortUpdated: "By update", filter: "Filter", narrow: "Narrow down",
    none: "No customer matches", noneHelp: "Shorten the words or remove a filter. Masked values answer to their exact form or last four digits.", first: "No customers yet", firstHelp: "Import the Excel or CSV file you use today, as it is.", notComplete: "Too many candidates, only some were examined. Add a word.",
    how: { exact: "exact", prefix: "begins with", inside: "contains", "last-four": "last four" },
    listCopy: "Lists cannot be copied. Select and copy one value at a time.", ofNumber: (no) => `Customer ${n(no)}`,
  },
  person: {
    title: "Customer", noName: "(no name)", values: "Values", history: "History", exposures: "Who viewed", version: (no) => `Version ${n(no)}`, created: "Created", updated: "Updated", trashedMark: "Trash", reveal: "Reveal", revealAll: "Reveal masked", revealHint: "Click or press r to reveal", recorded: "Recorded",
    remaining: (seconds) => `${n(seconds)} s left`, purposeTitle: "Purpose of viewing", purposeLead: "The purpose is recorded in the ledger for this customer. You are not asked again for the same matter.", trashedNote: "Moved to the trash", restoredNote: "Restored", inTrash: "This customer is in the trash.",
    conflictTitle: "Someone else changed this first", conflictLead: "Choose which value to keep, field by field.", theirs: "Theirs", mine: "Yours", theirsOnly: "Also changed by them (kept as it is)", saveChosen: "Save what I chose", maskedEdit: "Masked. Type only to replace it", noHistory: "No edits yet", noExposures: "No views recorded",
    before: "Before", after: "After", createTitle: "New customer", needsOne: "Please fill in at least one field.", partial: "masked", discard: "Stop editing?", discardLead: "What you typed will be lost.", discardDo: "Discard", call: "Call", write: "Write a mail", more: "Details", copyHonest: "A browser cannot fully prevent copying or photographs of the screen. The watermark and the record remain.",
  },
  classes: { open: "Open", internal: "Internal", personal: "Personal", sensitive: "Sensitive" },
  classHelp: { open: "May be known outside", internal: "For use inside the company", personal: "Personal data", sensitive: "Special care data, bank accounts" },
  purposes: { inquiry: "Answering an inquiry", sales: "Sales", delivery: "Delivery", contract: "Contract", correction: "Correcting the record", audit: "Audit" },
  companies: { title: "Companies", searchLabel: "Search companies", searchHint: "Name, reading, corporate number, phone, address", customers: "Customers", count: (count) => many(count, "company", "companies"), none: "No company matches", noneHelp: "Try a shorter word.", showCustomers: "Customers of this company", ofNumber: (no) => `Company ${n(no)}`, noName: "(no name)" },
  imports: {
    title: "Import", lead: "Excel (.xlsx) or CSV, just as it is. Encoding and the place of the header are recognised.", drop: "Drop a file here, or choose one", choose: "Choose a file", uploading: "Sending", limits: "Up to 512 MB. Encrypted as it arrives.", list: "Earlier imports", none: "No imports yet", noneHelp: "Choose your first file.", ofNumber: (no) => `Import ${n(no)}`,
    steps: { file: "File", mapping: "Mapping", running: "Import", done: "Result" }, states: { reading: "Reading", "awaits-mapping": "Mapping to confirm", running: "Importing", done: "Done", failed: "Failed", undoing: "Undoing", undone: "Undone" },
    file: "File", state: "State", startedAt: "Started", rows: "Rows", added: "Added", updated: "Updated", skipped: "Skipped", duplicates: "Duplicates", heldBack: "Values held back", problems: "To check", encoding: "Encoding", size: "Size", by: "By",
    mappingTitle: "Check which column is which field", mappingLead: "The first 20 rows are shown. Your corrections are used next time.", sheet: "Sheet", headerRow: "Header row", column: "Column", useAs: "Field", leaveOut: "Leave out", noHeader: "(no header)",
    reasons: { saved: "as last time", header: "by header", contents: "by contents", none: "please check" }, duplicatesTitle: "When someone is already stored", duplicateModes: { skip: "Skip", update: "Update", add: "Add as another person" }, cell: "Department", start: "Start the import", startCount: (count) => `Import ${many(count, "row", "rows")}`, nothingMapped: "Give at least one column a field.",
    reading: "Reading the file", rate: (count) => `${n(count)} rows a second`, left: (text) => `about ${text} left`, mayLeave: "You may leave this page. You will be told when it is done.", seconds: (count) => `${n(count)} s`, minutes: (count) => `${n(count)} min`,
    finished: (count) => `The import is done (${n(count)} added)`, doneTitle: "The import is done", failedTitle: "The import failed", failedSafe: "Nothing half-written was left.", undoneTitle: "This import was undone", undo: "Undo this import", undoTitle: "Undo the import?", undoLead: (added, updated) => `Removes the ${n(added)} people it added and gives the ${n(updated)} it updated their former values.`, undoDo: "Undo", showAdded: "See the imported customers",
    problemsTitle: "Rows to check", problemsLead: "Correct a value and its row is tried again at once.", noProblems: "No rows to check", row: "Row", cellValue: "Value", problem: "Reason", outcome: "What happened", correct: "Correct", corrected: "Imported", dismissed: "Dismissed", stillWrong: "Still not right", more: (count) => `${n(count)} more`,
    outcomes: { "row-kept-value-held-back": "Row kept, value held back", "row-held-back": "Row held back", "row-skipped": "Row skipped" },
    codes: {
      "card-number": "Looks like a card number (never stored)", "bad-date": "Not a date", "bad-mail": "Not a mail address", "bad-phone": "Not a phone number", "bad-postal": "Not a postal code", "too-long": "Too long", "control-character": "Has a control character", "broken-character": "Has broken characters", "empty-row": "Empty row", "duplicate-in-file": "Twice in the file", "duplicate-in-store": "Already stored", "unknown-department": "Unknown department", "unknown-owner": "Unknown owner", "broken-quote": "A quotation mark is not closed", "cell-error": "An Excel error value",
    },
  },
  ledger: {
    title: "Ledger", lead: "Everything viewed and done. Reading this ledger is recorded in it.", ownTitle: "My record", ownLead: "What is recorded about you, you can see.", at: "Time", type: "What", who: "Who", what: "On", outcome: "Outcome", purpose: "Purpose", fields: "Fields", address: "From", sessionId: "Session", facts: "Facts", query: "Search", sequence: "Sequence", unsequenced: "to be sealed", none: "No event matches", noneHelp: "Remove a filter.",
    outcomes: { ok: "Allowed", refused: "Refused", failed: "Failed" }, filterType: "What", filterWho: "Who", filterCustomer: "Customer no.", from: "From", to: "Until", customers: (count) => many(count, "customer", "customers"), companies: (count) => many(count, "company", "companies"), accounts: (count) => many(count, "member of staff", "members of staff"), others: (kind, count) => `${kind} ${n(count)}`,
    sealTitle: "Last seal", sealEvents: (count) => `${many(count, "event", "events")} sealed`, sealNone: "Nothing sealed yet", sealWaiting: (count) => `${n(count)} to be sealed`, verified: (time) => `Verified ${time}, all match`, verifiedBad: (time) => `Verified ${time}, mismatch`, neverVerified: "Not verified yet", note: "Signed note", verify: "Verify now", verifyOk: (events, rows) => `${many(events, "event", "events")} and ${many(rows, "row", "rows")} checked, all match.`, verifyBad: (count) => `${many(count, "mismatch", "mismatches")} found.`,
    system: "System", anyone: "(before sign-in)",
  },
  settings: {
    title: "Settings", people: "People", departments: "Departments", roles: "Rights", consents: "Consents", fields: "Field classes", own: "Me", name: "Name", mail: "Mail", department: "Department", rolesOf: "Roles", state: "State", factor: "Second factor", lastSeen: "Last seen", states: { invited: "Invited", active: "Active", disabled: "Disabled" }, hasFactor: "Enrolled", noFactor: "Not enrolled", noDepartment: "No department", peopleCount: (count) => many(count, "person", "people"), ofNumber: (no) => `Staff ${n(no)}`,
    invite: "Invite", inviteTitle: "Invite a member of staff", inviteSend: "Make the invitation link", inviteLink: "Invitation link", inviteLinkLead: "Give it to that person only. It works once.", awaitsFor: (roles) => `These roles wait for the privacy officer's consent: ${roles}`, disable: "Disable the account", disabledNote: "Disabled. Signed out on every device.", enable: "Enable again", resetFactor: "Reset password and second factor", resetTitle: "Reset the enrolment?", resetLead: "The present password and authenticator stop working and a new invitation link is made.", changeRoles: "Save roles", changeDepartment: "Save department", awaits: "Waiting for the privacy officer's consent.", done: "Changed", sessions: "Signed-in devices", noSessions: "No signed-in devices", endAll: "Sign out everywhere", ended: (count) => `${many(count, "session", "sessions")} ended`,
    addDepartment: "Add a department", parent: "Belongs to", top: "(top)", closed: "Closed", rename: "Rename or move", roleLead: "The effect of a change is shown in people before you save it.", newRole: "Add a role", roleKey: "Key (lower case)", labelJa: "Name (Japanese)", labelEn: "Name (English)", kinds: { customer: "Customers", company: "Companies", account: "Staff" }, scopes: { own: "One's own", department: "Own departments", all: "Everywhere" }, levels: { none: "None", read: "Read", write: "Read and write" }, masked: "Masked", verbsTitle: "May do", purposesTitle: "Purposes",
    verbs: { create: "Create", delete: "Move to trash", reveal: "Reveal", import: "Import", bulk: "Bulk change", export: "Export", print: "Print", send: "Send", attachment: "Attachments", "manage-accounts": "Manage accounts", "manage-roles": "Manage rights", "manage-fields": "Manage fields", "consent-rights": "Consent to rights", "read-ledger": "Read the ledger", "verify-ledger": "Verify the ledger", "run-backup": "Backup" },
    effect: "Effect of this change", effectStaff: (count) => `${many(count, "member of staff", "members of staff")} affected`, effectCustomers: (before, after) => `Customers within reach: ${n(before)} → ${n(after)}`, effectPersonal: "More personal data becomes readable. The privacy officer must consent.", readOnlyRoles: "Only people who manage rights can change them.",
    consentWhat: { "account-roles": "Change of roles", "role-definition": "Change of rights", "reset-factor": "Reset of second factor", "account-department": "Change of department", "department-move": "Move of a department", "enable-account": "Enabling an account" }, consentStates: { pending: "Waiting", granted: "Granted", refused: "Refused", withdrawn: "Withdrawn" }, inviteAwaits: "The privacy officer receives the invitation link with the consent and hands it over.", renews: "Would enrol anew if granted", handOver: "Give it to that person only. It works once.", beneficiaries: "Would newly see personal data", definition: "Rights as requested", requestedBy: "Requested by", requestedAt: "Requested", target: "For", grant: "Grant", refuse: "Refuse", noConsents: "No request waits for a decision", ownRequest: "You cannot consent to your own request.", fieldsLead: "A stricter class holds at once, a looser one after resealing.", fieldClass: "Class", resealing: "Resealing", settled: "Changed", fieldLabel: "Field", fieldMask: "Mask", masks: { none: "Never masked", phone: "Keeps last four", mail: "Keeps first letter", address: "Keeps town", all: "All masked" },
    changePassword: "Change password", current: "Present password", nextPassword: "New password", passwordChanged: "Changed. Other devices were signed out.", thisDevice: "This device", started: "Started", seen: "Last seen", endSession: "Sign out", endedOne: "Signed out",
  },
  keys: { title: "Keyboard", search: "Search", down: "Next row", up: "Previous row", open: "Open", close: "Close", edit: "Edit", reveal: "Reveal masked values", help: "This sheet", },
  print: { refused: "Personal data is not printed from the screen. This paper holds no values." },
  notFound: { title: "Page not found", lead: "The link is old or outside what you may see.", home: "Home" },
};
