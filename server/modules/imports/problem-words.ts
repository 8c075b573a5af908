import type { rowProblemCodes } from "#shared/imports.ts";

export type ReportLanguage = "ja" | "en";

/** Headers of the report beside those of the fields. No column of customers is called so, see `ownReport` in header-words.ts. */
export const reportHeaders: Readonly<Record<ReportLanguage, readonly string[]>> = {
  ja: ["元のファイルの行", "確認が必要な列", "確認が必要な値", "確認が必要な理由", "直し方"],
  en: ["Row of the file", "Column to check", "Value to check", "Reason to check", "How to correct it"],
};

/** What is wrong with a cell, and what to do about it. */
export const problemWords: Readonly<Record<ReportLanguage, Readonly<Record<(typeof rowProblemCodes)[number], readonly [reason: string, remedy: string]>>>> = {
  ja: {
    "card-number": ["カード番号と思われる値です", "カード番号は保存できません。この値を消してください"],
    "bad-date": ["日付として読めません", "1980/4/1、昭和55年4月1日 のように書いてください"],
    "bad-mail": ["メールアドレスの形ではありません", "1つのメールアドレスだけを半角で書いてください"],
    "bad-phone": ["電話番号の形ではありません", "市外局番から書いてください。例: 03-1234-5678"],
    "bad-postal": ["郵便番号の形ではありません", "7桁の数字で書いてください。例: 100-0001"],
    "bad-number": ["数値として読み取れません", "数字だけで書いてください"],
    "bad-choice": ["選択肢にない値です", "項目の選択肢のどれかに直すか、設定で選択肢を追加してください"],
    "bad-url": ["URLの形ではありません", "https:// から書いてください"],
    required: ["必須の項目が空です", "値を入れてください"],
    "too-long": ["長すぎます", "短くしてください"],
    "control-character": ["使えない制御文字があります", "値を打ち直してください"],
    "broken-character": ["文字が壊れています", "元の文字に打ち直してください"],
    "broken-quote": ["引用符が閉じていません", "値と、続くセルの区切りを確かめてください"],
    "cell-error": ["Excelのエラー値です", "正しい値に直してください"],
    "broken-card": ["vCardとして読めない部分があります", "元のアプリから書き出し直すか、手で入力してください"],
    "empty-row": ["だれの行か分かりません", "氏名、会社名、電話、メールのどれかを入れてください"],
    "duplicate-in-file": ["ファイルの中で重複しています", "要らなければそのままで構いません"],
    "duplicate-in-store": ["すでに登録があります", "上書きするなら、取り込みで「上書きする」を選んでください"],
    "unknown-department": ["部門が見つかりません", "登録されている部門名に直してください"],
    "unknown-owner": ["担当者が見つかりません", "登録されている利用者の名前に直してください"],
    "unknown-customer": ["だれの購買か分かりません", "登録のある顧客番号、メール、電話のどれかに直してください"],
    "ambiguous-customer": ["だれの購買か1人に決められません", "登録のある顧客番号に直すか、画面で顧客を選んでください"],
    "customer-closed": ["この顧客には書けません(利用停止中か、権限がありません)", "書き込める人に頼むか、そのままにしてください"],
    "purchase-known": ["同じ日の同じ購買がすでにあります", "別の購買なら、取り込みで「別の購買として追加」を選んでください"],
  },
  en: {
    "card-number": ["Looks like a card number", "Card numbers cannot be stored. Remove the value"],
    "bad-date": ["Not a date", "Write it like 1980/4/1 or 昭和55年4月1日"],
    "bad-mail": ["Not a mail address", "Give one mail address"],
    "bad-phone": ["Not a telephone number", "Begin with the area code, e.g. 03-1234-5678"],
    "bad-postal": ["Not a postal code", "Seven digits, e.g. 100-0001"],
    "bad-number": ["Not a number", "Digits only"],
    "bad-choice": ["Not one of the choices", "Use one of the field's choices, or add it in the settings"],
    "bad-url": ["Not a URL", "Begin with https://"],
    required: ["A required field is empty", "Fill it in"],
    "too-long": ["Too long", "Shorten it"],
    "control-character": ["Holds a control character", "Type the value anew"],
    "broken-character": ["Characters are broken", "Type the value anew"],
    "broken-quote": ["A quote was never closed", "Check the value and where the next cells begin"],
    "cell-error": ["An error value of the spreadsheet", "Put the right value"],
    "broken-card": ["Parts of the card cannot be read", "Export it again, or enter it by hand"],
    "empty-row": ["Nothing says whose row this is", "Fill in a name, company, telephone or mail address"],
    "duplicate-in-file": ["Twice in the file", "Nothing to do unless it is somebody else"],
    "duplicate-in-store": ["Registered already", "To overwrite, choose so when importing"],
    "unknown-department": ["No such department", "Use the name of a department"],
    "unknown-owner": ["No such member of staff", "Use the name of a member of staff"],
    "unknown-customer": ["Nobody answers to this", "Give a member number, mail address or telephone number that is registered"],
    "ambiguous-customer": ["Not clear whose purchase it is", "Give a registered member number, or choose the customer on the screen"],
    "customer-closed": ["May not be written to: use suspended, or no right", "Ask somebody who may, or leave it"],
    "purchase-known": ["The same purchase of that day is there already", "If it is another one, choose “Add as another purchase” when importing"],
  },
};

/** Columns that are no field of a customer: who is in charge, and what was bought. */
export const assignmentWords: Readonly<Record<ReportLanguage, Readonly<Record<string, string>>>> = {
  ja: {
    owner: "営業担当",
    department: "担当部署",
    boughtOn: "購入日",
    product: "商品",
    quantity: "数量",
    unitPrice: "単価",
    amount: "金額",
    purchaseNote: "購入メモ",
  },
  en: {
    owner: "Owner",
    department: "Owner department",
    boughtOn: "Purchase date",
    product: "Product",
    quantity: "Quantity",
    unitPrice: "Unit price",
    amount: "Amount",
    purchaseNote: "Memo",
  },
};

export const leftOutWords: Readonly<Record<ReportLanguage, (count: number) => string>> = {
  ja: (count) => `ほかに${count}行あります。直して取り込んでから、もう一度ダウンロードしてください。`,
  en: (count) => `${count} more rows. Correct and import these, then download again.`,
};
