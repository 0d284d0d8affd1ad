import { describe, expect, test } from 'vitest'
import { count, find, type Keyed, put, remove } from '#protocols/keyed'
import { plus, without } from '#protocols/lists'
import { Random } from '../../simulations/random.ts'

interface Item {
  key: string
  value: number
}

const keyOf = ({ key }: Item) => key

describe('items by name', () => {
  test('are the same as in a map, few or many, whatever is put and removed', () => {
    for (const names of [3, 8, 9, 40]) {
      const random = new Random(names)
      const model = new Map<string, Item>()
      let items: Keyed<Item> = []
      for (let value = 0; value < 400; value++) {
        const key = `k${random.below(names)}`
        if (random.chance(0.6)) {
          items = put(items, { key, value }, keyOf)
          model.set(key, { key, value })
        } else {
          items = remove(items, key, keyOf)
          model.delete(key)
        }
        expect(count(items)).toBe(model.size)
        expect(find(items, key, keyOf)).toEqual(model.get(key))
        expect([...items.values()]).toEqual([...model.values()])
      }
    }
  })
})

describe('a list that is kept', () => {
  test('is made anew, and the one that was given stays as it was', () => {
    const list = [1, 2, 3]
    expect([plus(list, 4), without(list, (item) => item === 2), list]).toEqual([
      [1, 2, 3, 4],
      [1, 3],
      [1, 2, 3],
    ])
    const nested = plus<readonly number[]>([[1]], [2])
    expect(nested).toEqual([[1], [2]])
  })
})
