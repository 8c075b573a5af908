/** A set of whole numbers from 0, a bit each where they lie close together. */
export interface NumberSet {
  /** False when it was in the set already. */
  add(no: number): boolean;
  has(no: number): boolean;
}

const pageBits = 1 << 16;

export function createNumberSet(): NumberSet {
  const pages = new Map<number, Uint8Array>();
  return {
    add(no) {
      const pageNo = Math.floor(no / pageBits);
      let page = pages.get(pageNo);
      if (page === undefined) pages.set(pageNo, (page = new Uint8Array(pageBits / 8)));
      const bit = no % pageBits;
      const isNew = (page[bit >> 3]! & (1 << (bit & 7))) === 0;
      page[bit >> 3]! |= 1 << (bit & 7);
      return isNew;
    },
    has(no) {
      const page = pages.get(Math.floor(no / pageBits));
      const bit = no % pageBits;
      return page !== undefined && (page[bit >> 3]! & (1 << (bit & 7))) !== 0;
    },
  };
}
