/** A pure function that remembers its latest answers: whoever was heard of is heard of again, in every message. */
export function remembered<Key, Value>(reckon: (key: Key) => Value, most: number): (key: Key) => Value {
  const answers = new Map<Key, Value>()
  return (key) => {
    const known = answers.get(key)
    if (known !== undefined) return known
    const value = reckon(key)
    // The oldest goes: a peer cannot be made to keep more by being told of many.
    if (answers.size >= most) answers.delete(answers.keys().next().value as Key)
    answers.set(key, value)
    return value
  }
}
