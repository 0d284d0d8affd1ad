/**
 * Lists that are never changed, but made anew, and of which very many are kept: they have no room to spare. What a spread,
 * `filter` or `push` makes has room for sixteen more (V8).
 */

export function plus<Item>(list: readonly Item[], item: Item): Item[] {
  return list.length === 0 ? [item] : list.concat([item])
}

export function without<Item>(list: readonly Item[], isGone: (item: Item) => boolean): Item[] {
  return list.filter((item) => !isGone(item)).slice()
}
