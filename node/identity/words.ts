/**
 * An identity as 24 English words, to be written on paper: BIP-39 of the 32 bytes of an Ed25519 seed
 * (https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki), eight bits of which are a checksum. The seed
 * is what the words encode, not what BIP-39 derives from them for wallets.
 *
 * The list of 2048 words is loaded only when it is needed.
 */
import { IdentityError } from './fault.ts'

/** Of 256 bits and 8 of checksum, 11 a word. */
export const WORDS = 24
/** A word shown in an error is cut to this: what is pasted may be anything. */
const MAX_SHOWN = 24

export async function toWords(seed: Uint8Array): Promise<string> {
  const [{ entropyToMnemonic }, { wordlist }] = await load()
  return entropyToMnemonic(seed, wordlist)
}

/**
 * The seed. Any case, spaces, line ends, commas and numbers ("1. able") are accepted.
 * @throws IdentityError `word-count`, `unknown-word`, `wrong-words`
 */
export async function fromWords(text: string): Promise<Uint8Array> {
  const words =
    text
      .normalize('NFKD')
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  const [{ mnemonicToEntropy }, { wordlist }] = await load()
  const known = new Set(wordlist)
  const index = words.findIndex((word) => !known.has(word))
  const unknown = words[index]?.slice(0, MAX_SHOWN)
  if (unknown !== undefined && index < WORDS) {
    const what = `word ${index + 1}, "${unknown}", is not in the list`
    throw new IdentityError('unknown-word', what, { text: unknown, number: index + 1 })
  }
  if (words.length !== WORDS) {
    throw new IdentityError('word-count', `an identity has ${WORDS} words; these are ${words.length}`)
  }
  try {
    return mnemonicToEntropy(words.join(' '), wordlist)
  } catch {
    const what = 'these words do not belong together: one of them is another, or two are swapped'
    throw new IdentityError('wrong-words', what)
  }
}

function load() {
  return Promise.all([import('@scure/bip39'), import('@scure/bip39/wordlists/english.js')])
}
