/** What the platform tells of the page and its network, passed on to the parts of a peer that care. */
import { platform } from '#platform'
import type { Calls } from './call/calls.ts'
import type { Contingency } from './contingency/contingency.ts'
import type { Doors } from './entrance/doors.ts'
import type { Survey } from './link/survey.ts'
import type { Registry } from './registration/registry.ts'

export interface Watched {
  calls: Calls
  contingency: Contingency
  doors: Doors
  registry: Registry
  survey: Survey
}

/** @returns what stops it */
export function watchPlatform({ calls, contingency, doors, registry, survey }: Watched): (() => void)[] {
  return [
    platform.onGoodbye(() => {
      calls.leave()
      contingency.leave()
      registry.leave()
    }),
    platform.onFreeze(() => contingency.leave()),
    platform.onResume(() => {
      survey.look('moved')
      contingency.resume()
      doors.hurry()
    }),
    platform.onNetworkChange(() => {
      doors.hurry()
      calls.networkChanged()
      survey.look('moved')
    }),
    platform.onNetworkDoubt(() => survey.look('moved')),
  ]
}
