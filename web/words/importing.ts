import { formatBytes, formatNumber as n } from "#web/words/format.ts";
import type { Same } from "#web/words/words.ts";

export const importingJa = {
  sending: "ファイルを送っています",
  checking: "届いたファイルを確かめています",
  sent: (sent: number, total: number) => `${formatBytes(sent)} / ${formatBytes(total)}`,
  sendingRate: (bytes: number) => `毎秒${formatBytes(bytes)}`,
  sendingLeft: (seconds: number) => (seconds < 90 ? `残り約${n(seconds)}秒` : `残り約${n(Math.round(seconds / 60))}分`),
  stop: "中止",
  stopped: "送信を中止しました。ファイルは残っていません。",
  looksLike: (product: string) => `${product}の書き出しと見られます。項目をそれに合わせて割り当てました。`,
  sources: {
    salesforce: "Salesforce",
    kintone: "kintone",
    hubspot: "HubSpot",
    sansan: "Sansan",
    eight: "Eight",
    yayoi: "弥生販売",
    google: "Google コンタクト",
    outlook: "Outlook",
  },
  learned: "前に直した対応を使っています。",
  forget: "忘れて推測し直す",
  download: "CSVで保存",
  downloadHelp: "保存したファイルを直し、「上書きする」を選んで取り込むこともできます。",
};

export const importingEn: Same<typeof importingJa> = {
  sending: "Sending the file",
  checking: "Looking at what has arrived",
  sent: (sent: number, total: number) => `${formatBytes(sent)} / ${formatBytes(total)}`,
  sendingRate: (bytes: number) => `${formatBytes(bytes)} a second`,
  sendingLeft: (seconds: number) => (seconds < 90 ? `about ${n(seconds)} s left` : `about ${n(Math.round(seconds / 60))} min left`),
  stop: "Stop",
  stopped: "Stopped. Nothing of the file was kept.",
  looksLike: (product: string) => `This looks like an export from ${product}; its columns were mapped accordingly.`,
  sources: {
    salesforce: "Salesforce",
    kintone: "kintone",
    hubspot: "HubSpot",
    sansan: "Sansan",
    eight: "Eight",
    yayoi: "Yayoi Hanbai",
    google: "Google Contacts",
    outlook: "Outlook",
  },
  learned: "Columns that were corrected before are mapped the same way.",
  forget: "Forget and guess anew",
  download: "Save as CSV",
  downloadHelp: "The saved file can also be corrected and imported with “Overwrite”.",
};
