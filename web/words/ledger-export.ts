/** Words of the ledger's export: for somebody who trusts nobody here. */
export const ledgerExportJa = {
  open: "監査用に書き出す",
  title: "監査用に記録簿を書き出す",
  lead: "記録と、その正しさの証明をひとつのファイルにします。蔵番を使わずに、別のパソコンで確かめられます。",
  from: "いつから",
  to: "いつまで",
  withEntries: "だれの記録かを示す番号も入れる",
  withEntriesHelp: "顧客番号が入ります。氏名などの値は入りません。外すと番号のないファイルになり、それでも検証できます。",
  purpose: "この書き出しは、目的「監査・調査」として記録されます。",
  take: "書き出す",
  verifier: "検証プログラムを保存",
  verifierHelp: "Node.js だけで動く1つのファイルです。鍵とこの値(SHA-256)は、ファイルとは別の道で監査する人に渡してください。",
  hash: "検証プログラムの SHA-256",
  keys: "記録簿の鍵",
  command: "確かめ方",
};

export const ledgerExportEn: typeof ledgerExportJa = {
  open: "Export for audit",
  title: "Export the ledger for audit",
  lead: "The records and the proof that they are right, as one file. It is verified on another computer, without Kuraban.",
  from: "From",
  to: "Until",
  withEntries: "With the numbers of whom each record is about",
  withEntriesHelp: "Customer numbers stand in it, no names and no other values. Without them the file still verifies.",
  purpose: "The export is recorded with the purpose “audit”.",
  take: "Export",
  verifier: "Save the verifier",
  verifierHelp: "One file that Node.js alone runs. Hand over the keys and this SHA-256 to the auditor by another way than the file.",
  hash: "SHA-256 of the verifier",
  keys: "Keys of the ledger",
  command: "How to verify",
};
