const patienceMs = 10_000;
const mostBytes = 256 * 1024;

export interface Fetched {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * A POST that waits no longer than ten seconds, follows nobody elsewhere, and reads no more than 256 KiB. Undefined when there
 * was no answer.
 */
export async function postWithin(
  url: string,
  given: { readonly body: string | Buffer; readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<Fetched | undefined> {
  try {
    const response = await fetch(url, {
      method: "POST",
      body: typeof given.body === "string" ? given.body : new Uint8Array(given.body),
      headers: given.headers,
      redirect: "error",
      signal: AbortSignal.any([given.signal, AbortSignal.timeout(patienceMs)]),
    });
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body ?? []) {
      length += (part as Uint8Array).length;
      if (length > mostBytes) {
        return undefined;
      }
      parts.push(part as Uint8Array);
    }
    return { status: response.status, body: Buffer.concat(parts) };
  } catch {
    return undefined;
  }
}
