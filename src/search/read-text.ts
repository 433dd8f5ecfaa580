/** Reads a text file over the network. Rejects when there is none. */
export async function readText(url: string, cache: RequestCache): Promise<string> {
  const response = await fetch(url, { cache, credentials: 'same-origin' });
  if (!response.ok) throw new Error(`GET ${url}: ${response.status}`);
  return response.text();
}
