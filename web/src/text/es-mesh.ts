/** Spanish, of the mesh as it is drawn, and of a server that is gone. */
import type { MeshText } from './en-mesh.ts'

export const esMesh: MeshText = {
  serverGone: 'El servidor se ha ido. Tu llamada no lo necesita.',
  kept: 'El servidor no responde. Esta página estaba guardada en tu dispositivo; buscando a quienes conoce…',
  keptLinked:
    'El servidor no responde. Esta página estaba guardada en tu dispositivo y ha encontrado a otros: a través de ellos puedes llamar y recibir llamadas.',

  picture: (links, entrances) =>
    `La red: tú en el centro, ${links === 1 ? '1 conexión' : `${links} conexiones`}, ${entrances === 1 ? '1 entrada conectada' : `${entrances} entradas conectadas`}. Las listas de abajo dicen quiénes son.`,
  me: 'Tú',
  more: (count) => `${count} más están solo en la lista de abajo.`,
  legend: {
    direct: 'una conexión directa',
    turn: 'por un servidor TURN',
    relayed: 'llevado por otro',
    holder: 'responde por ti',
    held: 'tú respondes por él',
    apart: 'sin conexión ahora',
    call: 'en llamada contigo',
  },
  turn: 'por un servidor TURN',
  relayedBy: (who) => `llevado por ${who}`,
  inCall: 'en llamada contigo',
  rank: (rank) => `número ${rank}`,
  roundTrip: (millis) => (millis < 1 ? '< 1 ms' : `${millis} ms`),
}
