import { declareEvents } from "#server/core/ledger/index.ts";

export const events = declareEvents({
  "import.uploaded": { description: "A file was uploaded and sealed; facts: `import`, `bytes`, `kind`, `becomes`" },
  "import.listed": { description: "Imports were listed" },
  "import.viewed": { description: "An import's state was shown" },
  "import.previewed": { description: "The beginning of an uploaded file was shown" },
  "import.mapping-forgotten": { description: "What corrections taught about the headers of a file was forgotten; facts: `import`, `headers`" },
  "import.started": { description: "An import was started; facts: `import`, `fields`, `cell`, `duplicates`, `consignor`" },
  "import.read": { description: "The sealed file of an import was opened for reading; facts: `import`" },
  "import.batch": {
    description: "Rows of a file became customers or purchases; facts: `import`, `accountNo`, `from`, `to`, `added`, `updated`, `skipped`, `companies`",
  },
  "import.done": { description: "An import came to its end; facts: `import` and its counts" },
  "import.failed": { description: "An import failed and nothing of it stays; facts: `import`, `failure`" },
  "import.problems-listed": { description: "Rows of an import that must be looked at were shown" },
  "import.problems-downloaded": { description: "Rows of an import that must be looked at were downloaded as a file" },
  "import.row-corrected": { description: "A cell was corrected and its row tried again; facts: `import`, `row`" },
  "import.undo-started": { description: "The undo of an import was asked for; facts: `import`" },
  "import.undo-batch": {
    description:
      "Customers or purchases of an import went to the trash, or customers got their former values back; facts: `import`, `trashed`, `putBack`, `companies`, `purchases`",
  },
  "import.undone": { description: "An import was undone; facts: `import`" },
  "import.tidied": { description: "An old import's file, names and rows were erased; facts: `import`" },
});
