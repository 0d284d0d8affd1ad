/**
 * Items by name. Few are a list, many are a map: of most kinds there are few, and in a simulation a million times a few.
 * What is given to `put` or `remove` may not be used any more.
 */
import { plus, without } from './lists.ts'

export type Keyed<Item> = readonly Item[] | Map<string, Item>
type KeyOf<Item> = (item: Item) => string

/** A list is searched from one end to the other. */
const FEW = 8

export function find<Item>(items: Keyed<Item>, key: string, keyOf: KeyOf<Item>): Item | undefined {
  if (isMap(items)) return items.get(key)
  for (const item of items) if (keyOf(item) === key) return item
  return undefined
}

export function count(items: Keyed<unknown>): number {
  return isMap(items) ? items.size : items.length
}

export function all<Item>(items: Keyed<Item>): Iterable<Item> {
  return isMap(items) ? items.values() : items
}

export function toList<Item>(items: Keyed<Item>): readonly Item[] {
  return isMap(items) ? [...items.values()] : items
}

/** With `item`, in the place of one of the same name. */
export function put<Item>(items: Keyed<Item>, item: Item, keyOf: KeyOf<Item>): Keyed<Item> {
  const key = keyOf(item)
  if (isMap(items)) return items.set(key, item)
  if (items.some((each) => keyOf(each) === key)) {
    return items.map((each) => (keyOf(each) === key ? item : each))
  }
  const all = plus(items, item)
  return all.length <= FEW ? all : new Map(all.map((each) => [keyOf(each), each]))
}

export function remove<Item>(items: Keyed<Item>, key: string, keyOf: KeyOf<Item>): Keyed<Item> {
  if (!isMap(items)) return without(items, (item) => keyOf(item) === key)
  items.delete(key)
  return items
}

function isMap<Item>(items: Keyed<Item>): items is Map<string, Item> {
  return items instanceof Map
}
