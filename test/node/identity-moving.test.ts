/** An identity that is taken along: out as a file or as words, in again elsewhere, and everything that can be wrong. */
import { stat, writeFile } from 'node:fs/promises'
import { generateKeyPair, generateKeyPairFromSeed, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { describe, expect, it } from 'vitest'
import { fromDocument, toDocument } from '#node/identity/document'
import { toWords } from '#node/identity/words'
import { exportIdentity, importIdentity, readIdentity } from '#node/index'
import { folder } from '../bootstrap/harness.ts'
import { peer } from './harness.ts'

const seed = new Uint8Array(32).map((_, index) => index)
const ana = await generateKeyPairFromSeed('Ed25519', seed)
const id = ana.publicKey.toString()
const words = await toWords(seed)

describe('an identity on its way to another device', () => {
  it.each(['file', 'words'] as const)('is the same peer after it went as %s', async (as) => {
    const [home, elsewhere] = [`${await folder()}/key`, `${await folder()}/key`]
    const { id } = await peer({ bootstraps: [], identity: home })
    const text = await exportIdentity({ identity: home, as })
    expect(await importIdentity(text, { identity: elsewhere })).toEqual({ id })
    expect((await stat(elsewhere)).mode & 0o777).toBe(0o600)
    expect((await peer({ bootstraps: [], identity: elsewhere })).id).toBe(id)
  })

  it('says what it is, and whose', async () => {
    expect(JSON.parse(await toDocument(ana))).toMatchObject({
      kind: 'colonia identity',
      version: 1,
      peer: id,
    })
  })

  it('under a passphrase opens with that alone, however its accents were typed', async () => {
    const text = await toDocument(ana, 'caf\u00e9')
    expect(text).not.toContain(btoa(String.fromCharCode(...privateKeyToProtobuf(ana))))
    expect((await fromDocument(text, 'cafe\u0301')).equals(ana)).toBe(true)
    await expect(fromDocument(text)).rejects.toMatchObject({ reason: 'needs-passphrase' })
    await expect(fromDocument(text, 'cafe')).rejects.toMatchObject({ reason: 'wrong-passphrase' })
    const other = (await generateKeyPair('Ed25519')).publicKey.toString()
    await expect(fromDocument(text.replace(id, other), 'café')).rejects.toMatchObject({
      reason: 'wrong-passphrase',
    })
  })

  it('is 24 words as BIP-39 has them', async () => {
    // The list's first words, and the checksum that BIP-39's own vectors give for zeros.
    expect(await toWords(new Uint8Array(32))).toBe(`${'abandon '.repeat(23)}art`)
    expect(words.split(' ')).toHaveLength(24)
  })

  it.each([
    ['in capitals', words.toUpperCase()],
    [
      'in lines, with numbers',
      words
        .split(' ')
        .map((word, index) => `${index + 1}. ${word}`)
        .join('\r\n'),
    ],
    ['with spaces and commas', `  ${words.replaceAll(' ', ',   ')}\n`],
  ])('is read from words %s', async (_, text) => {
    expect(await readIdentity(text)).toEqual({ id })
  })
})

describe('what is no identity is refused, and says why', () => {
  const swapped = words.split(' ').map((word, index, all) => (index > 1 ? word : (all[1 - index] ?? '')))
  it.each([
    ['a word that is not in the list', words.replace(/^\w+/, 'colonia'), 'unknown-word', /word 1, "colonia"/],
    ['two words swapped', swapped.join(' '), 'wrong-words', /do not belong together/],
    ['a word too few', words.replace(/ \w+$/, ''), 'word-count', /24 words; these are 23/],
    ['a word too many', `${words} able`, 'word-count', /these are 25/],
    ['another file', '{"name":"colonia"}', 'not-an-identity', /no identity/],
    ['an empty text', '', 'not-an-identity', /neither/],
    ['one word', 'hello', 'not-an-identity', /neither/],
    ['something huge', 'x'.repeat(100_000), 'too-large', /too large/],
  ])('%s', async (_, text, reason, message) => {
    await expect(readIdentity(text)).rejects.toMatchObject({ code: 'bad-identity', reason })
    await expect(readIdentity(text)).rejects.toThrow(message)
  })

  it('a file cut off anywhere, or with any letter of the key altered', async () => {
    const text = (await toDocument(ana)).trimEnd()
    for (let length = 32; length < text.length; length += 20) {
      await expect(readIdentity(text.slice(0, length))).rejects.toMatchObject({ reason: 'damaged' })
    }
    const key = text.indexOf('"key": "') + 8
    for (let at = key; at < key + 88; at += 9) {
      const altered = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
      await expect(readIdentity(altered)).rejects.toMatchObject({ code: 'bad-identity' })
    }
  })

  it('a key of another type, and a later version', async () => {
    const other = btoa(String.fromCharCode(...privateKeyToProtobuf(await generateKeyPair('secp256k1'))))
    const document = { ...JSON.parse(await toDocument(ana)), key: other }
    await expect(readIdentity(JSON.stringify(document))).rejects.toMatchObject({ reason: 'other-key' })
    const later = JSON.stringify({ ...document, version: 2 })
    await expect(readIdentity(later)).rejects.toMatchObject({ reason: 'newer' })
  })

  it('rounds that are too few to be ours, or so many that the page would stop', async () => {
    const document = JSON.parse(await toDocument(ana, 'x'))
    for (const rounds of [1, 1e12]) {
      const text = JSON.stringify({ ...document, sealed: { ...document.sealed, rounds } })
      await expect(readIdentity(text, { passphrase: 'x' })).rejects.toMatchObject({ reason: 'damaged' })
    }
  })

  it('a huge file is not even read', async () => {
    const file = new Blob(['x'.repeat(10_000)])
    file.text = () => Promise.reject(new Error('it was read'))
    await expect(readIdentity(file)).rejects.toMatchObject({ reason: 'too-large' })
  })
})

describe('what is there already', () => {
  it('is not written over: neither a key nor the state of another', async () => {
    const [first, second] = [`${await folder()}/key`, `${await folder()}/key`]
    await importIdentity(words, { identity: first })
    await expect(importIdentity(words, { identity: first })).rejects.toMatchObject({ reason: 'taken' })
    await writeFile(`${second}.state`, '')
    await expect(importIdentity(words, { identity: second })).rejects.toThrow(/another's state/)
    await expect(exportIdentity({ identity: second })).rejects.toMatchObject({ code: 'bad-identity' })
  })
})
