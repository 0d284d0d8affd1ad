/** The seal: what the owner writes comes back whole, and nothing else is believed or understood. */
import { createDecipheriv, createHmac, createPublicKey, hkdfSync, verify } from 'node:crypto'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { decode, encode } from '@msgpack/msgpack'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDeposit, openLetter, sealLetter } from '#node/state/inbox'
import { type Draft, isGenuine, readPublic, Seal } from '#node/state/seal'
import { packValue, unpackValue } from '#node/state/value'
import type { Entry } from '#protocols/state/index'

const keyOf = (seed: number) => generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(seed))
const [ada, ben, cleo] = await Promise.all([keyOf(1), keyOf(2), keyOf(3)])
const [adas, bens] = await Promise.all([Seal.of(ada), Seal.of(ben)])
const version = { n: 7, by: 'session' }

const draft = (name: string, value: unknown, open = false): Draft => ({
  name,
  packed: packValue(value),
  public: open,
})
const secret = draft('contacts/ben', { phone: '+34 600 000 000' })
const profile = draft('profile', { name: 'Ada' }, true)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const letterEntry = (sender: string, id: string, body: Entry['body']): Entry => ({
  key: `inbox/${sender}/${id}`,
  n: 9,
  by: 'the stand-in',
  body,
})

/** Every way to change one bit of `bytes` would take long; every byte once is as good. */
function* flips(entry: Entry): Generator<Entry> {
  for (let at = 0; at < entry.body.byteLength; at++) {
    const body = entry.body.slice()
    body[at] = (body[at] ?? 0) ^ (1 << (at % 8))
    yield { ...entry, body }
  }
}

describe('a record', () => {
  it('comes back as it was written: private, public, deleted', async () => {
    for (const each of [secret, profile]) {
      expect(await adas.open(await adas.seal(each, version))).toEqual({ type: 'record', ...each })
    }
    const gone = await adas.erase(await adas.keyOf(secret), version)
    expect(await adas.open(gone)).toEqual({ type: 'deleted' })
  })

  it('comes back whatever its name and value are', async () => {
    const value = fc.jsonValue({ maxDepth: 4 }).filter((json) => !JSON.stringify(json).includes('__proto__'))
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    const body = fc.oneof(value, fc.uint8Array(), fc.date({ noInvalidDate: true }))
    await fc.assert(
      fc.asyncProperty(name, body, fc.boolean(), fc.nat(), async (called, content, open, n) => {
        const opened = await adas.open(await adas.seal(draft(called, content, open), { n, by: 'x' }))
        if (opened?.type !== 'record') throw new Error('not a record')
        expect(opened.name).toBe(called)
        expect(hex(opened.packed)).toBe(hex(packValue(content)))
      }),
      { numRuns: 200 },
    )
  })

  it('is opened by the same identity elsewhere, and by no other', async () => {
    const entry = await adas.seal(secret, version)
    expect(await (await Seal.of(await keyOf(1))).open(entry)).toMatchObject({ name: secret.name })
    expect(await bens.open(entry)).toBeUndefined()
  })

  it('never uses a nonce twice, so the same record looks different each time', async () => {
    const bodies = await Promise.all([1, 2, 3].map(() => adas.seal(secret, version)))
    expect(new Set(bodies.map(({ body }) => hex(body))).size).toBe(3)
  })
})

describe('a holder', () => {
  it('finds neither the name nor the value of a private record', async () => {
    const entry = await adas.seal(secret, version)
    const seen = Buffer.concat([Buffer.from(entry.key), entry.body])
    for (const clear of ['contacts', 'ben', 'phone', '600']) expect(seen.includes(clear)).toBe(false)
    expect(entry.key).toMatch(/^private\/[\w-]{22}$/)
  })

  it('sees another key for the same name of another owner', async () => {
    expect(await bens.keyOf(secret)).not.toBe(await adas.keyOf(secret))
  })

  it('knows what is genuine by the PeerID alone', async () => {
    const entries = [
      await adas.seal(secret, version),
      await adas.seal(profile, version),
      await adas.erase('public/profile', version),
    ]
    for (const entry of entries) {
      expect(await isGenuine(adas.owner, entry)).toBe(true)
      expect(await isGenuine(bens.owner, entry)).toBe(false)
      expect(await isGenuine('nobody', entry)).toBe(false)
    }
  })

  it.each([
    ['private', () => adas.seal(secret, version)],
    ['public', () => adas.seal(profile, version)],
    ['deleted', () => adas.erase('public/profile', version)],
  ])('cannot alter, move, age or shorten one: %s', async (_, make) => {
    const entry = await make()
    const forgeries: Entry[] = [
      ...flips(entry),
      { ...entry, n: 8 },
      { ...entry, n: 6 },
      { ...entry, by: 'session2' },
      { ...entry, key: `${entry.key}x` },
      { ...entry, key: 'public/other' },
      { ...entry, key: await adas.keyOf(draft('other', 1)) },
      { ...entry, body: new Uint8Array() },
      { ...entry, body: entry.body.slice(0, -1) },
      { ...entry, body: Uint8Array.of(...entry.body, 0) },
    ]
    for (const forgery of forgeries) {
      expect(await isGenuine(adas.owner, forgery)).toBe(false)
      expect(await adas.open(forgery)).toBeUndefined()
    }
  })

  it('cannot swap what lies under two keys', async () => {
    const [one, two] = [await adas.seal(secret, version), await adas.seal(draft('other', 1), version)]
    expect(await isGenuine(adas.owner, { ...one, body: two.body })).toBe(false)
  })

  it('cannot sign for another owner', async () => {
    const forged = await bens.seal(profile, version)
    expect(await isGenuine(adas.owner, forged)).toBe(false)
    expect(await adas.open(forged)).toBeUndefined()
  })
})

