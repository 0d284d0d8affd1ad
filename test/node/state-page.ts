/** What the browser test does its work with, put where it can reach it. */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { platform } from '#node/platform/browser'
import { openLetter, sealLetter } from '#node/state/inbox'
import { openIndexedDb } from '#node/state/indexeddb'
import { Keep } from '#node/state/keep'
import { Seal } from '#node/state/seal'

export const tools = { generateKeyPairFromSeed, Keep, openIndexedDb, openLetter, platform, Seal, sealLetter }

Object.assign(globalThis, { tools })
