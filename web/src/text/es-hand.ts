/** Español, de encontrarse a mano. */
import type { HandText } from './en-hand.ts'

export const esHand: HandText = {
  offer: 'Encontrarse a mano',
  offerHint: 'No hace falta servidor: tú y otra persona os mandáis un texto, o os enseñáis un código.',
  title: 'Encontrarse a mano',
  what: 'Para cuando no se llega a ningún servidor, o no lo hay. Das a alguien una invitación, te da una respuesta, y vuestros navegadores se encuentran. A través de ellos llegas a todos con quienes tengan enlace.',
  warning:
    'Cada texto sirve una vez y durante diez minutos. Muestra las direcciones de red de este dispositivo a quien lo lea: dalo solo a la persona con quien te quieres encontrar.',
  starting: 'Colonia está arrancando…',

  invite: 'Invitar a alguien',
  make: 'Hacer una invitación',
  inviting: 'Escribiendo la invitación…',
  have: 'Me mandaron una invitación',
  invitation: 'La invitación que te mandaron',
  take: 'Hacer una respuesta',
  taking: 'Escribiendo la respuesta…',

  step: (step) => `Paso ${step} de 2`,
  give: 'Dale esta invitación',
  giveHint: 'Mándale el enlace, o deja que escanee el código. No cierres esta página.',
  giveBack: 'Dale esta respuesta',
  giveBackHint: (who) =>
    `Es para quien te invitó (${who}). En cuanto la tenga estáis conectados. No cierres esta página.`,
  shareInvitation: 'Encontrémonos en Colonia. Abre este enlace y mándame la respuesta que hace.',
  shareReply: 'Mi respuesta. Pégala en la página que hizo la invitación.',
  code: 'Código QR de este texto',
  until: (time) => `Sirve ${time} más.`,
  back: 'Ahora toma su respuesta',
  reply: 'La respuesta que te mandó',
  connect: 'Conectar',
  connecting: 'Buscando un camino entre los dos…',
  waiting: 'Esperando a que la tome…',
  scan: 'Escanear un código',
  scanning: 'Pon su código delante de la cámara.',
  noCamera: 'No se pudo abrir la cámara. Pega el texto en su lugar.',
  cancel: 'Empezar de nuevo',
  more: 'Encontrarse con alguien más',

  met: 'Estáis conectados',
  metHint: (who) => `Tú y ${who} tenéis un enlace directo. No participa ningún servidor.`,
  call: 'Llamar',
  handed: 'La respuesta se entregó',
  handedHint: 'La tiene la página que hizo la invitación, en otra pestaña. Puedes cerrar esta.',

  failed: 'Eso no funcionó',
  again: 'Los dos textos ya no sirven. Haz una invitación nueva.',
  unreachable:
    'Los dos dispositivos no encontraron ningún camino. ¿Están en la misma red, o tiene uno de ellos una dirección pública?',
  faults: {
    'not-one': 'En este texto no hay invitación ni respuesta. Empieza por meet= y es largo.',
    damaged: 'Le falta una parte o se cambió por el camino. Cópialo entero otra vez.',
    'too-large': 'Es demasiado largo. Pega solo la invitación o la respuesta.',
    newer: 'Lo hizo una versión posterior de Colonia. Recarga la página para tenerla.',
    expired: 'Es demasiado viejo, o fue retirado. Pide otro.',
    'too-far': 'Viene del futuro: el reloj de uno de los dos dispositivos va mal.',
    own: 'Ese es tu propio texto. Va en la página de la otra persona.',
    'wrong-kind':
      'Aquí va el otro de los dos textos: una invitación se abre, una respuesta se pega donde se hizo.',
    'not-for-you': 'Esta invitación es para otra persona.',
    other: 'Es una respuesta a otra invitación.',
    'other-peer': 'No es de la persona invitada.',
    used: 'Esta invitación ya tuvo su respuesta.',
  },
}
