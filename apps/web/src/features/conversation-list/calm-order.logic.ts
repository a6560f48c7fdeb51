/** `rows` in the order that is held; what is not in it comes last, so that nothing under the pointer moves. */
export function inHeldOrder<T extends { readonly id: string }>(
  rows: readonly T[],
  held: readonly string[],
): readonly T[] {
  const places = new Map(held.map((id, place) => [id, place]))
  const placeOf = ({ id }: T): number => places.get(id) ?? held.length
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b))
}
