/** English, of meeting by hand. */
import type { HandFault } from '#node/hand/fault'

export const enHand = {
  offer: 'Meet by hand',
  offerHint:
    'No server is needed: you and one other person send each other a text, or show each other a code.',
  title: 'Meet by hand',
  what: 'For when no server can be reached, or there is none. You give someone an invitation, they give you a reply, and your two browsers find each other. Through them you reach everyone else they are linked to.',
  warning:
    'Each text works once and for ten minutes. It shows the network addresses of this device to whoever reads it: give it only to the person you want to meet.',
  starting: 'Colonia is starting…',

  invite: 'Invite someone',
  make: 'Make an invitation',
  inviting: 'Writing the invitation…',
  have: 'I was sent an invitation',
  invitation: 'The invitation you were sent',
  take: 'Make a reply',
  taking: 'Writing the reply…',

  step: (step: number) => `Step ${step} of 2`,
  give: 'Give them this invitation',
  giveHint: 'Send them the link, or let them scan the code. Leave this page open.',
  giveBack: 'Give them this reply',
  giveBackHint: (who: string) =>
    `It goes back to who invited you (${who}). As soon as they have it you are connected. Leave this page open.`,
  shareInvitation: 'Meet me on Colonia. Open this link, and send me back the reply that it makes.',
  shareReply: 'My reply. Paste it into the page that made the invitation.',
  code: 'QR code of this text',
  until: (time: string) => `Good for another ${time}.`,
  back: 'Now take their reply',
  reply: 'The reply they sent you',
  connect: 'Connect',
  connecting: 'Looking for a way to each other…',
  waiting: 'Waiting for them to take it…',
  scan: 'Scan a code',
  scanning: 'Hold their code in front of the camera.',
  noCamera: 'The camera could not be opened. Paste the text instead.',
  cancel: 'Start again',
  more: 'Meet someone else',

  met: 'You are connected',
  metHint: (who: string) => `You and ${who} are linked directly. No server takes part.`,
  call: 'Call them',
  handed: 'The reply was passed on',
  handedHint: 'The page that made the invitation has it, in another tab. You can close this one.',

  failed: 'That did not work',
  again: 'Both texts are used up now. Make a new invitation.',
  unreachable:
    'The two devices found no way to each other. Are both in the same network, or does one of them have a public address?',
  faults: {
    'not-one': 'There is no invitation or reply in this text. One begins with meet= and is long.',
    damaged: 'A part of it is missing or was changed on the way. Copy all of it again.',
    'too-large': 'That is far too long. Paste only the invitation or the reply.',
    newer: 'A later version of Colonia made this. Reload the page to get it.',
    expired: 'It is too old, or was withdrawn. Ask for a new one.',
    'too-far': 'It comes from the future: the clock of one of the two devices is wrong.',
    own: 'That is your own text. It belongs in the other person’s page.',
    'wrong-kind':
      'Here belongs the other of the two texts: an invitation is opened, a reply is pasted where it was made.',
    'not-for-you': 'This invitation is for someone else.',
    other: 'This is a reply to another invitation.',
    'other-peer': 'It is not from the person who was invited.',
    used: 'This invitation has had its reply.',
  } satisfies Record<HandFault, string>,
}

export type HandText = typeof enHand
