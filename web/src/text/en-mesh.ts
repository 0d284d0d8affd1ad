/** English, of the mesh as it is drawn, and of a server that is gone. */
export const enMesh = {
  /** In a call. */
  serverGone: 'The server is gone. Your call does not need it.',
  /** The page was opened from what is kept on the device. */
  kept: 'The server does not answer. This page was kept on your device; looking for people it knows…',
  keptLinked:
    'The server does not answer. This page was kept on your device, and it has found others: through them you can call and be called.',

  /** Of the picture. The lists below it say the same in words. */
  picture: (links: number, entrances: number) =>
    `The mesh: you in the middle, ${links === 1 ? '1 link' : `${links} links`}, ${entrances === 1 ? '1 entrance' : `${entrances} entrances`} connected. The lists below say who they are.`,
  me: 'You',
  more: (count: number) => `${count} more are only in the list below.`,
  legend: {
    direct: 'a direct link',
    turn: 'through a TURN server',
    relayed: 'carried by another',
    holder: 'stands in for you',
    held: 'you stand in for them',
    apart: 'not linked now',
    call: 'in a call with you',
  },
  turn: 'through a TURN server',
  relayedBy: (who: string) => `carried by ${who}`,
  inCall: 'in a call with you',
  rank: (rank: number) => `number ${rank}`,
  roundTrip: (millis: number) => (millis < 1 ? '< 1 ms' : `${millis} ms`),
}

export type MeshText = typeof enMesh
