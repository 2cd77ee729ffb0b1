/** Where a list goes on; nothing on its last page. */
type Marker = string | undefined;

/** Reads a list to its end. `readPage` gets no marker for the first page. */
export async function readPages<Item>(
  readPage: (
    marker: Marker,
  ) => Promise<{ readonly items: readonly Item[] | undefined; readonly next: Marker }>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let marker: Marker;
  do {
    const { items, next } = await readPage(marker);
    all.push(...(items ?? []));
    marker = next;
  } while (marker);
  return all;
}
