const block = 512;

/**
 * A POSIX ustar archive (IEEE Std 1003.1, pax: ustar interchange format) of plain files. Names are ASCII of at most 100
 * characters; every file is 0600 of nobody in particular.
 */
export function writeTar(files: readonly { readonly name: string; readonly bytes: Buffer }[], at: Date): Buffer {
  const parts = files.flatMap(({ name, bytes }) => [headerOf(name, bytes.length, at), bytes, Buffer.alloc((block - (bytes.length % block)) % block)]);
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function headerOf(name: string, size: number, at: Date): Buffer {
  if (!/^[\x21-\x7e]{1,100}$/.test(name)) throw new Error("a name that an archive cannot hold");
  const header = Buffer.alloc(block);
  const octal = (value: number, from: number, length: number): number => header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, from, "latin1");
  header.write(name, 0, "latin1");
  octal(0o600, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(Math.floor(at.getTime() / 1000), 136, 12);
  // The checksum is counted as if its own field held spaces.
  header.write("        ", 148, "latin1");
  header.write("0", 156, "latin1");
  header.write("ustar\0" + "00", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}