describe('a stranger', () => {
  it('reads a public record, and only a genuine one', async () => {
    const entry = await adas.seal(profile, version)
    expect(await readPublic(adas.owner, entry)).toEqual({ value: { name: 'Ada' } })
    expect(await readPublic(bens.owner, entry)).toBeUndefined()
    expect(await readPublic(adas.owner, await adas.seal(secret, version))).toBeUndefined()
    expect(await readPublic(adas.owner, await adas.erase(entry.key, version))).toBeUndefined()
  })

  it('is not harmed by an owner who signs nonsense', async () => {
    const nested = { name: 'deep', packed: new Uint8Array(60_000).fill(0x91), public: true }
    const cut = { name: 'cut', packed: Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff), public: true }
    for (const each of [nested, cut]) {
      expect(await readPublic(adas.owner, await adas.seal(each, version))).toBeUndefined()
    }
  })
})

describe('a value', () => {
  const circle: unknown[] = []
  circle.push(circle)

  it.each([
    ['a function', () => {}],
    ['a big integer', 1n],
    ['a map with the key __proto__', JSON.parse('{"__proto__":1}')],
    ['a list that contains itself', circle],
  ])('that cannot be read again is refused when it is written: %s', (_, value) => {
    expect(() => packValue(value)).toThrow(expect.objectContaining({ code: 'bad-record' }))
  })

  it('is a fresh copy each time', () => {
    const packed = packValue({ list: [1] })
    expect(unpackValue(packed)).not.toBe(unpackValue(packed))
  })
})

describe('a letter', () => {
  const value = { text: 'Call me when you are back', at: new Date(0) }
  const to = { owner: adas.owner, id: 'a1' }
  const send = async () => letterEntry(bens.owner, 'a1', await sealLetter(ben, to, value))

  it('is read by its owner alone, who learns who wrote it', async () => {
    const entry = await send()
    expect(await isGenuine(adas.owner, entry)).toBe(true)
    expect(await openLetter(ada, entry)).toEqual({ sender: bens.owner, id: 'a1', value })
    expect(await openLetter(ben, entry)).toBeUndefined()
    expect(await openLetter(cleo, entry)).toBeUndefined()
    expect(Buffer.from(entry.body).includes('Call')).toBe(false)
  })

  it('is refused under another sender or id, signed by another, or with any byte changed', async () => {
    const entry = await send()
    const claimed = await sealLetter(cleo, to, value)
    const forgeries = [
      ...flips(entry),
      letterEntry(cleo.publicKey.toString(), 'a1', entry.body),
      letterEntry(bens.owner, 'a2', entry.body),
      letterEntry(bens.owner, 'a1', claimed),
      letterEntry('nobody', 'a1', entry.body),
      letterEntry(bens.owner, 'a1', entry.body.slice(0, 60)),
      letterEntry(bens.owner, 'a1', new Uint8Array()),
    ]
    for (const forgery of forgeries) expect(await openLetter(ada, forgery)).toBeUndefined()
  })

  it('is refused when its sender only claims to be someone', async () => {
    const posing = Object.create(cleo, { publicKey: { value: ben.publicKey } })
    const entry = letterEntry(bens.owner, 'a1', await sealLetter(posing, to, value))
    expect(await openLetter(ada, entry)).toBeUndefined()
  })

  it('is refused when its ephemeral key is a point of small order', async () => {
    const entry = await send()
    entry.body.fill(0, 1, 33)
    expect(await openLetter(ada, entry)).toBeUndefined()
  })

  it('is no record, and no record is a letter', async () => {
    const { body } = await adas.seal(profile, version)
    expect(isDeposit(letterEntry(bens.owner, 'a1', body))).toBe(false)
    expect(await isGenuine(adas.owner, { ...(await send()), key: 'public/profile' })).toBe(false)
  })

  it('is deleted by its owner alone', async () => {
    const { key } = await send()
    const later = { n: 10, by: 'session' }
    expect(await isGenuine(adas.owner, await adas.erase(key, later))).toBe(true)
    expect(await isGenuine(adas.owner, await bens.erase(key, later))).toBe(false)
  })

  it('has at most 4 kB, and goes only to a PeerID that tells its key', async () => {
    await expect(sealLetter(ben, to, 'x'.repeat(4_096))).rejects.toMatchObject({ code: 'record-too-large' })
    await expect(sealLetter(ben, { owner: 'nobody', id: 'a1' }, 1)).rejects.toMatchObject({
      code: 'bad-peer-id',
    })
  })
})

