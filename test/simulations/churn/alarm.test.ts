import { expect, test } from 'vitest'
import { Alarm } from '../../../simulations/churn/alarm.ts'
import { perform, Queue } from '../../../simulations/queue.ts'

test('an alarm rings at each moment that was the next one when it was set, once, and for nobody who is gone', () => {
  const queue = new Queue()
  const rang: number[] = []
  let now = 0
  const alarm = new Alarm('somebody', () => void rang.push(now))
  const set = (at: number) => alarm.set(at) && queue.put(at, alarm)
  const pass = (until: number) => {
    for (let at = queue.nextAt; at !== undefined && at <= until; at = queue.nextAt) {
      now = at
      perform(queue.take())
    }
  }
  for (const at of [50, 90, 50, 20, 30, 20]) set(at)
  // What is not sooner than the next one is set again when that has come.
  expect(queue.size).toBe(2)
  pass(20)
  set(30)
  set(40)
  pass(60)
  expect(rang).toEqual([20, 30, 50])
  set(70)
  alarm.release()
  pass(100)
  expect(rang).toHaveLength(3)
})
