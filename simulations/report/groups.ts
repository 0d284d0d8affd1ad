/** The groups that figures are read in. */
import type { Figure } from './catalogue.ts'

/** In the order in which they are read, each with its heading. */
export const groups: Readonly<Record<Figure['group'], string>> = {
  losses: 'States lost',
  takeover: 'Crashes noticed, states taken over',
  'look-ups': 'Peers found',
  traffic: 'Traffic of a node',
  links: 'Links',
  bootstrap: 'Bootstrap',
  calls: 'Calls',
  run: 'The run',
}
