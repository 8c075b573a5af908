/** A reason why the product does not start, for the person at the terminal: a sentence in Japanese and in English, no stack. */
export class CannotStart extends Error {
  readonly ja: string;
  readonly en: string;
  constructor(sentences: { ja: string; en: string }) {
    super(`${sentences.ja}\n${sentences.en}`);
    this.name = "CannotStart";
    this.ja = sentences.ja;
    this.en = sentences.en;
  }
}