describe('the format', () => {
  // What is sealed today must open in years: a change here needs a new version in the context and the HKDF info.
  it('is what it was', async () => {
    const seal = await Seal.of(ada, (bytes) => new Uint8Array(bytes).fill(9))
    const ephemeral = new Uint8Array(32).fill(8)
    const entries = [
      await seal.seal(secret, version),
      await seal.seal(profile, version),
      await seal.erase('public/profile', version),
      letterEntry(bens.owner, 'a1', await sealLetter(ben, { owner: seal.owner, id: 'a1' }, 'hi', ephemeral)),
    ]
    expect(entries.map(({ key, body }) => [key, hex(body)])).toEqual(GOLDEN)
  })

  it('opens with OpenSSL and its description', () => {
    const [key = '', body = ''] = GOLDEN[0] ?? []
    const derive = (info: string) =>
      Buffer.from(hkdfSync('sha256', ada.raw.subarray(0, 32), '', `colonia/state/${info}/1`, 32))
    const name = createHmac('sha256', derive('name')).update(secret.name).digest().subarray(0, 16)
    expect(key).toBe(`private/${name.toString('base64url')}`)
    const context = encode(['colonia/record/1', adas.owner, key, version.n, version.by])
    const bytes = Buffer.from(body, 'hex')
    const decipher = createDecipheriv('aes-256-gcm', derive('seal'), bytes.subarray(65, 77))
    decipher.setAAD(context).setAuthTag(bytes.subarray(-16))
    const plain = Buffer.concat([decipher.update(bytes.subarray(77, -16)), decipher.final()])
    expect(decode(Uint8Array.from(plain))).toEqual([secret.name, secret.packed])
    const x = Buffer.from(ada.publicKey.raw).toString('base64url')
    const owner = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const signed = Buffer.concat([context, bytes.subarray(0, 1), bytes.subarray(65)])
    expect(verify(null, signed, owner, bytes.subarray(1, 65))).toBe(true)
  })
})

const GOLDEN = [
  [
    'private/ER7FxSg4Rbq3vOUBO4Gfbg',
    '01fb8b6352ba791531bed582999ea62dd0585e535255b84b6913fef62898c8dab1deccab68a077c54f75974a7408a1bde76efdea2d482caabb35ef0116ff1ea6020909090909090909090909095c238b3224741221e347de74a0a13e2da6468a593d4262890dd5e5601d4bd787de784a42ea4efd6696f3df6d498baebe82b830d570d7c2',
  ],
  [
    'public/profile',
    '021ae1a84ece39f2a930128dded27ada97afee4a674c47a99af887c8f5c9644df3d7fe5569fb7679380bfa7e7e046abffa3594d77e10c7822ef23399a8441bb60f81a46e616d65a3416461',
  ],
  [
    'public/profile',
    '0329d46cb21cefbd68af156e406f1aaf53e5990b0e2a9324027bab18f98375ba70c7e2e37d5fe82d296f3cc272a767632b5bf065a7fa9c788406736d7447910d02',
  ],
  [
    'inbox/12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq/a1',
    '0431d4ab6aceec961137917037936e60716fac573afe94d9da84a8020448dfc112a1b154b80e0c00a69e212e0ab0d286527eb862ccb6b4e8b00592c0e5090f5bef9bc702384e82345d7ca5bbad2de8a63701d8bf434c87890d76cf9a236527ad441a72fd837cba9c55602a38be6b820911ec437f',
  ],
]
