/**
 * Mutants: bugs that one could have written, each a change of one place in `protocols/`. A fuzz that does not catch
 * them would not have caught the real ones either. Left out is what a second mechanism makes good before anyone
 * could see it: what is not said once is said again with the next beat, drift is healed by digests, and who is
 * forgotten comes forward.
 */

export interface Mutant {
  name: string
  /** In `protocols/`. */
  file: string
  /** What is there, just once, and what is put in its place. */
  from: string
  to: string
}

const at = (file: string) => (name: string, from: string, to: string) => ({ name, file, from, to })
const holding = at('contingency/holding.ts')
const holders = at('contingency/holders.ts')
const writing = at('contingency/writing.ts')
const returning = at('contingency/returning.ts')
const duty = at('contingency/duty.ts')
const admission = at('contingency/admission.ts')
const machine = at('contingency/machine.ts')
const chain = at('contingency/chain.ts')
const watch = at('contingency/watch.ts')
const state = at('state/store.ts')
const entry = at('state/entry.ts')

export const mutants: readonly Mutant[] = [
  holding('acknowledge before storing', 'if (duty.absorb(entries) === undefined)', 'if (false)'),
  holding('count a delta with a gap before it', 'if (start <= duty.have) duty', 'duty'),
  holding(
    'take a delta of anybody',
    'return ofWriter ? this.#onDelta(from, message) : undefined',
    'return this.#onDelta(from, message)',
  ),
  holding(
    'be dismissed by anybody',
    'return ofWriter ? this.#onDismiss(from, message) : undefined',
    'return this.#onDismiss(from, message)',
  ),
  holding(
    'take over at the first silence, whoever hears the writer',
    'if (this.#suspectAt > now) this.#candidacy = undefined',
    '',
  ),
  holding(
    'take over without asking',
    'const asking = closed && this.#others.length === 0 ? 0 : home.config.probe',
    'const asking = 0',
  ),
  holding('never take over', 'if (now >= this.#suspectAt) this.#suspect(now)', ''),
  holding(
    'take over without a greater epoch',
    'return compareEpochs(claimable, epoch) > 0 ? claimable : undefined',
    'return claimable',
  ),
  holding('keep the old rank', '      this.#rank = rank\n', ''),
  holding('not come forward to an owner that is back', 'if (from !== duty.owner) return\n', 'return\n'),
  holders(
    'acknowledge what was sent',
    'holder.have = holder.same ? store.top : Math.min(have, store.top)',
    'holder.have = store.top',
  ),
  holders(
    'forget what was lost on the way',
    'rewind(holder, holder.have)\n      holder.until',
    'holder.until',
  ),
  holders('not look into drift', '} else if (holder.have >= store.top) this.#heal(holder, now)', '}'),
  holders(
    'not say it again when an appointment is lost',
    'if (turn !== this.#turn || renews) this.appoint(peer, now)',
    '',
  ),
  holders(
    'count on a copy as it was before a write',
    'holder.same = false\n      this.#pump(holder',
    'this.#pump(holder',
  ),
  holders(
    'call a part of what is sent backed up',
    'holder.same ? holder.have : wholeUpTo(holder)',
    'holder.have',
  ),
  watch('not miss anybody who is silent', 'return this.#heard + beat +', 'return this.#heard + 3_600_000 +'),
  holders(
    'spare copies before there are enough',
    'return safe >= this.#duty.home.config.copies',
    'return true',
  ),
  writing('give up a copy without taking it over', 'if (!complete) return', 'if (!complete && false) return'),
  writing(
    'not tell the owner that is back',
    'return from === duty.owner ? duty.offer(from) : undefined',
    'return',
  ),
  returning('write before all is gathered', 'if (sources.some(([, source]) => open(source))) return', ''),
  returning(
    'begin in the epoch of the stand-in',
    'const n = ownersNext(Math.max(this.#n, Math.floor(store.top / SPAN)))',
    'const n = this.#n',
  ),
  returning('take a part for the whole', 'if (message.last && open(source))', 'if (open(source))'),
  duty(
    'believe an epoch without proof',
    'return compareEpochs(epoch, this.epoch) > 0 && proves(this.owner, epoch, chain)',
    'return compareEpochs(epoch, this.epoch) > 0',
  ),
  duty('merge without keeping', "if (fresh.length > 0) this.effect({ type: 'persist', entries: fresh })", ''),
  duty(
    'count from where the store is, whatever the epoch',
    'return { n: Math.max(after, epoch * SPAN), by',
    'return { n: top + 1, by',
  ),
  duty('give everybody the same rank', 'to, n, session, rank, expires', 'to, n, session, rank: 1, expires'),
  admission('skip the epoch check', "if (order === 0) return 'take'", "if (order <= 0) return 'take'"),
  admission('not tell who is behind', "duty.fence(from)\n  return 'ignore'\n}", "return 'ignore'\n}"),
  admission('ignore a greater epoch', "return 'follow'", "return 'ignore'"),
  machine(
    'take any appointment',
    'if (owner === this.#self || !appoints(from, this.#self, message)) return',
    'if (owner === this.#self) return',
  ),
  machine(
    'hold without bounds',
    'if (known === undefined && this.#home.isFull(message.bytes)) {',
    'if (false) {',
  ),
  machine(
    'write before it is kept',
    'if (fault === undefined) duty.merge(entries)',
    'if (fault === undefined) duty.store.merge(entries)',
  ),
  machine(
    'go on writing beside another device',
    "duty.part = 'superseded'\n    this.#play(duty, new Superseded())",
    "duty.part = 'writing'",
  ),
  chain(
    'claim without a chain',
    'if (!leadsFrom(owner, chain)) return false',
    'if (chain.length === 0) return false',
  ),
  state(
    'let an older entry win',
    'if (old !== undefined && compareVersions(entry, old) <= 0) return false',
    'if (old !== undefined && compareVersions(entry, old) === 0) return false',
  ),
  entry('let a fenced write win', 'Math.floor(a.n / SPAN) - Math.floor(b.n / SPAN) ||', 'b.n - a.n ||'),
  writing('forget to re-appoint', 'this.#duty.fence(peer)\n    this.recruit(now)', 'this.#duty.fence(peer)'),
  state(
    'leave versions and bodies out of the digest',
    'const [high, low] = hashEntry(entry)',
    "const [high, low] = hashEntry({ ...entry, n: 0, by: '', body: new Uint8Array() })",
  ),
  duty(
    'write over what another device wrote, by its number alone',
    'this.store.written(top, session) ? top + 1 :',
    'top > 0 ? top + 1 :',
  ),
  machine(
    'come back from a pause as if nothing had been',
    'this.#return(duty, duty.roster, now)',
    'this.#duties.get(duty.owner)',
  ),
]
