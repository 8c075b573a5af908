/** Words for parts of the screens that have not come. The first sentence of a lost connection is `refusal.unreachable`. */
export const partsJa = {
  newer: "新しい版になりました。",
  reload: "読み込み直す",
};

export const partsEn: typeof partsJa = {
  newer: "There is a newer version.",
  reload: "Load again",
};
