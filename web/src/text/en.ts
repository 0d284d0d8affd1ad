/** English. The keys of this page are the keys of every language. */
import { enHand } from './en-hand.ts'
import { enLetters } from './en-letters.ts'
import { media } from './en-media.ts'
import { enMesh } from './en-mesh.ts'
import { explain } from './explanation.ts'
import { elsewhere, moving } from './moving-en.ts'

export const en = {
  tagline: 'Calls from browser to browser. The server is only the entrance.',
  somebody: 'Someone without a name',
  goHome: 'Go home',
  reload: 'Reload',
  close: 'Close',

  name: 'Your name',
  namePlaceholder: 'What others will see',

  home: {
    title: 'Call someone, or be called',
    ready: 'Ready. You can be called.',
    mine: 'Your link',
    mineHint: 'Send it to someone. Whoever opens it can call you, as long as this page stays open.',
    anotherTab:
      'Colonia is open in another tab too. Each tab has a link of its own; this is the one of this tab.',
    making: 'Making your link…',
    copy: 'Copy',
    copied: 'Copied',
    share: 'Share',
    shareText: 'Call me on Colonia',
    qr: 'QR code',
    qrLabel: 'QR code of your link',
    theirs: 'Call someone',
    theirsHint: 'Paste the link they sent you, or their PeerID.',
    theirsLabel: 'Their link or PeerID',
    open: 'Open',
    notALink: 'That holds no PeerID. One is 52 characters long and begins with 12D3KooW.',
    how: 'How it works',
    howText:
      'The server introduces two browsers and steps aside. Sound and picture go straight from one to the other, encrypted; nobody in between can see or hear them.',
  },

  people: {
    title: 'Recent',
    call: 'Call',
    edit: (who: string) => `Change ${who}`,
    name: 'What you call them',
    save: 'Save',
    forget: 'Forget',
    all: (count: number) => `Show all ${count}`,
    notKept: (why: string) => `The last change could not be kept: ${why}`,
  },

  letters: enLetters,
  hand: enHand,

  entrance: {
    starting: 'Waking up…',
    connecting: 'Looking for the entrance…',
    left: 'You stand on your own: the server is not needed now.',
    lost: 'The entrance is out of reach.',
    lostLinked:
      'The entrance is out of reach, but your links to others hold: through them you can call and be called.',
    retry: (seconds: number) => (seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again…'),
    refused: (reason: string) => `The entrance turned us away: ${reason}`,
    refusedTodo: 'Reload the page to get its newest version.',
  },

  nest: {
    open: 'The nest',
    title: 'The nest',
    hint: 'The mesh as this page sees it.',
    id: 'Your PeerID',
    entrances: 'Entrances',
    entrancesHint: 'They introduce newcomers. Calls go on without them.',
    state: {
      connecting: 'connecting',
      connected: 'connected',
      left: 'not needed now: others hold you',
      lost: 'out of reach',
      refused: 'refused us',
    },
    holders: 'Who stands in for you',
    holdersHint: 'They keep a sealed copy of your contacts and calls that only you can read.',
    noHolders: 'Nobody yet. Others are asked as soon as they are around.',
    warm: 'has a copy',
    copying: 'a copy is on its way',
    holding: 'Whom you stand in for',
    noHolding: 'Nobody.',
    keeping: 'you have a copy',
    standingIn: 'away; you answer in their place',
    nothingLost: 'If you left now, nothing would be lost.',
    alone: 'Nobody holds a copy of your state yet: you are alone here.',
    unbacked: (count: number) =>
      count === 1
        ? '1 record is not with anyone else yet.'
        : `${count} records are not with anyone else yet.`,
    links: (count: number) => (count === 1 ? '1 link' : `${count} links`),
    noLinks: 'None yet. They come by themselves when others are around.',
    direct: 'direct',
    relayed: 'through a relay',
    since: (time: string) => `for ${time}`,
  },

  mesh: enMesh,

  moving,
  elsewhere,

  preview: {
    title: (who: string) => `Call ${who}?`,
    hint: 'Look and listen to yourself first. They see and hear you only once they accept.',
    call: 'Call',
    ready: 'Ready to call.',
    waking: 'Waiting for your camera…',
    cameraIsOff: 'Your camera is off',
    withNothing: 'You can call all the same: you will see and hear them.',
    self: 'This is your own link. Open it in another browser or device, or send it to someone.',
    you: 'You, as they will see you',
  },

  device: {
    title: 'Camera and microphone',
    camera: 'Camera',
    microphone: 'Microphone',
    level: 'Microphone level',
    none: 'None found',
    numbered: (kind: string, number: number) => `${kind} ${number}`,
    mute: 'Mute',
    unmute: 'Unmute',
    cameraOff: 'Turn camera off',
    cameraOn: 'Turn camera on',
    tryAgain: 'Try again',
  },

  media,

  call: {
    phase: {
      starting: 'Waking up…',
      calling: 'Finding them…',
      ringing: 'Ringing…',
      incoming: 'Calling you',
      connecting: 'Connecting…',
      active: 'Connected',
      reconnecting: 'Reconnecting…',
      ended: 'The call has ended',
    },
    with: (who: string) => `Call with ${who}`,
    calling: (who: string) => `Calling ${who}`,
    opening: 'Opening your camera and microphone…',
    cancel: 'Cancel',
    hangUp: 'Hang up',
    elapsed: 'Time in this call',
    theyAreMuted: 'Their microphone is off',
    theirCameraIsOff: 'Their camera is off',
    youAreMuted: 'You are muted',
    you: 'You',
    them: (who: string) => `${who}, picture`,
    away: 'Away',
    waiting: (who: string) => `Waiting for ${who} to come back…`,
    kept: (time: string) => `Their seat is kept for ${time}.`,
    returning: 'Going back into the call…',
    faltered: 'The connection faltered. Looking for another way…',
    tapToHear: 'Play the sound',
  },

  seat: {
    title: (who: string) => `You are still in a call with ${who}`,
    elsewhere: 'It began on another of your devices; rejoining brings it here.',
    kept: (time: string) => `Your seat is kept for ${time}.`,
    rejoin: 'Rejoin',
    leave: 'Leave the call',
  },

  incoming: {
    title: (who: string) => `${who} is calling`,
    video: 'Accept with video',
    audio: 'Accept, audio only',
    decline: 'Decline',
    flash: (who: string) => `${who} is calling you`,
  },

  ended: {
    again: 'Call again',
    callBack: 'Call back',
    lasted: (time: string) => `It lasted ${time}.`,
    'hung-up': explain('You hung up', 'The call is over.', ''),
    'they-hung-up': explain('They hung up', 'The call is over.', ''),
    declined: explain(
      'They declined',
      'They saw your call and cannot take it now.',
      'Try again later, or write to them.',
    ),
    'i-declined': explain('You declined', 'They know that you cannot talk now.', ''),
    busy: explain(
      'They are in another call',
      'Your call could not get through.',
      'Try again in a few minutes.',
    ),
    cancelled: explain('You missed a call', 'They gave up before you answered.', 'Call them back.'),
    'no-answer': explain(
      'No answer',
      'It rang for 45 seconds and nobody answered.',
      'Try again later, or write to them that you called.',
    ),
    unreachable: explain(
      'They could not be reached',
      'Their page is closed, they are offline, or nobody has this PeerID.',
      'Ask them to open Colonia and keep it open, check the link, then call again.',
    ),
    'no-entrance': explain(
      'The entrance is out of reach',
      'Without it, and without links to others, there is no way to them.',
      'Check your internet connection and call again. The page keeps trying by itself.',
    ),
    incompatible: explain(
      'The two pages do not understand each other',
      'They use another version of Colonia.',
      'Both of you: reload the page, then call again.',
    ),
    lost: explain(
      'The connection was lost',
      'It did not come back within two minutes.',
      'Check your internet connection, then call again.',
    ),
    failed: explain(
      'The call broke',
      'Their page answered with something that this one does not understand.',
      'Call again. If it happens again, both of you reload the page.',
    ),
  },

  trouble: {
    'bad-link': explain(
      'This link does not lead to anyone',
      'What follows the # is not a PeerID; a part of the link was probably lost on its way.',
      'Ask for the link again and open all of it. A PeerID is 52 characters long and begins with 12D3KooW.',
    ),
    insecure: explain(
      'This address is not secure enough',
      'Browsers allow calls only on pages opened over https, or on this very machine as localhost.',
      'Open the page at its https address.',
    ),
    old: explain(
      'This browser cannot make calls',
      'It lacks something that calls need, or has it switched off:',
      'Use a current Chrome, Edge, Firefox or Safari, outside of its strictest privacy mode.',
    ),
    unloaded: explain(
      'A part of the page did not arrive',
      'The network dropped it, or the page was renewed just now.',
      'Reload the page.',
    ),
    broken: explain(
      'Colonia could not start',
      'The page met an error it did not expect:',
      'Reload the page.',
    ),
  },
}

export type Text = typeof en
