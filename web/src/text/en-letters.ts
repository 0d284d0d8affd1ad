/** English, of those who are away and the messages that are left for them. */
export const enLetters = {
  away: (who: string) => `${who} is away.`,
  awaySince: (who: string, time: string) => `${who} has been away since ${time}.`,
  back: (who: string) => `${who} is back. You can call.`,
  offer: 'Leave a message',
  label: (who: string) => `Your message to ${who}`,
  placeholder: 'It is read when they are back',
  left: (count: number) => (count === 1 ? '1 character left' : `${count} characters left`),
  send: 'Leave it',
  cancel: 'Not now',
  sending: 'Sealing and handing over…',
  another: 'Leave another',
  kept: (who: string) =>
    `Your message is kept by a peer that stands in for ${who}, sealed: only ${who} can read it.`,
  keptHere: (who: string) =>
    `Your message is kept here, because this page stands in for ${who}, and by others that do. It is sealed: only ${who} can read it.`,
  full: (who: string) =>
    `No more messages from you can be kept for ${who}. They have to read the others first.`,
  nobody: (who: string) =>
    `Nobody who stands in for ${who} can be reached right now. Your text is still here: try again in a moment.`,
  failed: (why: string) => `Your message could not be left: ${why}`,

  title: 'Messages',
  hint: 'Left for you while you were away. Only you can read them.',
  fresh: 'New',
  freshCount: (count: number) => (count === 1 ? '1 new message' : `${count} new messages`),
  unreadable: 'This message is of a kind that this page does not know.',
  callBack: 'Call back',
  remove: 'Delete',
  removeOf: (who: string) => `Delete the message of ${who}`,
  removed: 'The message was deleted.',
  notRemoved: (why: string) => `The message could not be deleted: ${why}`,
}

export type LettersText = typeof enLetters
