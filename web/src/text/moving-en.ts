/** English, about moving to another device and being on two. */
import { explain } from './explanation.ts'

export const moving = {
  title: 'You on another device',
  hint: 'Your identity is a key. With it your name, contacts and calls come back on any device from those who stand in for you.',
  otherTab: 'This tab is a peer of its own. Do this in your first tab.',
  take: 'Take me along',
  have: 'I have an identity',
  passphrase: 'A passphrase for the file (better with one)',
  passphraseHint: 'Without it, whoever can read the file can be you. If you forget it, nobody can help.',
  save: 'Save as a file',
  saved: 'Saved',
  wordsWarning:
    'The same key as 24 words, for paper. Whoever reads them can be you: look around before you show them.',
  showWords: 'Show 24 words',
  hideWords: 'Hide the words',
  words: 'The words of your identity, in order',
  file: 'Your identity file',
  orWords: 'Or your 24 words',
  itsPassphrase: 'Passphrase of the file',
  look: 'Continue',
  become: (who: string) => `This browser will be ${who}.`,
  present: (who: string) =>
    `It has been ${who} so far. That one leaves this browser. Unless you have saved it, nobody can be ${who} again, and its contacts and calls are gone for good.`,
  savePresent: (who: string) => `Save ${who} first`,
  replace: (who: string) => `Replace ${who}`,
  cancel: 'Cancel',
  unknownWord: (word: string, number: number) =>
    `Word ${number}, “${word}”, is not one of the possible words.`,
  faults: {
    'not-an-identity': 'That is neither an identity file of Colonia nor 24 words.',
    damaged: 'This identity file was cut off or altered. Take another copy of it.',
    'too-large': 'That is far too large to be an identity file.',
    newer: 'A later version of Colonia made this file. Reload the page to get it.',
    'other-key': 'The key in this file is of a type that Colonia does not use.',
    'needs-passphrase': 'This file is protected. Type its passphrase.',
    'wrong-passphrase': 'That is not the passphrase of this file.',
    'word-count': 'An identity has 24 words; these are more or fewer.',
    'wrong-words': 'All words exist, but they do not belong together: one is another, or two are swapped.',
    taken: 'This browser has that identity already.',
  },
}

export const elsewhere = {
  takeOver: 'Take over here',
  is: explain(
    'You are here on another device',
    'Colonia was opened there with your identity after this page. What you change is kept there, and calls ring there.',
    'Use it there, or take over here: nothing is lost either way.',
  ),
}
