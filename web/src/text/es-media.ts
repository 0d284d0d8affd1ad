/** Español: por qué falta una cámara o un micrófono, y qué hacer. */
import type { Text } from './en.ts'
import { explain } from './explanation.ts'

export const media: Text['media'] = {
  audio: {
    insecure: explain(
      'Sin micrófono en esta dirección',
      'Los navegadores solo dan el micrófono a páginas abiertas con https o en este mismo equipo.',
      'Abre la página en su dirección https.',
    ),
    refused: explain(
      'Se denegó el micrófono',
      'El navegador tiene orden de no dar el micrófono a esta página.',
      'Permítelo con el icono junto a la dirección y vuelve a intentarlo.',
    ),
    missing: explain(
      'No se encontró ningún micrófono',
      'Este dispositivo no tiene, o está apagado.',
      'Conecta uno; la página se dará cuenta.',
    ),
    busy: explain(
      'El micrófono está ocupado',
      'Otro programa lo está usando.',
      'Cierra ese programa y vuelve a intentarlo.',
    ),
    gone: explain('El micrófono desapareció', 'Se desconectó o se apagó.', 'Conéctalo o elige otro.'),
    unknown: explain(
      'El micrófono no arrancó',
      'El navegador no dijo por qué.',
      'Vuelve a intentarlo o elige otro.',
    ),
  },
  video: {
    insecure: explain(
      'Sin cámara en esta dirección',
      'Los navegadores solo dan la cámara a páginas abiertas con https o en este mismo equipo.',
      'Abre la página en su dirección https.',
    ),
    refused: explain(
      'Se denegó la cámara',
      'El navegador tiene orden de no dar la cámara a esta página.',
      'Permítela con el icono junto a la dirección y vuelve a intentarlo.',
    ),
    missing: explain(
      'No se encontró ninguna cámara',
      'Este dispositivo no tiene, o está apagada.',
      'Conecta una; la página se dará cuenta.',
    ),
    busy: explain(
      'La cámara está ocupada',
      'Otro programa la está usando.',
      'Cierra ese programa y vuelve a intentarlo.',
    ),
    gone: explain('La cámara desapareció', 'Se desconectó o se apagó.', 'Conéctala o elige otra.'),
    unknown: explain(
      'La cámara no arrancó',
      'El navegador no dijo por qué.',
      'Vuelve a intentarlo o elige otra.',
    ),
  },
}
