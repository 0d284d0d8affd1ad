/** Español: trata de tú y evita los regionalismos. */
import type { Text } from './en.ts'
import { esHand } from './es-hand.ts'
import { esLetters } from './es-letters.ts'
import { media } from './es-media.ts'
import { esMesh } from './es-mesh.ts'
import { explain } from './explanation.ts'
import { elsewhere, moving } from './moving-es.ts'

export const es: Text = {
  tagline: 'Llamadas de navegador a navegador. El servidor es solo la entrada.',
  somebody: 'Alguien sin nombre',
  goHome: 'Ir al inicio',
  reload: 'Recargar',
  close: 'Cerrar',

  name: 'Tu nombre',
  namePlaceholder: 'Lo que verán los demás',

  home: {
    title: 'Llama a alguien o deja que te llamen',
    ready: 'Todo listo. Ya te pueden llamar.',
    mine: 'Tu enlace',
    mineHint: 'Envíaselo a alguien. Quien lo abra podrá llamarte mientras esta página siga abierta.',
    anotherTab:
      'Colonia también está abierta en otra pestaña. Cada pestaña tiene su propio enlace; este es el de esta.',
    making: 'Creando tu enlace…',
    copy: 'Copiar',
    copied: 'Copiado',
    share: 'Compartir',
    shareText: 'Llámame por Colonia',
    qr: 'Código QR',
    qrLabel: 'Código QR de tu enlace',
    theirs: 'Llama a alguien',
    theirsHint: 'Pega el enlace que te enviaron o su PeerID.',
    theirsLabel: 'Su enlace o PeerID',
    open: 'Abrir',
    notALink: 'Ahí no hay ningún PeerID. Tiene 52 caracteres y empieza por 12D3KooW.',
    how: 'Cómo funciona',
    howText:
      'El servidor presenta a dos navegadores y se aparta. El sonido y la imagen van directamente de uno a otro, cifrados; nadie puede verlos ni oírlos por el camino.',
  },

  people: {
    title: 'Recientes',
    call: 'Llamar',
    edit: (who) => `Cambiar a ${who}`,
    name: 'Cómo llamas a esta persona',
    save: 'Guardar',
    forget: 'Olvidar',
    all: (count) => `Mostrar los ${count}`,
    notKept: (why) => `No se pudo guardar el último cambio: ${why}`,
  },

  letters: esLetters,
  hand: esHand,

  entrance: {
    starting: 'Despertando…',
    connecting: 'Buscando la entrada…',
    left: 'Te sostienes sin ayuda: ahora no hace falta el servidor.',
    lost: 'No se llega a la entrada.',
    lostLinked:
      'No se llega a la entrada, pero tus conexiones con otros siguen en pie: a través de ellas puedes llamar y recibir llamadas.',
    retry: (seconds) => (seconds > 0 ? `Nuevo intento en ${seconds} s.` : 'Intentándolo de nuevo…'),
    refused: (reason) => `La entrada no nos dejó pasar: ${reason}`,
    refusedTodo: 'Recarga la página para obtener su última versión.',
  },

  nest: {
    open: 'El nido',
    title: 'El nido',
    hint: 'La red, tal como la ve esta página.',
    id: 'Tu PeerID',
    entrances: 'Entradas',
    entrancesHint: 'Presentan a los recién llegados. Las llamadas siguen sin ellas.',
    state: {
      connecting: 'conectando',
      connected: 'conectada',
      left: 'no hace falta ahora: otros te sostienen',
      lost: 'fuera de alcance',
      refused: 'nos rechazó',
    },
    holders: 'Quién responde por ti',
    holdersHint: 'Guardan una copia sellada de tus contactos y llamadas que solo tú puedes leer.',
    noHolders: 'Todavía nadie. Se les pide a los demás en cuanto llegan.',
    warm: 'tiene una copia',
    copying: 'la copia está en camino',
    holding: 'Por quién respondes tú',
    noHolding: 'Por nadie.',
    keeping: 'tienes una copia',
    standingIn: 'no está; respondes en su lugar',
    nothingLost: 'Si te fueras ahora, no se perdería nada.',
    alone: 'Nadie tiene todavía una copia de tu estado: aquí no hay nadie más.',
    unbacked: (count) =>
      count === 1
        ? 'Hay 1 registro que nadie más tiene todavía.'
        : `Hay ${count} registros que nadie más tiene todavía.`,
    links: (count) => (count === 1 ? '1 conexión' : `${count} conexiones`),
    noLinks: 'Todavía ninguna. Llegan solas cuando hay otros cerca.',
    direct: 'directa',
    relayed: 'a través de otro',
    since: (time) => `desde hace ${time}`,
  },

  mesh: esMesh,

  moving,
  elsewhere,

  preview: {
    title: (who) => `¿Llamar a ${who}?`,
    hint: 'Primero mírate y escúchate. Solo te verán y oirán cuando acepten.',
    call: 'Llamar',
    ready: 'Todo listo para llamar.',
    waking: 'Esperando a tu cámara…',
    cameraIsOff: 'Tu cámara está apagada',
    withNothing: 'Puedes llamar de todos modos: verás y oirás a la otra persona.',
    self: 'Este es tu propio enlace. Ábrelo en otro navegador o dispositivo, o envíaselo a alguien.',
    you: 'Tú, como te verán',
  },

  device: {
    title: 'Cámara y micrófono',
    camera: 'Cámara',
    microphone: 'Micrófono',
    level: 'Nivel del micrófono',
    none: 'No se encontró',
    numbered: (kind, number) => `${kind} ${number}`,
    mute: 'Silenciar',
    unmute: 'Activar micrófono',
    cameraOff: 'Apagar cámara',
    cameraOn: 'Encender cámara',
    tryAgain: 'Reintentar',
  },

  media,

  call: {
    phase: {
      starting: 'Despertando…',
      calling: 'Buscando a la otra persona…',
      ringing: 'Sonando…',
      incoming: 'Te llama',
      connecting: 'Conectando…',
      active: 'Conectado',
      reconnecting: 'Reconectando…',
      ended: 'La llamada terminó',
    },
    with: (who) => `Llamada con ${who}`,
    calling: (who) => `Llamando a ${who}`,
    opening: 'Abriendo tu cámara y tu micrófono…',
    cancel: 'Cancelar',
    hangUp: 'Colgar',
    elapsed: 'Duración de la llamada',
    theyAreMuted: 'Su micrófono está apagado',
    theirCameraIsOff: 'Su cámara está apagada',
    youAreMuted: 'Tu micrófono está silenciado',
    you: 'Tú',
    them: (who) => `Imagen de ${who}`,
    away: 'Ausente',
    waiting: (who) => `Esperando a que vuelva ${who}…`,
    kept: (time) => `Su sitio se guarda ${time}.`,
    returning: 'Volviendo a la llamada…',
    faltered: 'La conexión flaqueó. Buscando otro camino…',
    tapToHear: 'Activar el sonido',
  },

  seat: {
    title: (who) => `Sigues en una llamada con ${who}`,
    elsewhere: 'Empezó en otro de tus dispositivos; al volver pasa a este.',
    kept: (time) => `Tu sitio se guarda ${time}.`,
    rejoin: 'Volver',
    leave: 'Salir de la llamada',
  },

  incoming: {
    title: (who) => `Te llama ${who}`,
    video: 'Aceptar con vídeo',
    audio: 'Aceptar solo con audio',
    decline: 'Rechazar',
    flash: (who) => `Te llama ${who}`,
  },

  ended: {
    again: 'Volver a llamar',
    callBack: 'Devolver la llamada',
    lasted: (time) => `Duró ${time}.`,
    'hung-up': explain('Colgaste', 'La llamada terminó.', ''),
    'they-hung-up': explain('La otra persona colgó', 'La llamada terminó.', ''),
    declined: explain(
      'Rechazaron la llamada',
      'Vieron tu llamada, pero ahora no pueden atenderla.',
      'Prueba más tarde o escríbeles.',
    ),
    'i-declined': explain('Rechazaste la llamada', 'Saben que ahora no puedes hablar.', ''),
    busy: explain('Está en otra llamada', 'Tu llamada no pudo entrar.', 'Prueba dentro de unos minutos.'),
    cancelled: explain('Llamada perdida', 'Desistieron antes de que contestaras.', 'Devuélveles la llamada.'),
    'no-answer': explain(
      'Nadie contestó',
      'Sonó durante 45 segundos sin respuesta.',
      'Prueba más tarde o escríbeles que llamaste.',
    ),
    unreachable: explain(
      'No se pudo localizar a esa persona',
      'Su página está cerrada, no tiene conexión o nadie tiene ese PeerID.',
      'Pídele que abra Colonia y la deje abierta, revisa el enlace y vuelve a llamar.',
    ),
    'no-entrance': explain(
      'No se llega a la entrada',
      'Sin ella, y sin conexiones con otros, no hay camino.',
      'Revisa tu conexión a internet y vuelve a llamar. La página sigue intentándolo sola.',
    ),
    incompatible: explain(
      'Las dos páginas no se entienden',
      'La otra persona usa otra versión de Colonia.',
      'Recarga la página, pide que hagan lo mismo y vuelve a llamar.',
    ),
    lost: explain(
      'Se perdió la conexión',
      'No se recuperó en dos minutos.',
      'Revisa tu conexión a internet y vuelve a llamar.',
    ),
    failed: explain(
      'La llamada se rompió',
      'La otra página respondió algo que esta no entiende.',
      'Vuelve a llamar. Si se repite, recarga la página y pide que hagan lo mismo.',
    ),
  },

  trouble: {
    'bad-link': explain(
      'Este enlace no lleva a nadie',
      'Lo que sigue a # no es un PeerID; seguramente se perdió una parte del enlace por el camino.',
      'Pide el enlace de nuevo y ábrelo entero. Un PeerID tiene 52 caracteres y empieza por 12D3KooW.',
    ),
    insecure: explain(
      'Esta dirección no es lo bastante segura',
      'Los navegadores solo permiten llamadas en páginas abiertas con https o en este mismo equipo como localhost.',
      'Abre la página en su dirección https.',
    ),
    old: explain(
      'Este navegador no puede hacer llamadas',
      'Le falta algo que las llamadas necesitan, o lo tiene desactivado:',
      'Usa una versión actual de Chrome, Edge, Firefox o Safari, fuera de su modo de privacidad más estricto.',
    ),
    unloaded: explain(
      'Una parte de la página no llegó',
      'La red la perdió, o la página se acaba de renovar.',
      'Recarga la página.',
    ),
    broken: explain(
      'Colonia no pudo arrancar',
      'La página encontró un error inesperado:',
      'Recarga la página.',
    ),
  },
}
