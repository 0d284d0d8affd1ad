import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateKeyPair, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { describe, expect, it } from 'vitest'
import { loadIdentity } from '#node/identity-file'
import { createBootstrap } from '../../bootstrap/index.ts'
import { folder } from './harness.ts'

describe('the identity file', () => {
  it('is made with its folder, for its owner alone, and nothing is left beside it', async () => {
    const path = join(await folder(), 'new', 'my.key')
    await loadIdentity(path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(join(path, '..'))).toEqual(['my.key'])
  })

  it('gives the same PeerID after a restart', async () => {
    const identity = join(await folder(), 'my.key')
    const first = await createBootstrap({ port: 0, identity })
    await first.stop()
    const second = await createBootstrap({ port: 0, identity })
    await second.stop()
    expect(second.peerId).toBe(first.peerId)
  })

  it('is one identity when many processes make it at once', async () => {
    const path = join(await folder(), 'my.key')
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadIdentity(path)))
    expect(new Set(keys.map(({ publicKey }) => publicKey.toString())).size).toBe(1)
  })

  it('is refused when others may read it, with the command that mends that', async () => {
    const path = join(await folder(), 'my.key')
    await loadIdentity(path)
    await chmod(path, 0o640)
    await expect(loadIdentity(path)).rejects.toThrow(`run: chmod 600 ${path}`)
  })

  it.each([
    ['garbage', async () => new Uint8Array(68).fill(7), 'does not hold a private key'],
    ['an empty file', async () => new Uint8Array(), 'does not hold a private key'],
    ['a large file', async () => new Uint8Array(1000), 'too large'],
    [
      'a key of another kind',
      async () => privateKeyToProtobuf(await generateKeyPair('secp256k1')),
      'secp256k1; Ed25519 is needed',
    ],
  ])('is refused when it holds %s, and left as it is', async (_, content, why) => {
    const path = join(await folder(), 'my.key')
    await writeFile(path, await content(), { mode: 0o600 })
    const before = await stat(path)
    await expect(loadIdentity(path)).rejects.toMatchObject({ code: 'bad-identity' })
    await expect(loadIdentity(path)).rejects.toThrow(why)
    expect((await stat(path)).mtimeMs).toBe(before.mtimeMs)
  })

  it('is refused when it is a folder', async () => {
    const path = join(await folder(), 'my.key')
    await mkdir(path, { mode: 0o700 })
    await expect(loadIdentity(path)).rejects.toMatchObject({ code: 'bad-identity' })
  })
})
